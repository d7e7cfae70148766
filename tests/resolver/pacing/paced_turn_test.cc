#include "resolver/pacing/paced_turn.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::nanoseconds;

TEST(PacedTurn, LastsUntilEnoughOfTheThreadsOwnQueriesAreDue) {
  const RateCeiling ceiling(60'000);
  for (const int threads : {1, 2}) {
    const auto turn = PacedTurn(&ceiling, threads);
    EXPECT_NEAR(60'000 * std::chrono::duration<double>(turn).count() / threads,
                kPacedQueries, 1);
  }
}

TEST(PacedTurn, IsNeitherTooShortNorLongerThanTokensKeep) {
  const RateCeiling fast(1e7), slow(1), slower(.01);
  EXPECT_EQ(PacedTurn(&fast, 1), kShortestPacedTurn);
  EXPECT_EQ(PacedTurn(&slow, 1), kLongestPacedTurn);
  EXPECT_EQ(PacedTurn(&slower, 512), kLongestPacedTurn);
}

TEST(PacedTurn, IsNoneWithoutACeiling) {
  EXPECT_EQ(PacedTurn(nullptr, 2), nanoseconds(0));
}

}  // namespace
}  // namespace mxscan
