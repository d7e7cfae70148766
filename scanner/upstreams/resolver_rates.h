// How fast each resolver of a run may be asked at most: as fast as the user
// says (--rate-per-resolver), or else, where it is a well-known public one, as
// fast as is polite (data/public_resolvers.tsv). Pure; any thread.

#pragma once

#include <vector>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/upstreams/public_resolvers.h"

namespace mxscan {

struct ResolverRate {
  double qps = 0;       // 0: no ceiling.
  bool polite = false;  // From the table and not from the user.
};

// One for each of `resolvers`. `typed` is what the user said, 0 for nothing.
std::vector<ResolverRate> RatesFor(absl::Span<const Endpoint> resolvers,
                                   double typed, const PublicResolvers& table);

// The `qps` of each.
std::vector<double> QpsOf(const std::vector<ResolverRate>& rates);

}  // namespace mxscan
