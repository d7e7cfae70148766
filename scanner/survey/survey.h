// Survey counts what rows say of the market: who keeps the mailboxes and who
// stands before them, by which evidence, under which top-level domain, in
// which network, and whose exchanges the table of providers does not know.
//
// Every table is a TopCounts, so memory is bounded: some 7 MiB for a table that
// is full. The tables of top-level domains, of their providers, of unattributed
// domains and of networks can be; the others have as many keys as the table of
// providers allows.
//
// One thread. Surveys of parts add up to the survey of the whole.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "output/record.h"
#include "scanner/survey/top_counts.h"

namespace mxscan {

class Survey {
 public:
  // Keys of two parts have a `>` between them, which no name and no id has.
  enum class Table : uint8_t {
    kTld,          // Of all domains.
    kMailTld,      // Of those with mail.
    kTldProvider,  // com>zoho
    kVia,          // Evidence, or `unattributed`.
    kMailbox,      // A provider, or a word of below.
    kGateway,      // mimecast>zoho, mimecast>=unseen and the like.
    kMxDomain,     // Unattributed only; `-` where there is none.
    kNetwork,      // 64500>Its name
    kCountry,
  };
  static constexpr int kTables = 9;

  // For a domain whose mailboxes are behind a gateway or forwarder: nobody is
  // seen there, or more than one.
  static constexpr std::string_view kUnseen = "unseen";
  static constexpr std::string_view kSeveral = "several";
  static constexpr std::string_view kNoMxDomain = "-";

  // How tables are called in text.
  static std::string_view NameOf(Table table);

  // The last label of a name as rows have it.
  static std::string_view TldOf(std::string_view domain);

  // Counts a row: as AddShape what it has in common with `rows` rows, of its
  // domain nothing but the last label; and as AddOwn its network, and whose
  // exchange the table does not know.
  void Add(const Record& row);
  void AddShape(const Record& row, int64_t rows);
  void AddOwn(const Record& row);
  void Add(const Survey& other);

  const TopCounts& counts(Table table) const {
    return tables_[static_cast<size_t>(table)];
  }
  TopCounts& counts(Table table) { return tables_[static_cast<size_t>(table)]; }

 private:
  void AddMail(const Record& row, std::string_view tld, int64_t rows);
  void AddBehind(const Record& row, int64_t rows);
  void AddNetwork(const AddressNetwork& network);
  void AddPair(Table table, std::string_view one, std::string_view other,
               int64_t rows);

  std::array<TopCounts, kTables> tables_;
  std::string pair_;  // Scratch.
};

}  // namespace mxscan
