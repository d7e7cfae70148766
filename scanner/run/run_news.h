// What -v tells of a run, each line without its end: what it is about to do,
// once everything is open; what has happened since somebody looked last; and
// what it leaves. (Of resolvers, upstreams/resolver_news.h.)
//
// Pure, but that LinesAtEnd looks how large files are. One thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/plan.h"
#include "scanner/upstreams/resolver_rates.h"

namespace mxscan {

// What of a run is not in its plan.
struct RunSetting {
  std::vector<ResolverRate> rates;  // By resolver.
  int64_t cache_bytes = 0;
  std::string provider_table;           // Its version.
  std::optional<int64_t> earlier_rows;  // Nullopt: nothing is gone on with.
};

std::vector<std::string> LinesAtStart(const ScanPlan& plan,
                                      const RunSetting& setting);

// `rows` of this run and earlier ones are in every output.
std::vector<std::string> LinesAtEnd(const ScanPlan& plan, int64_t rows);

// How far a run is.
struct RunMoment {
  int input = -1;         // Of the plan, the one that is read; -1: none yet.
  int64_t lines = 0;      // That were read,
  bool all_read = false;  // which are all.
  bool evidence_ready = false;    // The prologue is over.
  std::optional<bool> validates;  // The resolvers do; unknown, or not asked.
  int64_t kept_rows = 0;          // As of the last checkpoint.
  int64_t kernel_drops = 0;
  bool interrupted = false;
  // Under way, when no others will be.
  std::optional<int64_t> last_domains;
};

class RunNews {
 public:
  using Nanos = std::chrono::nanoseconds;  // Since the run began.

  // Checkpoints and drops are told at most so often.
  static constexpr Nanos kCalm = std::chrono::seconds(10);

  // `plan` must outlive this. What holds at the `start` is no news.
  RunNews(const ScanPlan& plan, const RunMoment& start)
      : plan_(plan), told_(start) {}

  std::vector<std::string> Since(Nanos now, const RunMoment& moment);

 private:
  const ScanPlan& plan_;
  RunMoment told_;
  Nanos kept_at_ = -kCalm;
  Nanos drops_at_ = -kCalm;
};

}  // namespace mxscan
