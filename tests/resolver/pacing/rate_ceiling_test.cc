#include "resolver/pacing/rate_ceiling.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace mxscan {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// What left, and that no window of any length held too much of it.
class Record {
 public:
  explicit Record(double rate, int more = 0)
      : rate_(rate), most_(RateCeiling::Burst(rate) + more) {}

  void Add(nanoseconds at) { times_.push_back(at); }
  int count() const { return static_cast<int>(times_.size()); }

  // A bucket of that depth, filled at that rate, never runs dry.
  void ExpectNeverAbove() const {
    double level = static_cast<double>(most_);
    nanoseconds last = times_.front();
    for (const nanoseconds at : times_) {
      const double passed = std::chrono::duration<double>(at - last).count();
      level = std::min<double>(most_, level + passed * rate_) - 1;
      last = at;
      ASSERT_GE(level, -1e-6) << at.count();
    }
  }

 private:
  const double rate_;
  const int64_t most_;
  std::vector<nanoseconds> times_;
};

// Lets `share` send what it may and wants.
void Turn(RateShare& share, nanoseconds now, int wanted, Record& record) {
  for (int i = 0; i < wanted && share.Ready(now); ++i) {
    share.Take();
    record.Add(now);
  }
  share.EndTurn();
}

TEST(RateCeiling, LetsThroughItsRateAndOneBurst) {
  for (const double rate : {1., 7., 1000., 5000., 123456., 2e6}) {
    RateCeiling ceiling(rate);
    RateShare share(&ceiling, nanoseconds(0));
    Record record(rate);
    nanoseconds now = seconds(100);
    const nanoseconds end = now + seconds(2);
    for (; now < end; now += milliseconds(1)) {
      Turn(share, now, 20000, record);
    }
    record.ExpectNeverAbove();
    EXPECT_GE(record.count(), .995 * 2 * rate);
  }
}

TEST(RateCeiling, GivesOneBusyThreadAllOfItWhileTheOthersHaveNothingToSend) {
  RateCeiling ceiling(5000);
  std::vector<RateShare> shares(8, RateShare(&ceiling, nanoseconds(0)));
  Record record(5000);
  for (nanoseconds now = seconds(1); now < seconds(3); now += milliseconds(1)) {
    for (RateShare& share : shares) {
      if (&share == &shares[3]) {
        Turn(share, now, 1000, record);
      } else {  // Looks whether it might, and has nothing to send after all.
        share.Ready(now);
        share.EndTurn();
      }
    }
  }
  EXPECT_GE(record.count(), .995 * 10000);
  record.ExpectNeverAbove();
}

TEST(RateCeiling, HoldsForTheSumOfThreadsWhoseTurnsFallAnyhow) {
  constexpr double kRate = 3000;
  RateCeiling ceiling(kRate);
  std::vector<RateShare> shares;
  for (int i = 0; i < 5; ++i) {
    shares.emplace_back(&ceiling, nanoseconds(0));
  }
  Record record(kRate);
  uint32_t state = 7;
  for (nanoseconds now = seconds(1); now < seconds(11);) {
    state = state * 1664525 + 1013904223;
    Turn(shares[state >> 8 & 3], now, static_cast<int>(state >> 12) % 50,
         record);
    now += microseconds((state >> 20) % 2000);
  }
  record.ExpectNeverAbove();
  EXPECT_GE(record.count(), .98 * 10 * kRate);
}

TEST(RateCeiling, IsOfOneTimeForThreadsWhoseOwnTimesBeganApart) {
  RateCeiling ceiling(1000);
  RateShare early(&ceiling, seconds(100)), late(&ceiling, seconds(160));
  Record record(1000);
  for (nanoseconds now = seconds(61); now < seconds(63);
       now += milliseconds(1)) {
    Turn(early, now, 10, record);
    Turn(late, now - seconds(60), 10, record);
  }
  EXPECT_NEAR(record.count(), 2000, 10);
  EXPECT_GT(early.ready_at(), seconds(62));
  EXPECT_LT(late.ready_at(), seconds(4));
}

TEST(RateCeiling, TellsEveryThreadWhileItHoldsOneOfThemBack) {
  RateCeiling ceiling(1000);
  RateShare busy(&ceiling, seconds(0)), idle(&ceiling, seconds(60));
  const RateShare without;
  const nanoseconds now = seconds(100);
  while (busy.Ready(now)) {
    EXPECT_FALSE(busy.HoldsBack(now));
    EXPECT_FALSE(idle.HoldsBack(now - seconds(60)));
    busy.Take();
  }
  EXPECT_TRUE(busy.HoldsBack(now));
  EXPECT_TRUE(idle.HoldsBack(now - seconds(60)));
  EXPECT_FALSE(without.HoldsBack(now));
  // Some tokens later it still does, and a good while later no more.
  EXPECT_TRUE(busy.HoldsBack(now + milliseconds(5)));
  EXPECT_FALSE(busy.HoldsBack(now + RateShare::kJustNow));
  EXPECT_FALSE(idle.HoldsBack(now - seconds(60) + RateShare::kJustNow));
}

TEST(RateCeiling, SaysWhenItWillSayYes) {
  RateCeiling ceiling(100);
  RateShare share(&ceiling, nanoseconds(0));
  Record record(100);
  Turn(share, seconds(1), 10, record);
  const nanoseconds ready = share.ready_at();
  EXPECT_GT(ready, seconds(1));
  EXPECT_FALSE(share.Ready(ready - nanoseconds(1)));
  EXPECT_TRUE(share.Ready(ready));
}

TEST(RateCeiling, LetsEverythingThroughWhereThereIsNone) {
  const RateCeilings ceilings(0, {0, 10});
  EXPECT_EQ(ceilings.over_all(), nullptr);
  EXPECT_EQ(ceilings.of(0), nullptr);
  EXPECT_NE(ceilings.of(1), nullptr);
  EXPECT_EQ(ceilings.of(2), nullptr);
  RateShare share(ceilings.of(0), nanoseconds(0));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(share.Ready(seconds(1)));
    share.Take();
  }
  share.EndTurn();
}

// Real threads, in a time that each counts up for itself.
TEST(RateCeiling, LendsNoTokenTwiceToThreadsThatAskAtOnce) {
  constexpr int kThreads = 4, kTurns = 20000;
  RateCeiling ceiling(1e6);  // Five thousand at once, then one each µs.
  std::vector<int64_t> taken(kThreads, 0);
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        RateShare share(&ceiling, nanoseconds(0));
        for (int turn = 0; turn < kTurns; ++turn) {
          const nanoseconds now = seconds(1) + microseconds(turn);
          for (int n = 0; n < 5 && share.Ready(now); ++n) {
            share.Take();
            ++taken[i];
          }
          share.EndTurn();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  int64_t sum = 0;
  for (const int64_t count : taken) sum += count;
  // One thread may be behind the others, and then finds fewer; but where all
  // have come to the end of time, so much was there and no more.
  EXPECT_LE(sum,
            kTurns + RateCeiling::Burst(1e6) + kThreads * RateShare::kLoan);
}

}  // namespace
}  // namespace mxscan
