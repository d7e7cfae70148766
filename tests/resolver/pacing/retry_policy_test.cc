#include "resolver/pacing/retry_policy.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

constexpr AskedHow kUdp = {Protocol::kUdp, /*edns=*/true};
constexpr AskedHow kPlainUdp = {Protocol::kUdp, /*edns=*/false};
constexpr AskedHow kTcp = {Protocol::kTcp, /*edns=*/true};

Next AfterSpoken(Outcome outcome, int spoken, AskedHow how = kUdp) {
  return Decide(outcome, how, {.spoken = spoken}, {});
}

TEST(RetryPolicy, DeliversWhatAWorkingServerSaid) {
  for (Outcome outcome : {Outcome::kAnswer, Outcome::kNoData,
                          Outcome::kNxDomain, Outcome::kLoop}) {
    EXPECT_EQ(AfterSpoken(outcome, 4), Next::kDeliver);
    EXPECT_EQ(BlameFor(outcome, kUdp), Blame::kNone);
  }
}

TEST(RetryPolicy, GoesElsewhereAfterAFailureThatWasSpokenFiveTimesAtMost) {
  for (Outcome outcome :
       {Outcome::kServFail, Outcome::kRefused, Outcome::kMalformed}) {
    EXPECT_EQ(BlameFor(outcome, kUdp), Blame::kSpoken);
    EXPECT_EQ(AfterSpoken(outcome, 1), Next::kAskAnother);
    EXPECT_EQ(AfterSpoken(outcome, 4), Next::kAskAnother);
    EXPECT_EQ(AfterSpoken(outcome, 5), Next::kGiveUp);
  }
}

TEST(RetryPolicy, AsksTenTimesIntoSilence) {
  EXPECT_EQ(BlameFor(Outcome::kSilence, kUdp), Blame::kSilent);
  EXPECT_EQ(Decide(Outcome::kSilence, kUdp, {.silent = 9}, {}),
            Next::kAskAnother);
  EXPECT_EQ(Decide(Outcome::kSilence, kUdp, {.silent = 10}, {}), Next::kGiveUp);
}

TEST(RetryPolicy, KeepsTheTwoAllowancesApart) {
  const Failures both = {.spoken = 4, .silent = 9};
  EXPECT_EQ(Decide(Outcome::kServFail, kUdp, both, {}), Next::kAskAnother);
  EXPECT_EQ(Decide(Outcome::kSilence, kUdp, both, {}), Next::kAskAnother);
}

TEST(RetryPolicy, ObeysTheUsersLimits) {
  const RetryLimits once = {.spoken = 1, .silent = 1};
  EXPECT_EQ(Decide(Outcome::kSilence, kUdp, {.silent = 1}, once),
            Next::kGiveUp);
  EXPECT_EQ(Decide(Outcome::kTruncated, kUdp, {}, once), Next::kAskOverTcp);
}

TEST(RetryPolicy, AsksTheSameServerOverTcpWhenTruncatedOnceOnly) {
  EXPECT_EQ(AfterSpoken(Outcome::kTruncated, 0), Next::kAskOverTcp);
  EXPECT_EQ(BlameFor(Outcome::kTruncated, kUdp), Blame::kNone);
  EXPECT_EQ(BlameFor(Outcome::kTruncated, kTcp), Blame::kSpoken);
  EXPECT_EQ(AfterSpoken(Outcome::kTruncated, 1, kTcp), Next::kAskAnother);
}

TEST(RetryPolicy, LeavesOutEdnsOnceWhereTheServerChokesOnIt) {
  EXPECT_EQ(AfterSpoken(Outcome::kFormErr, 0), Next::kAskWithoutEdns);
  EXPECT_EQ(BlameFor(Outcome::kFormErr, kPlainUdp), Blame::kSpoken);
  EXPECT_EQ(AfterSpoken(Outcome::kFormErr, 1, kPlainUdp), Next::kAskAnother);
  EXPECT_EQ(AfterSpoken(Outcome::kFormErr, 5, kPlainUdp), Next::kGiveUp);
}

TEST(RetryPolicy, MovesForFreeFromAServerThatIsNotThere) {
  EXPECT_EQ(BlameFor(Outcome::kUnreachable, kUdp), Blame::kNone);
  EXPECT_EQ(
      Decide(Outcome::kUnreachable, kUdp, {.spoken = 5, .silent = 10}, {}),
      Next::kMove);
}

TEST(RetryPolicy, CountsATcpThatIsRefusedForTheServerHasSpoken) {
  EXPECT_EQ(BlameFor(Outcome::kUnreachable, kTcp), Blame::kSpoken);
  EXPECT_EQ(AfterSpoken(Outcome::kUnreachable, 1, kTcp), Next::kAskAnother);
  EXPECT_EQ(AfterSpoken(Outcome::kUnreachable, 5, kTcp), Next::kGiveUp);
}

}  // namespace
}  // namespace mxscan
