#include "resolver/pacing/epoch_ledger.h"

#include <gtest/gtest.h>

#include <optional>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanos = EpochLedger::Nanos;
using Try = EpochLedger::Try;

// A ledger that is looked at every millisecond.
class EpochLedgerTest : public ::testing::Test {
 protected:
  void Samples(milliseconds low, milliseconds high) {
    for (int i = 0; i < 100; ++i) trip.Sample(i % 2 == 0 ? low : high);
  }

  // Lets time pass until something is judged, or `most` have passed.
  std::optional<Epoch> NextWithin(milliseconds most) {
    const Nanos end = now + most;
    for (; now < end; now += milliseconds(1)) {
      ledger.BeginTurn(now, trip);
      if (const Epoch* epoch = ledger.NextJudged(now)) return *epoch;
      ledger.EndTurn();
    }
    return std::nullopt;
  }

  EpochLedger ledger;
  RoundTrip trip{seconds(1)};
  Nanos now = seconds(1);
};

// Of two queries, the one that was sent later is answered within a millisecond.
TEST_F(EpochLedgerTest, TakesWhatIsLateForLostOnceItKnowsHowLongRepliesTake) {
  for (const bool known : {false, true}) {
    ledger = EpochLedger();
    trip = RoundTrip(seconds(1));
    for (int i = 0; i < (known ? 16 : 15); ++i) trip.Sample(milliseconds(1));
    ledger.BeginTurn(now, trip);
    ledger.OnSent(now, Try::kFirst);
    now += milliseconds(50);
    ledger.BeginTurn(now, trip);
    ledger.OnAnswer(ledger.OnSent(now, Try::kFirst), milliseconds(1));
    EXPECT_EQ(NextWithin(milliseconds(100)).has_value(), known);
  }
}

TEST_F(EpochLedgerTest, JudgesAnEpochOnceAllHaveCome) {
  Samples(milliseconds(10), milliseconds(10));
  const auto ticket = ledger.OnSent(now, Try::kFirst);
  EXPECT_FALSE(NextWithin(milliseconds(10)).has_value());
  ledger.OnAnswer(ticket, milliseconds(10));
  const std::optional<Epoch> epoch = NextWithin(milliseconds(3));
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(epoch->good, 1);
  EXPECT_EQ(epoch->lost(), 0);
  EXPECT_EQ(ledger.open(), 0);
}

TEST_F(EpochLedgerTest, FindsALossByWhatWasSentLaterAndAnswered) {
  Samples(milliseconds(10), milliseconds(10));
  ledger.OnSent(now, Try::kFirst);
  EXPECT_FALSE(NextWithin(milliseconds(15)).has_value());
  ledger.OnAnswer(ledger.OnSent(now, Try::kFirst), milliseconds(10));
  const std::optional<Epoch> epoch = NextWithin(milliseconds(50));
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(epoch->lost(), 1);
}

TEST_F(EpochLedgerTest, FindsItToTheEndWhereRepliesScatterWidely) {
  Samples(milliseconds(50), milliseconds(150));
  ledger.OnSent(now, Try::kFirst);
  EXPECT_FALSE(NextWithin(milliseconds(40)).has_value());
  ledger.OnAnswer(ledger.OnSent(now, Try::kFirst), milliseconds(100));
  const std::optional<Epoch> epoch = NextWithin(milliseconds(500));
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(epoch->lost(), 1);
}

TEST_F(EpochLedgerTest, CallsItSilenceWhenNothingComesAtAll) {
  Samples(milliseconds(10), milliseconds(10));
  for (int i = 0; i < 5; ++i) ledger.OnSent(now, Try::kFirst);
  EXPECT_FALSE(NextWithin(milliseconds(500)).has_value());
  EXPECT_EQ(ledger.silent(), 5);
  EXPECT_EQ(ledger.open(), 0);
}

TEST_F(EpochLedgerTest, CountsFirstTriesAndThoseOverTcpButNoLaterOnes) {
  Samples(milliseconds(10), milliseconds(10));
  ledger.OnSent(now, Try::kFirst);
  ledger.OnSent(now, Try::kLater);
  ledger.OnSent(now, Try::kOverTcp);
  EXPECT_FALSE(NextWithin(milliseconds(15)).has_value());
  ledger.OnAnswer(ledger.OnSent(now, Try::kFirst), milliseconds(10));
  const std::optional<Epoch> epoch = NextWithin(milliseconds(100));
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(epoch->sent, 3);
  EXPECT_EQ(epoch->counted(), 2);
  EXPECT_EQ(epoch->lost(), 2);
}

TEST_F(EpochLedgerTest, LetsTcpConnectFirstAndLearnsNoRoundTripFromIt) {
  Samples(milliseconds(100), milliseconds(100));
  const auto first = ledger.OnSent(now, Try::kFirst);
  const auto over_tcp = ledger.OnSent(now, Try::kOverTcp);
  EXPECT_FALSE(NextWithin(milliseconds(20)).has_value());
  ledger.OnAnswer(ledger.OnSent(now, Try::kFirst), milliseconds(100));
  EXPECT_FALSE(NextWithin(milliseconds(180)).has_value());
  ledger.OnAnswer(first, milliseconds(100));
  ledger.OnAnswer(over_tcp, Nanos(-1));
  const std::optional<Epoch> epoch = NextWithin(milliseconds(3));
  ASSERT_TRUE(epoch.has_value());
  EXPECT_EQ(epoch->lost(), 0);
  EpochSum sum;
  sum.Add(*epoch);
  EXPECT_EQ(sum.mean_rtt(), milliseconds(100));
}

}  // namespace
}  // namespace mxscan
