#include "resolver/pacing/usual.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;

EpochSum Tries(int counted, int lost, milliseconds mean) {
  EpochSum sum;
  sum.sent = sum.counted = counted;
  sum.lost = lost;
  sum.good = sum.timed = counted - lost;
  sum.rtt_sum = sum.timed * mean;
  return sum;
}

TEST(Usual, LearnsAShareOfLossThatLasts) {
  Usual usual;
  for (int i = 0; i < 100; ++i) {
    usual.Learn(Tries(1000, 100, milliseconds(1)), /*may_rise=*/true);
  }
  EXPECT_NEAR(usual.loss(), .1, .005);
}

TEST(Usual, RisesOnlyWhereItMay) {
  Usual usual;
  usual.Learn(Tries(10'000, 1000, milliseconds(1)), /*may_rise=*/false);
  EXPECT_EQ(usual.loss(), 0);
  usual.Learn(Tries(10'000, 1000, milliseconds(1)), /*may_rise=*/true);
  const double risen = usual.loss();
  EXPECT_GT(risen, 0);
  usual.Learn(Tries(10'000, 0, milliseconds(1)), /*may_rise=*/false);
  EXPECT_LT(usual.loss(), risen);
}

TEST(Usual, TakesTheNextShareAloneOnceThePastIsForgotten) {
  Usual usual;
  usual.Learn(Tries(10'000, 0, milliseconds(1)), /*may_rise=*/true);
  usual.ForgetLoss();
  usual.Learn(Tries(100, 30, milliseconds(1)), /*may_rise=*/true);
  EXPECT_DOUBLE_EQ(usual.loss(), .3);
}

TEST(Usual, BelievesQuickerAnswersSoonerThanSlowerOnes) {
  Usual usual;
  EXPECT_FALSE(
      usual.IsExceededBy(Tries(100, 0, milliseconds(100)), milliseconds(3)))
      << "nothing is known yet";
  usual.Learn(Tries(100, 0, milliseconds(20)), /*may_rise=*/true);
  EXPECT_EQ(usual.rtt(), milliseconds(20));
  usual.Learn(Tries(100, 0, milliseconds(100)), /*may_rise=*/true);
  EXPECT_LT(usual.rtt(), milliseconds(22));
  for (int i = 0; i < 10; ++i) {
    usual.Learn(Tries(100, 0, milliseconds(10)), /*may_rise=*/true);
  }
  EXPECT_LT(usual.rtt(), milliseconds(11));
}

TEST(Usual, BelievesThatAnswersAreSlowWhereLessIsAsked) {
  Usual usual;
  usual.Learn(Tries(100, 0, milliseconds(1)), /*may_rise=*/true);
  EXPECT_TRUE(
      usual.IsExceededBy(Tries(100, 0, milliseconds(40)), milliseconds(3)));
  for (int i = 0; i < 10; ++i) usual.LearnSlower(milliseconds(40));
  EXPECT_FALSE(
      usual.IsExceededBy(Tries(100, 0, milliseconds(40)), milliseconds(3)));
}

}  // namespace
}  // namespace mxscan
