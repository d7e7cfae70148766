#include "resolver/pacing/refusal_drip.h"

#include "gtest/gtest.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanos = RefusalDrip::Nanos;

// Sends all that may go in each millisecond of `length`.
int SentWithin(Nanos length, RefusalDrip& drip) {
  int sent = 0;
  for (Nanos now = milliseconds(10); now < length; now += milliseconds(1)) {
    for (; drip.ready_at() <= now; ++sent) drip.Take(now);
  }
  return sent;
}

TEST(RefusalDrip, BeginsWithOneAMillisecondHoweverManyWait) {
  RefusalDrip drip;
  EXPECT_NEAR(SentWithin(milliseconds(1010), drip), 1000, 10);
}

TEST(RefusalDrip, SlowsWithRefusalsAndNeverStops) {
  RefusalDrip drip;
  for (int i = 0; i < 100; ++i) drip.OnRefused(/*before=*/true);
  EXPECT_NEAR(SentWithin(milliseconds(10010), drip), 5000, 10);
}

TEST(RefusalDrip, HasNoHopeWhereNothingButRefusalsComesUntilAnAnswerDoes) {
  RefusalDrip drip;
  for (int i = 0; i < 999; ++i) drip.OnRefused(/*before=*/false);
  EXPECT_FALSE(drip.hopeless());
  drip.OnRefused(/*before=*/false);
  EXPECT_TRUE(drip.hopeless());
  drip.OnAnswered(/*before=*/false);
  EXPECT_FALSE(drip.hopeless());
}

TEST(RefusalDrip, FindsTheRateOfAServerThatRefusesAboveALimit) {
  for (const int limit : {1000, 5000, 50000}) {
    RefusalDrip drip;
    double allowance = 0;
    int answered = 0, refused = 0;
    for (Nanos now = milliseconds(10); now < seconds(60);
         now += milliseconds(1)) {
      allowance = std::min(allowance + limit / 1e3, limit / 1e2 + 1);
      for (; drip.ready_at() <= now; drip.Take(now)) {
        const bool counts = now > seconds(30);
        if (allowance >= 1) {
          allowance -= 1;
          drip.OnAnswered(/*before=*/true);
          answered += counts;
        } else {
          drip.OnRefused(/*before=*/true);
          refused += counts;
        }
      }
    }
    EXPECT_GT(answered, limit * 30 * 0.75) << limit;
    EXPECT_LT(refused, answered * 0.2) << limit;
  }
}

}  // namespace
}  // namespace mxscan
