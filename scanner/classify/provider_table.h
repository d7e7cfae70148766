// ProviderTable holds data/providers.tsv: one fact a row,
//   id  fact  value  rank  source  date
// and finds the provider of a host by the longest suffix of its name, label
// by label. Read once, then only read: any thread.
//
// The facts are `name` and `category` (once for each id), `country` (at most
// once), `suffix`, `retired` (a suffix whose service has ended: it finds its
// provider like any other), `spf` and `host` (with a rank). Rows may come in
// any order. Only names, categories, countries and suffixes are kept.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mxscan {

struct Provider {
  std::string id;
  std::string name;
  std::string category;
  std::string country;
};

class ProviderTable {
 public:
  // `name` is what errors call the file. Fails with `name:line: reason`.
  static absl::StatusOr<ProviderTable> Parse(std::string_view name,
                                             std::string_view text);

  ProviderTable(ProviderTable&&) noexcept;
  ProviderTable& operator=(ProviderTable&&) noexcept;
  ~ProviderTable();

  // The provider whose suffix is the longest that `host` ends in at a label
  // boundary (or equals); nullptr for none. `host` is text as in name.h.
  const Provider* Find(std::string_view host) const;

  // nullptr when there is none of that id.
  const Provider* ById(std::string_view id) const;

  absl::Span<const Provider> providers() const;  // Sorted by id.

 private:
  ProviderTable();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
