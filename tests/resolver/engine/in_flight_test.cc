#include "resolver/in_flight.h"

#include <set>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;

class InFlightTest : public ::testing::Test {
 protected:
  RandomBits random_{3};
  InFlight in_flight_{/*max_attempts=*/40000, /*tables=*/2, random_};
};

TEST_F(InFlightTest, FindsAnAttemptByItsNumberUntilItIsRemoved) {
  Attempt& attempt = *in_flight_.Add();
  const AttemptId id = in_flight_.IdOf(attempt);
  EXPECT_EQ(in_flight_.Find(id), &attempt);
  in_flight_.Remove(attempt);
  EXPECT_EQ(in_flight_.Find(id), nullptr);
}

TEST_F(InFlightTest, ASlotUsedAgainDoesNotAnswerToItsOldNumber) {
  Attempt& first = *in_flight_.Add();
  const AttemptId old = in_flight_.IdOf(first);
  in_flight_.Remove(first);
  Attempt& second = *in_flight_.Add();
  ASSERT_EQ(&first, &second);
  EXPECT_EQ(in_flight_.Find(old), nullptr);
  EXPECT_NE(in_flight_.IdOf(second), old);
}

TEST_F(InFlightTest, KnowsNoNumberThatItNeverGave) {
  EXPECT_EQ(in_flight_.Find(AttemptId{0}), nullptr);
  EXPECT_EQ(in_flight_.Find(AttemptId{~uint64_t{0}}), nullptr);
}

TEST_F(InFlightTest, IdsInUseAreDistinctAndLeadToTheirAttempts) {
  std::set<uint16_t> ids;
  for (int i = 0; i < InFlight::kMostPerTable; ++i) {
    Attempt& attempt = *in_flight_.Add();
    ASSERT_TRUE(in_flight_.Bind(attempt, 0));
    ASSERT_TRUE(ids.insert(attempt.id).second);
    ASSERT_EQ(in_flight_.Match(0, attempt.id), &attempt);
  }
  Attempt& one_more = *in_flight_.Add();
  EXPECT_FALSE(in_flight_.Bind(one_more, 0));
  EXPECT_TRUE(in_flight_.Bind(one_more, 1));
  EXPECT_EQ(in_flight_.Match(1, one_more.id), &one_more);
}

TEST_F(InFlightTest, AnIdThatWasGivenBackLeadsNowhere) {
  Attempt& attempt = *in_flight_.Add();
  ASSERT_TRUE(in_flight_.Bind(attempt, 0));
  const uint16_t id = attempt.id;
  in_flight_.Unbind(attempt);
  EXPECT_EQ(in_flight_.Match(0, id), nullptr);
  ASSERT_TRUE(in_flight_.Bind(attempt, 1));
  in_flight_.Remove(attempt);
  EXPECT_EQ(in_flight_.Match(1, attempt.id), nullptr);
}

TEST_F(InFlightTest, GivesAttemptsWhoseTimeIsUpButNoneThatWereRemoved) {
  Attempt& stays = *in_flight_.Add();
  Attempt& goes = *in_flight_.Add();
  stays.timeout = goes.timeout = milliseconds(10);
  in_flight_.MarkSent(stays, milliseconds(5));
  in_flight_.MarkSent(goes, milliseconds(5));
  in_flight_.Remove(goes);
  EXPECT_EQ(in_flight_.PopSilent(milliseconds(14)), nullptr);
  EXPECT_EQ(in_flight_.PopSilent(milliseconds(15)), &stays);
  EXPECT_EQ(in_flight_.PopSilent(milliseconds(15)), nullptr);
}

TEST_F(InFlightTest, AnUnreachableAttemptIsGivenOnceAndNeverFallsSilent) {
  Attempt& attempt = *in_flight_.Add();
  attempt.timeout = milliseconds(10);
  in_flight_.MarkSent(attempt, milliseconds(0));
  in_flight_.MarkUnreachable(attempt);
  EXPECT_EQ(in_flight_.NextDue(), Nanos::zero());
  EXPECT_EQ(in_flight_.PopUnreachable(), &attempt);
  EXPECT_EQ(in_flight_.PopUnreachable(), nullptr);
  EXPECT_EQ(in_flight_.PopSilent(milliseconds(20)), nullptr);
}

TEST_F(InFlightTest, RemovingAnAttemptTakesItOutOfItsList) {
  AttemptList list;
  Attempt& a = *in_flight_.Add();
  Attempt& b = *in_flight_.Add();
  Attempt& c = *in_flight_.Add();
  for (Attempt* attempt : {&a, &b, &c}) list.PushBack(*attempt);
  in_flight_.Remove(b);
  EXPECT_EQ(list.size(), 2);
  EXPECT_EQ(list.front(), &a);
  EXPECT_EQ(a.next, &c);
  in_flight_.Remove(a);
  in_flight_.Remove(c);
  EXPECT_TRUE(list.empty());
}

TEST_F(InFlightTest, RunsOutOfSlotsWhereItWasTold) {
  RandomBits random(1);
  InFlight small(/*max_attempts=*/3, /*tables=*/1, random);
  for (int i = 0; i < 3; ++i) EXPECT_NE(small.Add(), nullptr);
  EXPECT_EQ(small.Add(), nullptr);
}

}  // namespace
}  // namespace mxscan
