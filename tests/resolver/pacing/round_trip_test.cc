#include "resolver/pacing/round_trip.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

nanoseconds AllTries(const RoundTrip& round_trip) {
  nanoseconds sum(0);
  for (int i = 0; i < 10; ++i) sum += round_trip.TimeoutAfter(i);
  return sum;
}

TEST(RoundTrip, WaitsTheFirstTimeoutUntilThereIsASample) {
  RoundTrip round_trip(seconds(1));
  EXPECT_EQ(round_trip.TimeoutAfter(0), seconds(1));
  EXPECT_EQ(round_trip.TimeoutAfter(9), seconds(1));
  round_trip.Sample(microseconds(100));
  EXPECT_EQ(round_trip.TimeoutAfter(0), RoundTrip::kShortest);
}

TEST(RoundTrip, WaitsForTheSlowKindOfReplyWhenBothKindsCome) {
  RoundTrip round_trip(seconds(1));
  for (int i = 0; i < 400; ++i) {
    round_trip.Sample(i % 4 == 0 ? milliseconds(400) : milliseconds(5));
  }
  EXPECT_GT(round_trip.TimeoutAfter(0), milliseconds(400));
  EXPECT_LT(round_trip.TimeoutAfter(0), milliseconds(1500));
}

TEST(RoundTrip, NeverWaitsBeyondItsBounds) {
  RoundTrip round_trip(seconds(1));
  for (int i = 0; i < 100; ++i) round_trip.Sample(seconds(60));
  EXPECT_EQ(round_trip.TimeoutAfter(0), RoundTrip::kLongest);
  EXPECT_EQ(round_trip.TimeoutAfter(9), RoundTrip::kLongest);
}

TEST(RoundTrip, FollowsAnUpstreamThatBecomesFaster) {
  RoundTrip round_trip(seconds(1));
  for (int i = 0; i < 100; ++i) round_trip.Sample(seconds(1));
  EXPECT_GT(round_trip.TimeoutAfter(0), seconds(1));
  for (int i = 0; i < 3500; ++i) round_trip.Sample(milliseconds(1));
  EXPECT_EQ(round_trip.TimeoutAfter(0), RoundTrip::kShortest);
  EXPECT_LT(round_trip.smoothed(), milliseconds(2));
}

TEST(RoundTrip, GivesTenTriesAtASilentNameBetweenSixAndTenSeconds) {
  RoundTrip unknown(seconds(1));
  EXPECT_EQ(AllTries(unknown), seconds(10));
  for (const milliseconds rtt :
       {milliseconds(0), milliseconds(100), milliseconds(300)}) {
    RoundTrip known(seconds(1));
    for (int i = 0; i < 100; ++i) known.Sample(rtt);
    EXPECT_GE(AllTries(known), seconds(6)) << rtt.count();
    EXPECT_LE(AllTries(known), seconds(10)) << rtt.count();
  }
}

TEST(RoundTrip, BelievesAUserWhoWantsItShorterThanTheBound) {
  RoundTrip round_trip(milliseconds(50));
  round_trip.Sample(microseconds(100));
  EXPECT_EQ(round_trip.TimeoutAfter(0), milliseconds(50));
  EXPECT_EQ(round_trip.TimeoutAfter(5), milliseconds(50));
}

TEST(RoundTrip, IgnoresATimeThatRanBackwards) {
  RoundTrip round_trip(seconds(1));
  round_trip.Sample(nanoseconds(-1));
  EXPECT_EQ(round_trip.smoothed(), nanoseconds(0));
}

}  // namespace
}  // namespace mxscan
