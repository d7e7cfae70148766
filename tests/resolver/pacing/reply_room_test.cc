#include "resolver/pacing/reply_room.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kNow = seconds(1);

void Fill(ReplyRoom& room) {
  while (!room.full()) room.OnSent();
}

TEST(ReplyRoom, HasNoBoundUntilItKnowsTheBuffers) {
  ReplyRoom room;
  for (int i = 0; i < 100000; ++i) room.OnSent();
  EXPECT_FALSE(room.full());
}

TEST(ReplyRoom, KeepsAQuarterFree) {
  ReplyRoom room;
  room.SetFitting(1000);
  Fill(room);
  EXPECT_EQ(room.under_way(), 750);
  room.OnLanded();
  EXPECT_FALSE(room.full());
}

TEST(ReplyRoom, LetsAFewGoHoweverSmallTheBuffers) {
  ReplyRoom room;
  room.SetFitting(0);
  Fill(room);
  EXPECT_EQ(room.under_way(), ReplyRoom::kLeast);
  EXPECT_GT(room.under_way(), 0);
  for (int i = 0; i < 100; ++i) room.OnDrops(kNow + i * seconds(1));
  EXPECT_EQ(room.most(), ReplyRoom::kLeast);
}

TEST(ReplyRoom, FallsOnceForDropsThatAreSeenTogether) {
  ReplyRoom room;
  room.SetFitting(1000);
  Fill(room);
  for (int i = 0; i < 50; ++i) room.OnDrops(kNow + milliseconds(i));
  EXPECT_EQ(room.most(), 525);
  room.OnDrops(kNow + ReplyRoom::kPatience);
  EXPECT_EQ(room.most(), 367);
}

TEST(ReplyRoom, FallsBelowWhatWasUnderWayAndNotOnlyBelowItsBound) {
  ReplyRoom room;
  room.SetFitting(1000);
  for (int i = 0; i < 100; ++i) room.OnSent();
  room.OnDrops(kNow);
  EXPECT_TRUE(room.full());
  EXPECT_EQ(room.most(), 70);
}

TEST(ReplyRoom, ReturnsSlowlyWhileAnswersCome) {
  ReplyRoom room;
  room.SetFitting(1000);
  Fill(room);
  room.OnDrops(kNow);
  for (int i = 0; i < 16 * 100; ++i) room.OnAnswer();
  EXPECT_EQ(room.most(), 625);
  for (int i = 0; i < 16 * 1000; ++i) room.OnAnswer();
  EXPECT_EQ(room.most(), 750);
}

}  // namespace
}  // namespace mxscan
