// ProviderFacts is the table of providers for people who read it: every fact
// as it stands there, with its source and its date. (provider_table.h is for
// finding the provider of a host.)
//
// The text must outlive the facts. Read once, then only read: any thread.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mxscan {

struct ProviderFact {
  std::string_view fact, value, rank, source, date;
};

struct ProviderEntry {
  std::string_view id;
  std::vector<ProviderFact> facts;  // In the order of the table.

  // The value of the first fact of that kind; empty when there is none.
  std::string_view Value(std::string_view fact) const;
  // How many suffixes find it, retired ones and patterns included.
  int Suffixes() const;
};

class ProviderFacts {
 public:
  // Fails as ProviderTable::Parse does.
  static absl::StatusOr<ProviderFacts> Parse(std::string_view name,
                                             std::string_view text);

  absl::Span<const ProviderEntry> providers() const { return entries_; }
  std::string_view newest_date() const { return newest_date_; }

  // nullptr when there is none of that id.
  const ProviderEntry* ById(std::string_view id) const;

 private:
  std::vector<ProviderEntry> entries_;  // Sorted by id.
  std::string_view newest_date_;
};

}  // namespace mxscan
