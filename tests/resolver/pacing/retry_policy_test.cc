#include "resolver/pacing/retry_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using std::string_view;

constexpr AskedHow kUdp = {Protocol::kUdp, /*edns=*/true};
constexpr AskedHow kPlainUdp = {Protocol::kUdp, /*edns=*/false};
constexpr AskedHow kTcp = {Protocol::kTcp, /*edns=*/true};
constexpr AskedHow kTcpForCase = {Protocol::kTcp, /*edns=*/true,
                                  /*case_lost=*/true};
constexpr AskedHow kUdpForCase = {Protocol::kUdp, /*edns=*/true,
                                  /*case_lost=*/true};

constexpr Outcome kAllOutcomes[] = {
    Outcome::kAnswer,    Outcome::kNoData,     Outcome::kNxDomain,
    Outcome::kLoop,      Outcome::kServFail,   Outcome::kRefused,
    Outcome::kMalformed, Outcome::kSilence,    Outcome::kTruncated,
    Outcome::kFormErr,   Outcome::kUnreachable};

const char* WordFor(Next next) {
  switch (next) {
    case Next::kDeliver: return "deliver";
    case Next::kRest: return "rest";
    case Next::kAskAnother: return "another";
    case Next::kMove: return "move";
    case Next::kAskOverTcp: return "over TCP";
    case Next::kAskWithoutEdns: return "without EDNS";
    case Next::kCheckOverTcp: return "check over TCP";
    case Next::kAskInPlainCase: return "plain letters";
    case Next::kGiveUp: return "give up";
  }
  return "?";
}

constexpr int kMany = 20;

// What follows when a question's attempts all end like this: `rest 1-5,
// another 6-9, give up 10`.
std::string RowFor(const AttemptEnd& end, RetryLimits limits = {}) {
  std::string row;
  Failures failures;
  Next last = Decide(end, limits, failures);
  int first = 1;
  for (int attempt = 2; attempt <= kMany && last != Next::kGiveUp; ++attempt) {
    const Next next = Decide(end, limits, failures);
    if (next == last) continue;
    row.append(WordFor(last)).append(" ").append(std::to_string(first));
    if (attempt - 1 > first) {
      row.append("-").append(std::to_string(attempt - 1));
    }
    row.append(", ");
    first = attempt;
    last = next;
  }
  row.append(WordFor(last));
  if (last == Next::kGiveUp) row.append(" ").append(std::to_string(first));
  return row;
}

struct Row {
  string_view ended;
  AttemptEnd end;
  string_view follows;
};

// The whole policy, with the limits that users get who set none.
AttemptEnd End(Outcome outcome, AskedHow how = kUdp) {
  AttemptEnd end;
  end.outcome = outcome;
  end.how = how;
  return end;
}

AttemptEnd InOtherLetters(Outcome outcome) {
  AttemptEnd end = End(outcome);
  end.case_changed = true;
  return end;
}

AttemptEnd AmongRefusalsOnly() {
  AttemptEnd end = End(Outcome::kRefused);
  end.only_refusals = true;
  return end;
}

AttemptEnd SilenceOfWhoIsOut() {
  AttemptEnd end = End(Outcome::kSilence);
  end.server_is_out = true;
  return end;
}

// The whole policy, with the limits that users get who set none.
const std::vector<Row> kPolicy = {
    {"answer", End(Outcome::kAnswer), "deliver"},
    {"no data", End(Outcome::kNoData), "deliver"},
    {"NXDOMAIN", End(Outcome::kNxDomain), "deliver"},
    {"alias loop", End(Outcome::kLoop), "deliver"},
    {"SERVFAIL", End(Outcome::kServFail), "another 1-4, give up 5"},
    {"garbage", End(Outcome::kMalformed), "another 1-4, give up 5"},
    {"REFUSED", End(Outcome::kRefused), "rest 1-5, another 6-9, give up 10"},
    {"REFUSED, as always", AmongRefusalsOnly(), "another 1-4, give up 5"},
    {"silence", End(Outcome::kSilence), "another 1-9, give up 10"},
    {"TCP silence", End(Outcome::kSilence, kTcp), "another 1-9, give up 10"},
    {"silence of who is out", SilenceOfWhoIsOut(), "move"},
    {"nobody there", End(Outcome::kUnreachable), "move"},
    {"no TCP", End(Outcome::kUnreachable, kTcp), "another 1-4, give up 5"},
    {"truncated", End(Outcome::kTruncated), "over TCP"},
    {"truncated TCP", End(Outcome::kTruncated, kTcp), "another 1-4, give up 5"},
    {"FORMERR", End(Outcome::kFormErr), "without EDNS"},
    {"FORMERR, no EDNS", End(Outcome::kFormErr, kPlainUdp),
     "another 1-4, give up 5"},
    {"other letters", InOtherLetters(Outcome::kAnswer), "check over TCP"},
    {"REFUSED in other letters", InOtherLetters(Outcome::kRefused),
     "check over TCP"},
    {"no TCP to check letters", End(Outcome::kUnreachable, kTcpForCase),
     "plain letters"},
    {"silence while checking", End(Outcome::kSilence, kTcpForCase),
     "plain letters"},
    {"truncated where there is no TCP", End(Outcome::kTruncated, kUdpForCase),
     "another 1-4, give up 5"},
};

TEST(RetryPolicy, IsThisTable) {
  for (const Row& row : kPolicy) {
    EXPECT_EQ(RowFor(row.end), row.follows) << row.ended;
  }
}

TEST(RetryPolicy, NeedsEveryRowOfItsTable) {
  std::vector<bool> used(std::size(kRetryTable));
  for (const Row& row : kPolicy) {
    used[&RuleFor(row.end, {}, {}) - kRetryTable] = true;
  }
  EXPECT_THAT(used, ::testing::Each(true));
}

TEST(RetryPolicy, ObeysTheUsersLimits) {
  const RetryLimits twice = {.spoken = 2, .silent = 2};
  EXPECT_EQ(RowFor(End(Outcome::kSilence), twice), "another 1, give up 2");
  EXPECT_EQ(RowFor(End(Outcome::kServFail), twice), "another 1, give up 2");
  EXPECT_EQ(RowFor(End(Outcome::kRefused), twice),
            "rest 1-2, another 3, give up 4");
  const RetryLimits once = {.spoken = 1, .silent = 1};
  EXPECT_EQ(RowFor(End(Outcome::kSilence), once), "give up 1");
  EXPECT_EQ(RowFor(End(Outcome::kTruncated), once), "over TCP");
}

TEST(RetryPolicy, NeverTriesOftenerThanWhereAllIsSilence) {
  const AttemptEnd silence = End(Outcome::kSilence);
  const AttemptEnd servfail = End(Outcome::kServFail);
  Failures failures;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(Decide(silence, {}, failures), Next::kAskAnother);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Decide(servfail, {}, failures), Next::kAskAnother);
  }
  EXPECT_EQ(Decide(servfail, {}, failures), Next::kGiveUp);
}

TEST(RetryPolicy, LetsSilenceUseUpNoneOfTheTriesWhereServersSpoke) {
  Failures failures = {.silent = 4};
  const AttemptEnd servfail = End(Outcome::kServFail);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Decide(servfail, {}, failures), Next::kAskAnother);
  }
  EXPECT_EQ(Decide(servfail, {}, failures), Next::kGiveUp);
}

// Whether the same server is asked next, and how.
bool AsksSame(Next next, AskedHow& how) {
  switch (next) {
    case Next::kAskOverTcp: how.protocol = Protocol::kTcp; return true;
    case Next::kAskWithoutEdns: how.edns = false; return true;
    case Next::kCheckOverTcp:
      how.protocol = Protocol::kTcp;
      how.case_lost = true;
      return true;
    case Next::kAskInPlainCase: how.protocol = Protocol::kUdp; return true;
    default: return false;
  }
}

// The most that can be asked of one server for nothing, whatever it does.
int LongestFree(AskedHow how, int depth = 1) {
  if (depth > kMany) return depth;
  int longest = depth;
  for (const Outcome outcome : kAllOutcomes) {
    for (const bool case_changed : {false, true}) {
      const bool mixed = how.protocol == Protocol::kUdp && !how.case_lost;
      if (case_changed && !mixed) continue;
      Failures failures;
      AskedHow next = how;
      AttemptEnd end = End(outcome, how);
      end.case_changed = case_changed;
      if (!AsksSame(Decide(end, {}, failures), next)) continue;
      longest = std::max(longest, LongestFree(next, depth + 1));
    }
  }
  return longest;
}

TEST(RetryPolicy, AsksOneServerNoMoreThanFourTimesForOneTry) {
  EXPECT_EQ(LongestFree(kUdp), 4);
}

}  // namespace
}  // namespace mxscan
