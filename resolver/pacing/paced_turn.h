// PacedTurn says how long a turn of a loop takes at least while a ceiling of
// the run holds questions back. Nothing is gained by short ones then, and each
// costs a wake-up, with caches gone cold: a turn lasts until kPacedQueries of
// the thread's own are due. So a query costs about the same whether one thread
// sends all of a rate or several share it; with more of them in a turn it
// would cost no less.
//
// Pure.

#pragma once

#include <algorithm>
#include <chrono>

#include "resolver/pacing/rate_ceiling.h"

namespace mxscan {

inline constexpr int kPacedQueries = 120;
inline constexpr std::chrono::nanoseconds kShortestPacedTurn =
    std::chrono::milliseconds(1);
inline constexpr std::chrono::nanoseconds kLongestPacedTurn =
    std::chrono::milliseconds(4);
// Or tokens would go to waste.
static_assert(kLongestPacedTurn < RateCeiling::kDepth);

// Of each of `threads` that share `ceiling`; zero without one. REQUIRES:
// threads >= 1.
inline std::chrono::nanoseconds PacedTurn(const RateCeiling* ceiling,
                                          int threads) {
  if (ceiling == nullptr) return std::chrono::nanoseconds(0);
  return std::clamp(ceiling->interval() * kPacedQueries * threads,
                    kShortestPacedTurn, kLongestPacedTurn);
}

}  // namespace mxscan
