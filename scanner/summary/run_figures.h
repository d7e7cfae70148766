// The figures of a run, which are all of its summary but what its rows say:
// added up over the shards that made it, and over the runs of a scan that was
// interrupted and gone on with. Pure but for the process's own use of
// processor and memory, which FiguresOf reads.

#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "output/run_summary.h"
#include "resolver/answer_directory.h"
#include "resolver/host_directory.h"
#include "resolver/resolver.h"
#include "scanner/upstreams/resolver_rates.h"

namespace mxscan {

struct RunParts {
  std::vector<ResolverStats> resolvers;  // By shard, as are the next two.
  std::vector<HostStats> hosts;
  std::vector<AnswerStats> answers;
  std::vector<ResolverRate> rates;  // By upstream.
  std::vector<std::string> notices;
  int64_t rows = 0;     // Of this run.
  int64_t lines = 0;    // Of the input, those passed over included.
  int64_t skipped = 0;  // Blank lines and comments.
  std::chrono::system_clock::time_point started_at;
  std::chrono::nanoseconds elapsed{};
};

// REQUIRES: at least one shard.
RunSummary FiguresOf(const RunParts& parts);

// Of all runs together. Counts are added. Of a resolver, the run that heard
// most of it speaks for its round-trips, the best for the rate it reached, and
// the last in which it was asked for the ceiling it has. A notice of several
// runs is there once.
// REQUIRES: at least one run, the first one first.
RunSummary SumOf(std::span<const RunSummary> runs);

}  // namespace mxscan
