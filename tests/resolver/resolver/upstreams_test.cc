#include "resolver/upstreams.h"

#include <gtest/gtest.h>

#include <vector>

namespace mxscan {
namespace {

using std::chrono::seconds;

constexpr Nanos kNow = seconds(1);

Upstreams Make(int count, int window = 100) {
  return Upstreams(std::vector<Endpoint>(count), seconds(1), window);
}

Upstream::Ticket Send(Upstreams& upstreams, int i, Nanos now = kNow) {
  return upstreams.at(i).OnSent(now, Protocol::kUdp, /*first_try=*/true);
}

Upstreams::Asked AskedOf(std::initializer_list<int> servers) {
  Upstreams::Asked asked;
  for (int i : servers) asked.Add(i);
  return asked;
}

TEST(Upstreams, PrefersTheOneWithTheMostRoom) {
  Upstreams upstreams = Make(3);
  Send(upstreams, 0);
  Send(upstreams, 2);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(upstreams.Choose(kNow + seconds(1), {}), 1);
  }
}

TEST(Upstreams, PrefersForARetryWhoHasNotBeenAskedHoweverMuchRoomOthersHave) {
  Upstreams upstreams = Make(3);
  for (int i = 0; i < 20; ++i) Send(upstreams, 2);
  const Nanos later = kNow + seconds(1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(upstreams.Choose(later, AskedOf({0, 1})), 2);
    EXPECT_EQ(upstreams.Choose(later, AskedOf({1, 0})), 2);
  }
}

TEST(Upstreams, AsksTheLastOneAgainOnlyWhenThereIsNoOther) {
  Upstreams upstreams = Make(3);
  for (int i = 0; i < 6; ++i) {
    EXPECT_NE(upstreams.Choose(kNow, AskedOf({0, 1, 2})), 2);
  }
  Upstreams alone = Make(1);
  EXPECT_EQ(alone.Choose(kNow, AskedOf({0})), 0);
}

TEST(Upstreams, WhoWasRefusedWaitsForAnotherRatherThanBeRefusedAgain) {
  Upstreams upstreams = Make(2, /*window=*/1);
  const Upstream::Ticket ticket = Send(upstreams, 1);
  const Nanos later = kNow + seconds(1);
  EXPECT_EQ(upstreams.Choose(later, AskedOf({0})), 0);
  EXPECT_EQ(upstreams.Choose(later, AskedOf({0}), /*refused=*/true),
            Upstreams::kNoRoom);
  upstreams.at(1).OnWithdrawn(ticket);
  EXPECT_EQ(upstreams.Choose(later, AskedOf({0}), /*refused=*/true), 1);
  // All have been asked: any will do.
  Send(upstreams, 1, later);
  EXPECT_EQ(upstreams.Choose(later, AskedOf({0, 1}), /*refused=*/true), 0);
  // Nobody waits for one that is out.
  upstreams.at(1).OnUnreachable(later);
  EXPECT_EQ(upstreams.Choose(later, AskedOf({0}), /*refused=*/true), 0);
}

TEST(Upstreams, AsksWhoRewritesOnlyWhenAllOthersAreOut) {
  Upstreams upstreams = Make(2);
  upstreams.at(0).OnAbsentNameAnswered(/*with_address=*/true);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(upstreams.Choose(kNow, {}), 1);
  EXPECT_EQ(upstreams.Choose(kNow, AskedOf({1})), 1);
  upstreams.at(1).OnUnreachable(kNow);
  EXPECT_EQ(upstreams.Choose(kNow, {}), 0);
}

TEST(Upstreams, TellsNoRoomFromAllOut) {
  Upstreams upstreams = Make(2, /*window=*/1);
  upstreams.at(0).OnUnreachable(kNow);
  EXPECT_EQ(upstreams.Choose(kNow, {}), 1);
  Send(upstreams, 1);
  EXPECT_EQ(upstreams.Choose(kNow, {}), Upstreams::kNoRoom);
  EXPECT_GT(upstreams.RoomAt(), kNow);
  upstreams.at(1).OnUnreachable(kNow);
  EXPECT_EQ(upstreams.Choose(kNow, {}), Upstreams::kAllOut);
  EXPECT_FALSE(upstreams.AnyUsable());
  EXPECT_EQ(upstreams.NextProbeAt(), kNow + Health::kFirstRest);
}

TEST(Upstreams, SayHowTheyStand) {
  Upstreams upstreams = Make(1);
  ResolverStats::Upstream stats;
  upstreams.at(0).FillStats(stats);
  EXPECT_FALSE(stats.out);
  EXPECT_EQ(stats.rate, RateGovernor::kFirst);
  EXPECT_EQ(stats.wait, seconds(1));
  upstreams.at(0).OnUnreachable(kNow);
  upstreams.at(0).FillStats(stats);
  EXPECT_TRUE(stats.out);
}

}  // namespace
}  // namespace mxscan
