// ProviderTable holds data/providers.tsv: one fact a row,
//   id  fact  value  rank  source  date
// and finds the provider of a host by the longest suffix of its name, label
// by label. Read once, then only read: any thread.
//
// The facts are `name` and `category` (once for each id), `country` and
// `self_redundant` (at most once), `suffix`, `pattern` (suffix_index.h),
// `retired` (a suffix whose service has ended: it finds its provider like any
// other), `spf` (what its customers include), `asn` (a network of its own),
// `dkim` (a selector under which its customers publish a key, RFC 6376) and
// `host` (an exchange it documents, with a rank). Rows may come in any order.
// A suffix, a pattern, an SPF name and a network belong to one provider each.

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
  bool self_redundant = false;  // One exchange of it stands for many machines.
  std::vector<std::string> dkim_selectors;  // In the table's order.
};

// By what a host's name was recognised.
struct ProviderMatch {
  const Provider* provider = nullptr;  // Null for none.
  bool by_pattern = false;
};

struct DocumentedHost {
  std::string name;
  const Provider* provider = nullptr;
  int rank = 0;  // From 1: the place in the provider's own order.
};

// A suffix that finds a provider by a host's name.
struct ProviderSuffix {
  std::string_view name;  // Lives as long as the table.
  const Provider* provider = nullptr;
  bool retired = false;
};

class ProviderTable {
 public:
  // `name` is what errors call the file. Fails with `name:line: reason`.
  static absl::StatusOr<ProviderTable> Parse(std::string_view name,
                                             std::string_view text);

  ProviderTable(ProviderTable&&) noexcept;
  ProviderTable& operator=(ProviderTable&&) noexcept;
  ~ProviderTable();

  // The provider with the longest suffix or pattern that `host` ends in at a
  // label boundary (or equals). `host` is text as in name.h.
  ProviderMatch Find(std::string_view host) const;

  // Whose customers include `name` or a name above it in their SPF record.
  const Provider* BySpf(std::string_view name) const;

  // Whose network it is.
  const Provider* ByAsn(uint32_t number) const;

  // nullptr when there is none of that id.
  const Provider* ById(std::string_view id) const;

  absl::Span<const Provider> providers() const;  // Sorted by id.

  // Sorted by name; one may stand there for several providers.
  absl::Span<const DocumentedHost> documented_hosts() const;

  absl::Span<const ProviderSuffix> suffixes() const;  // Sorted by name.

 private:
  ProviderTable();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
