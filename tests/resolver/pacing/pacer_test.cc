#include "resolver/pacing/pacer.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(Pacer, LetsThroughItsRateOverTimePlusOneBurstAndNoMore) {
  Pacer pacer(/*interval=*/milliseconds(10), /*burst=*/10);
  int sent = 0;
  for (milliseconds now(1000); now < milliseconds(3000); ++now) {
    while (pacer.Take(now)) ++sent;
  }
  EXPECT_EQ(sent, 2000 / 10 + 9);  // The burst's last is the rate's first.
}

TEST(Pacer, HasNoBurstAtTheLoopsFirstMoment) {
  Pacer pacer(milliseconds(10), 10);
  EXPECT_TRUE(pacer.Take(nanoseconds(0)));
  EXPECT_FALSE(pacer.Take(nanoseconds(0)));
}

TEST(Pacer, SaysWhenItWillSayYes) {
  Pacer pacer(milliseconds(10), 2);
  const nanoseconds start = seconds(1);
  while (pacer.Take(start)) continue;
  const nanoseconds ready = pacer.ready_at();
  EXPECT_GT(ready, start);
  EXPECT_FALSE(pacer.Take(ready - nanoseconds(1)));
  EXPECT_TRUE(pacer.Take(ready));
}

TEST(Pacer, LetsEverythingThroughWithoutAnInterval) {
  Pacer pacer(nanoseconds(0), 1);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(pacer.Take(seconds(1)));
}

TEST(Pacer, CountsWhatWasTakenBeforeAChangeOfPace) {
  Pacer pacer(seconds(1), 1);
  EXPECT_TRUE(pacer.Take(seconds(1)));
  pacer.SetPace(milliseconds(1), 1);
  EXPECT_FALSE(pacer.Take(milliseconds(1500)));
  EXPECT_TRUE(pacer.Take(seconds(2)));
}

}  // namespace
}  // namespace mxscan
