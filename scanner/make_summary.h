// Adds up what the shards counted into the run's summary. Pure but for the
// process's own use of processor and memory, which it reads.

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "output/run_summary.h"
#include "resolver/host_directory.h"
#include "resolver/resolver.h"
#include "scanner/classify/provider_table.h"
#include "scanner/resolver_rates.h"
#include "scanner/tally.h"

namespace mxscan {

struct SummaryParts {
  Tally tally;
  std::vector<ResolverStats> resolvers;  // By shard, as are the hosts.
  std::vector<HostStats> hosts;
  std::vector<ResolverRate> rates;  // By upstream.
  const ProviderTable* providers = nullptr;
  int64_t lines = 0;    // Of the input, those passed over included.
  int64_t skipped = 0;  // Blank lines and comments.
  std::chrono::system_clock::time_point started_at;
  std::chrono::nanoseconds elapsed{};
};

RunSummary MakeSummary(const SummaryParts& parts);

}  // namespace mxscan
