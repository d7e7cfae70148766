// CsvSource reads domains from one column of a CSV file. Which column:
//
//   given by number     that one, from 1; the first record is a header when
//                       its cell there has no dot
//   given by name       the column that the header calls so, in any case of
//                       letters
//   not given           column 2 of `number,domain` lists (Tranco, Umbrella);
//                       the only column there is; the column that the header
//                       calls domain, domain_name, fqdn, hostname or host
//
// Otherwise the first Next is a Status that names the columns. A record
// without that column is a row with `column_missing`. A row's line is where
// its record begins. Blank lines, comments and the header are passed over.
//
// `bytes` must outlive the source.

#pragma once

#include <atomic>
#include <string>

#include "scanner/input/byte_source.h"
#include "scanner/input/csv_reader.h"
#include "scanner/input/domain_source.h"

namespace mxscan {

class CsvSource : public DomainSource {
 public:
  struct Options {
    std::string name;  // For messages.
    int file = 0;      // The index that its lines carry.
    char delimiter = ',';
    std::string column;
    bool extract_host = false;
    size_t buffer_size = CsvReader::kDefaultBuffer;
  };

  CsvSource(ByteSource& bytes, Options options)
      : bytes_(bytes),
        options_(std::move(options)),
        records_(bytes, options_.delimiter, options_.buffer_size) {}

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return position_; }
  int64_t bytes_used() const override { return records_.bytes_used(); }
  std::optional<int64_t> bytes_total() const override {
    return bytes_.bytes_total();
  }
  int64_t skipped() const override {
    return skipped_.load(std::memory_order_relaxed);
  }

 private:
  absl::StatusOr<bool> NextRecord();
  absl::Status FindColumn();
  absl::Status FindByName(std::string_view name);
  absl::Status NoColumn(std::string_view why) const;
  bool CellIs(size_t column, std::string_view name) const;
  void Give(InputLine& line);

  ByteSource& bytes_;
  const Options options_;
  CsvReader records_;
  CsvReader::Record record_;
  bool found_ = false;      // column_ is known.
  bool is_header_ = false;  // record_ is.
  size_t column_ = 0;
  int64_t position_ = 0;
  std::atomic<int64_t> skipped_{0};
};

}  // namespace mxscan
