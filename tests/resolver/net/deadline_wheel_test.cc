#include "resolver/net/deadline_wheel.h"

#include <map>
#include <random>
#include <set>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanos = DeadlineWheel::Nanos;

std::set<uint32_t> PopAll(DeadlineWheel& wheel, Nanos now) {
  std::set<uint32_t> popped;
  for (uint32_t entry; wheel.PopDue(now, &entry);) popped.insert(entry);
  return popped;
}

TEST(DeadlineWheel, HandsOutAnEntryAtItsTimeAndOnlyOnce) {
  DeadlineWheel wheel(4);
  wheel.Schedule(2, milliseconds(10));
  EXPECT_TRUE(PopAll(wheel, milliseconds(9)).empty());
  EXPECT_EQ(PopAll(wheel, milliseconds(10)), std::set<uint32_t>({2}));
  EXPECT_TRUE(PopAll(wheel, milliseconds(99)).empty());
}

TEST(DeadlineWheel, RoundsUpSoThatNothingIsEarly) {
  DeadlineWheel wheel(1);
  wheel.Schedule(0, microseconds(9001));
  EXPECT_TRUE(PopAll(wheel, microseconds(9999)).empty());
  EXPECT_EQ(PopAll(wheel, milliseconds(10)).size(), 1u);
}

TEST(DeadlineWheel, ForgetsWhatIsCancelled) {
  DeadlineWheel wheel(2);
  wheel.Schedule(0, milliseconds(5));
  wheel.Schedule(1, milliseconds(5));
  wheel.Cancel(0);
  wheel.Cancel(0);
  EXPECT_EQ(PopAll(wheel, milliseconds(5)), std::set<uint32_t>({1}));
}

TEST(DeadlineWheel, ForgetsEvenWhatIsAlreadyDue) {
  DeadlineWheel wheel(3);
  for (uint32_t i = 0; i < 3; ++i) wheel.Schedule(i, milliseconds(5));
  uint32_t first;
  ASSERT_TRUE(wheel.PopDue(milliseconds(6), &first));
  const uint32_t other = (first + 1) % 3;
  wheel.Cancel(other);
  EXPECT_EQ(PopAll(wheel, milliseconds(6)),
            std::set<uint32_t>({(first + 2) % 3}));
}

TEST(DeadlineWheel, TheLastDeadlineGivenIsTheOneThatCounts) {
  DeadlineWheel wheel(1);
  wheel.Schedule(0, milliseconds(5));
  wheel.Schedule(0, milliseconds(50));
  EXPECT_TRUE(PopAll(wheel, milliseconds(49)).empty());
  EXPECT_EQ(PopAll(wheel, milliseconds(50)).size(), 1u);
}

TEST(DeadlineWheel, TakesDeadlinesThatHavePassed) {
  DeadlineWheel wheel(1);
  PopAll(wheel, seconds(100));
  wheel.Schedule(0, seconds(1));
  EXPECT_LE(wheel.NextDue(), seconds(100));
  EXPECT_EQ(PopAll(wheel, seconds(100)).size(), 1u);
}

TEST(DeadlineWheel, KeepsDeadlinesManyRoundsAway) {
  DeadlineWheel wheel(2);
  wheel.Schedule(0, hours(1));
  wheel.Schedule(1, hours(1) + milliseconds(1));
  for (Nanos now(0); now < hours(1); now += seconds(3)) {
    ASSERT_TRUE(PopAll(wheel, now).empty());
  }
  EXPECT_EQ(PopAll(wheel, hours(1)), std::set<uint32_t>({0}));
}

TEST(DeadlineWheel, HandsOutAllThatFellDueDuringALongSleep) {
  DeadlineWheel wheel(1000);
  for (uint32_t i = 0; i < 1000; ++i) {
    wheel.Schedule(i, milliseconds(37) * i);
  }
  EXPECT_EQ(PopAll(wheel, hours(2)).size(), 1000u);
  EXPECT_EQ(wheel.NextDue(), Nanos::max());
}

TEST(DeadlineWheel, NamesNoTimeWhenNothingIsScheduled) {
  DeadlineWheel wheel(2);
  EXPECT_EQ(wheel.NextDue(), Nanos::max());
  wheel.Schedule(1, seconds(1));
  EXPECT_EQ(wheel.NextDue(), seconds(1));
  wheel.Cancel(1);
  EXPECT_EQ(wheel.NextDue(), Nanos::max());
}

// The oracle is a sorted map from entry to deadline, walked in full.
class WheelAndOracle {
 public:
  explicit WheelAndOracle(uint32_t seed) : random_(seed), wheel_(kEntries) {}

  void Step() {
    const uint32_t entry = random_() % kEntries;
    switch (random_() % 8) {
      case 0: return Cancel(entry);
      case 1: return Sleep(milliseconds(random_() % 20000));
      case 2: return Sleep(microseconds(random_() % 5000));
      default: return Schedule(entry, microseconds(random_() % 30000000));
    }
  }

 private:
  static constexpr uint32_t kEntries = 50;

  void Schedule(uint32_t entry, Nanos delay) {
    wheel_.Schedule(entry, now_ + delay);
    due_[entry] = now_ + delay;
  }

  void Cancel(uint32_t entry) {
    wheel_.Cancel(entry);
    due_.erase(entry);
  }

  void Sleep(Nanos time) {
    now_ += time;
    std::set<uint32_t> expected;
    Nanos earliest = Nanos::max();
    for (const auto& [entry, due] : due_) {
      const Nanos rounded = std::chrono::ceil<milliseconds>(due);
      if (rounded <= now_) expected.insert(entry);
      earliest = std::min(earliest, rounded);
    }
    EXPECT_LE(wheel_.NextDue(), earliest);
    EXPECT_EQ(PopAll(wheel_, now_), expected);
    for (uint32_t entry : expected) due_.erase(entry);
    EXPECT_EQ(wheel_.NextDue() == Nanos::max(), due_.empty());
  }

  std::mt19937 random_;
  DeadlineWheel wheel_;
  std::map<uint32_t, Nanos> due_;
  Nanos now_{0};
};

TEST(DeadlineWheel, AgreesWithANaiveOracleOverRandomHistories) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    WheelAndOracle both(seed);
    for (int step = 0; step < 500; ++step) both.Step();
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mxscan
