#include "scanner/demo/fault_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "scanner/demo/fault_dealer.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

FaultRule Rule(std::string_view text) {
  const auto rules = ParseFaultRules("test", text);
  EXPECT_TRUE(rules.ok()) << rules.status();
  return rules->at(0);
}

TEST(FaultRules, PassOverBlankLinesAndComments) {
  EXPECT_THAT(*ParseFaultRules("test", ""), IsEmpty());
  EXPECT_THAT(*ParseFaultRules("test", "\n  # nothing\r\n\nloss # all\n"),
              SizeIs(1));
}

TEST(FaultRules, ReadEveryKey) {
  const FaultRule rule = Rule(
      "delay name=*.Example.com type=MX at=127.0.0.3:5301 proto=tcp edns=yes "
      "cd=no p=0.5 share=0.25 from=2s until=1500ms every=4s for=0.5s after=3 "
      "times=2 ms=100 jitter=50");
  EXPECT_EQ(rule.kind, FaultKind::kDelay);
  EXPECT_EQ(ToText(*rule.name), "example.com");
  EXPECT_TRUE(rule.below);
  EXPECT_EQ(rule.type, RrType::kMx);
  EXPECT_EQ(ToText(*rule.address), "127.0.0.3");
  EXPECT_EQ(rule.port, 5301);
  EXPECT_EQ(rule.protocol, Protocol::kTcp);
  EXPECT_EQ(rule.edns, true);
  EXPECT_EQ(rule.checking_disabled, false);
  EXPECT_EQ(rule.chance, 0.5);
  EXPECT_EQ(rule.share, 0.25);
  EXPECT_EQ(rule.from, seconds(2));
  EXPECT_EQ(rule.until, milliseconds(1500));
  EXPECT_EQ(rule.every, seconds(4));
  EXPECT_EQ(rule.active, milliseconds(500));
  EXPECT_EQ(rule.after, 3);
  EXPECT_EQ(rule.times, 2);
  EXPECT_EQ(rule.delay, milliseconds(100));
  EXPECT_EQ(rule.jitter, milliseconds(50));
}

TEST(FaultRules, SayWhereAndWhatIsWrong) {
  for (const char* wrong :
       {"lost", "loss p", "loss p=2", "loss p=x", "loss colour=red",
        "servfail type=MXX", "loss name=a..b", "loss at=nowhere", "delay ms=-1",
        "loss from=3", "limit action=refused", "limit qps=0", "loss every=2s",
        "loss edns=maybe", "loss p=0.5x"}) {
    const auto rules = ParseFaultRules("faults", absl::StrCat("loss\n", wrong));
    EXPECT_THAT(std::string(rules.status().message()), HasSubstr("faults:2: "))
        << wrong;
  }
}

class FaultDealerTest : public ::testing::Test {
 protected:
  void Use(std::string_view rules) {
    dealer_ = std::make_unique<FaultDealer>(*ParseFaultRules("test", rules),
                                            /*share_seed=*/1, /*seed=*/1);
  }

  FaultPlan Deal(std::string_view name, Nanos now = Nanos(0),
                 RrType type = RrType::kMx, int server = 0) {
    const Packet packet = QueryFor(name, type);
    Query query;
    EXPECT_EQ(ReadQuery(packet, query), QueryForm::kGood);
    const Endpoint endpoint{
        {IpAddress::Family::kV4, {127, 0, 0, static_cast<uint8_t>(server + 1)}},
        5301};
    return dealer_->Deal(query, server, endpoint, Protocol::kUdp, now);
  }

  bool Drops(std::string_view name, Nanos now = Nanos(0),
             RrType type = RrType::kMx, int server = 0) {
    return Deal(name, now, type, server).Has(FaultKind::kDrop);
  }

  std::unique_ptr<FaultDealer> dealer_;
};

TEST_F(FaultDealerTest, DealsToTheNamedAndToNoOther) {
  Use("loss name=a.example type=MX\nloss name=*.b.example");
  EXPECT_TRUE(Drops("a.example"));
  EXPECT_TRUE(Drops("A.EXAMPLE"));
  EXPECT_FALSE(Drops("a.example", Nanos(0), RrType::kA));
  EXPECT_FALSE(Drops("x.a.example"));
  EXPECT_TRUE(Drops("b.example"));
  EXPECT_TRUE(Drops("x.y.b.example"));
  EXPECT_FALSE(Drops("xb.example"));
}

TEST_F(FaultDealerTest, DealsAtOneAddress) {
  Use("dead at=127.0.0.2");
  EXPECT_FALSE(Drops("a.example", Nanos(0), RrType::kMx, 0));
  EXPECT_TRUE(Drops("a.example", Nanos(0), RrType::kMx, 1));
}

TEST_F(FaultDealerTest, DealsWhileItsTimeLasts) {
  Use("dead from=2s until=4s\nsilence from=10s every=4s for=1s");
  EXPECT_FALSE(Drops("a.example", milliseconds(1999)));
  EXPECT_TRUE(Drops("a.example", milliseconds(2000)));
  EXPECT_FALSE(Drops("a.example", milliseconds(4000)));
  EXPECT_TRUE(Drops("a.example", milliseconds(10999)));
  EXPECT_FALSE(Drops("a.example", milliseconds(11000)));
  EXPECT_TRUE(Drops("a.example", milliseconds(14000)));
}

TEST_F(FaultDealerTest, DealsAFewTimesAfterAFew) {
  Use("servfail after=1 times=2");
  std::string seen;
  for (int i = 0; i < 5; ++i) {
    seen += Deal("a.example").rcode == 2 ? 'x' : '.';
  }
  EXPECT_EQ(seen, ".xx..");
}

TEST_F(FaultDealerTest, DealsByChanceToTheShareOfPackets) {
  Use("loss p=0.3");
  int dropped = 0;
  for (int i = 0; i < 10000; ++i) dropped += Drops("a.example");
  EXPECT_NEAR(dropped, 3000, 200);
}

TEST_F(FaultDealerTest, AShareIsAlwaysOfTheSameNamesAndNeverTheRoot) {
  Use("silence share=0.3");
  int dropped = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = absl::StrCat("d", i, ".example");
    const bool first = Drops(name);
    EXPECT_EQ(Drops(name), first);
    dropped += first;
  }
  EXPECT_NEAR(dropped, 300, 60);
  Use("silence share=0.999999");
  EXPECT_FALSE(Drops("."));
}

TEST_F(FaultDealerTest, ALimitHoldsForEachAddress) {
  Use("limit qps=1000 action=refused");
  int let_through[2] = {0, 0};
  for (milliseconds now(0); now < seconds(10); ++now) {
    for (int server = 0; server < 2; ++server) {
      for (int i = 0; i < 3; ++i) {
        const FaultPlan plan = Deal("a.example", now, RrType::kMx, server);
        EXPECT_FALSE(plan.Has(FaultKind::kDrop));
        let_through[server] += plan.rcode < 0;
      }
    }
  }
  EXPECT_NEAR(let_through[0], 10000, 100);
  EXPECT_NEAR(let_through[1], 10000, 100);
}

TEST_F(FaultDealerTest, AddsDelaysUpAndSwingsThemByTheirJitter) {
  Use("delay ms=100 jitter=50\nlate ms=1000");
  Nanos least = Nanos::max();
  Nanos most(0);
  for (int i = 0; i < 1000; ++i) {
    const Nanos delay = Deal("a.example").delay;
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, milliseconds(1050));
  EXPECT_LT(least, milliseconds(1060));
  EXPECT_LE(most, milliseconds(1150));
  EXPECT_GT(most, milliseconds(1140));
}

}  // namespace
}  // namespace mxscan
