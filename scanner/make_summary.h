// Adds up what the shards counted into the figures of a run, and the figures
// of a scan's runs and its rows into the summary. Pure but for the process's
// own use of processor and memory, which it reads.

#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "output/run_summary.h"
#include "resolver/host_directory.h"
#include "resolver/resolver.h"
#include "scanner/classify/provider_table.h"
#include "scanner/resolver_rates.h"
#include "scanner/tally.h"

namespace mxscan {

struct RunParts {
  std::vector<ResolverStats> resolvers;  // By shard, as are the hosts.
  std::vector<HostStats> hosts;
  std::vector<ResolverRate> rates;  // By upstream.
  int64_t rows = 0;                 // Of this run.
  int64_t lines = 0;                // Of the input, those passed over included.
  int64_t skipped = 0;              // Blank lines and comments.
  std::chrono::system_clock::time_point started_at;
  std::chrono::nanoseconds elapsed{};
};

// What one run took: all of a summary but what its rows say.
RunSummary FiguresOf(const RunParts& parts);

// `rows` are those of all runs. REQUIRES: at least one run, the first one
// first.
RunSummary MakeSummary(const Tally& rows, const ProviderTable& providers,
                       std::span<const RunSummary> runs);

}  // namespace mxscan
