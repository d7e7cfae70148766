#include "resolver/pacing/loss_alarm.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

Epoch Tries(int first, int lost) {
  Epoch epoch;
  epoch.sent = epoch.first = first;
  epoch.good = first - lost;
  return epoch;
}

// How many such epochs it takes; `most` when it stays silent.
int EpochsToAlarm(const Epoch& epoch, double usual, int most) {
  LossAlarm alarm;
  int n = 0;
  while (n < most && !alarm.Sounds(usual)) {
    alarm.Watch(epoch, usual);
    ++n;
  }
  return n;
}

TEST(LossAlarm, NoticesMuchSoonAndLittleThatLasts) {
  EXPECT_LE(EpochsToAlarm(Tries(100, 50), 0, 1000), 5);
  EXPECT_LE(EpochsToAlarm(Tries(100, 1), 0, 1000), 20);
}

TEST(LossAlarm, StaysSilentAboutWhatIsUsual) {
  EXPECT_EQ(EpochsToAlarm(Tries(100, 0), 0, 1000), 1000);
  EXPECT_EQ(EpochsToAlarm(Tries(1000, 100), .1, 1000), 1000);
}

TEST(LossAlarm, TakesNoSingleMomentForALimit) {
  LossAlarm alarm;
  alarm.Watch(Tries(10'000, 10'000), 0);
  EXPECT_FALSE(alarm.Sounds(0));
  alarm.Watch(Tries(10'000, 0), 0);
  EXPECT_FALSE(alarm.IsNear(0));
}

TEST(LossAlarm, IsNearBeforeItSoundsAndGathersWhatIsSuspect) {
  LossAlarm alarm;
  alarm.Watch(Tries(100, 0), 0);
  EXPECT_EQ(alarm.suspect().counted, 0);
  alarm.Watch(Tries(100, 5), 0);
  alarm.Watch(Tries(100, 0), 0);
  EXPECT_TRUE(alarm.IsNear(0));
  EXPECT_FALSE(alarm.Sounds(0));
  EXPECT_EQ(alarm.suspect().counted, 200);
  EXPECT_EQ(alarm.suspect().lost, 5);
  for (int i = 0; i < 50; ++i) alarm.Watch(Tries(100, 0), 0);
  EXPECT_FALSE(alarm.IsNear(0));
  EXPECT_EQ(alarm.suspect().counted, 0);
}

}  // namespace
}  // namespace mxscan
