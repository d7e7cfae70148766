// ResolverNews makes out what has changed about the resolvers of a run since
// it was asked last, for somebody who watches it (-v): who went out and came
// back, whom we ask faster or more slowly, how long we wait, what a resolver
// was found to choke on. A line each, without its end.
//
// Rates and time-outs are always on the move. They are told when they have
// doubled or halved, at two looks in a row, and of one resolver each at most
// once in kCalm.
//
// Pure: the time and what the shards counted are passed in. One thread.

#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "resolver/resolver.h"

namespace mxscan {

class ResolverNews {
 public:
  using Nanos = std::chrono::nanoseconds;  // Since the run began.

  static constexpr Nanos kCalm = std::chrono::seconds(10);

  // `names` are those of the upstreams, in their order.
  explicit ResolverNews(std::vector<std::string> names);

  // What is new since the last look, resolver by resolver. `shards` have all
  // the same upstreams. REQUIRES: `now` never runs backwards.
  std::vector<std::string> Since(Nanos now,
                                 std::span<const ResolverStats> shards);

 private:
  // A figure that drifts.
  struct Drift {
    double told = 0;  // 0: nothing yet.
    double last = 0;
    Nanos told_at{};

    // Whether `value` has moved far enough to be told, `before` what was.
    bool IsNews(double value, Nanos now, double& before);
  };

  struct Known {
    int64_t answered = 0;
    bool out = false;
    Nanos out_since{};
    bool changes_case = false;
    bool without_edns = false;
    bool rewrites = false;
    Drift rate;
    Drift wait;
  };

  void Look(size_t i, Nanos now, std::span<const ResolverStats> shards,
            std::vector<std::string>& news);

  const std::vector<std::string> names_;
  std::vector<Known> known_;  // As names_.
};

}  // namespace mxscan
