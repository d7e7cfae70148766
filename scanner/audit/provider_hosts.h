// ProviderHosts is what the table of providers says of exchanges beyond whose
// they are: the sets that providers document, suffixes of services that have
// ended, and which names look like a slip in writing one of theirs.
//
// A set is the documented hosts of one provider below one of its suffixes:
// Google documents aspmx.l.google.com with alt1 to alt4 below it, and
// smtp.google.com, which stands alone.
//
// A name is compared with documented hosts, as a whole, and with tenant
// suffixes, by as many of its last labels. Those are suffixes with at least
// four labels, or three where the registrable domain's own label has eight
// letters or more, that are not registrable domains themselves. What is
// shorter than 14 letters, or has fewer than 5 in the registrable domain's
// label, is not compared: too many honest names lie near it.
//
// The table and the suffix list must outlive it. Built once, then only read:
// any thread.

#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"

namespace mxscan {

class ProviderHosts {
 public:
  ProviderHosts(const ProviderTable& table, const PublicSuffixes& suffixes);
  ~ProviderHosts();

  struct Documented {
    int set = -1;  // -1 for a host that nobody documents.
    int rank = 0;
  };
  Documented Find(std::string_view host) const;

  absl::Span<const DocumentedHost> set(int number) const;

  // Whether `host` lies under a suffix of `provider` whose service has ended.
  bool IsRetired(std::string_view host, const Provider& provider) const;

  // The documented host or tenant suffix from which `host` is one or two slips
  // away (a letter too many, missing, wrong, or two exchanged), the nearest;
  // empty for none. A few microseconds.
  std::string_view Near(std::string_view host) const;

  // One slip away only. Some 50 ns for a host that is not.
  std::string_view VeryNear(std::string_view host) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// How many slips part `a` from `b` (Damerau-Levenshtein, each place changed
// once at most); `limit` + 1 for more than `limit`. REQUIRES: limit <= 2.
int SlipsBetween(std::string_view a, std::string_view b, int limit);

}  // namespace mxscan
