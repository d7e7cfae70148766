#include "resolver/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/allocation_count.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Question Ask(std::string_view name, RrType type = RrType::kMx) {
  return Question{.type = type, .name = *Name::FromText(name)};
}

// A question, and the messages that answer it one after another.
class AnswerTest : public ::testing::Test {
 protected:
  void Begin(std::string_view name, RrType type = RrType::kMx) {
    builder_.Begin(Ask(name, type));
  }

  Outcome Add(const PacketBuilder& packet) {
    packet_ = packet.Build();
    const std::optional<Message> message = Message::Read(packet_);
    EXPECT_TRUE(message.has_value());
    return message.has_value() ? builder_.Add(*message) : Outcome::kSilence;
  }

  Answer Finish() { return builder_.Finish(AnswerHeader{}); }

  // The chain as "owner>target" with "!" behind what a DNAME did.
  std::vector<std::string> Chain() {
    const Answer answer = Finish();
    std::vector<std::string> chain;
    for (int i = 0; i < answer.step_count(); ++i) {
      const Answer::Step step = answer.step(i);
      chain.push_back(
          absl::StrCat(ToText(step.owner), ">", ToText(step.target),
                       step.kind == Answer::StepKind::kDname ? "!" : ""));
    }
    return chain;
  }

  // Names of the records that count, as far as rdata ends in a name.
  std::vector<std::string> Exchanges() {
    const Answer answer = Finish();
    std::vector<std::string> exchanges;
    for (int i = 0; i < answer.record_count(); ++i) {
      const Answer::Record record = answer.record(i);
      if (!answer.Counts(record)) continue;
      exchanges.push_back(ToText(NameView::Trusted(record.rdata.subspan(2))));
    }
    return exchanges;
  }

  AnswerBuilder builder_;
  PacketBuilder::Bytes packet_;
};

TEST_F(AnswerTest, HoldsTheRecordsOfTheNameAsked) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                    .Mx("example.com", 10, "mx1.example.com")
                    .Mx("example.com", 20, "mx2.example.com")),
            Outcome::kAnswer);
  EXPECT_FALSE(builder_.MustAskEnd());
  EXPECT_THAT(Exchanges(), ElementsAre("mx1.example.com", "mx2.example.com"));
  const Answer answer = Finish();
  EXPECT_EQ(ToText(answer.name()), "example.com");
  EXPECT_EQ(ToText(answer.end()), "example.com");
  EXPECT_EQ(answer.record(0).ttl, 3600u);
  EXPECT_EQ(answer.record(0).rdata[1], 10);
}

TEST_F(AnswerTest, CountsNoRecordOfAnotherOwnerTypeClassOrSection) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                    .Mx("www.example.com", 1, "a.example")
                    .A("example.com", "192.0.2.1")
                    .Class(3)
                    .Mx("example.com", 2, "b.example")
                    .Class(1)
                    .Section(Section::kAuthority)
                    .Mx("example.com", 3, "c.example")
                    .Section(Section::kAdditional)
                    .Mx("example.com", 4, "d.example")),
            Outcome::kNoData);
  EXPECT_FALSE(builder_.MustAskEnd());
  EXPECT_THAT(Exchanges(), IsEmpty());
  EXPECT_EQ(Finish().record_count(), 4);  // All but the one of class CH.
}

TEST_F(AnswerTest, FollowsAChainWhateverTheOrderOfItsRecords) {
  std::vector<int> order = {0, 1, 2, 3};
  do {
    PacketBuilder packet("a.example", RrType::kMx);
    for (const int record : order) {
      switch (record) {
        case 0: packet.Named("a.example", RrType::kCname, "b.example"); break;
        case 1: packet.Named("b.example", RrType::kCname, "x.old.test"); break;
        case 2: packet.Named("old.test", RrType::kDname, "new.test"); break;
        case 3: packet.Mx("x.new.test", 10, "mx.example"); break;
      }
    }
    Begin("a.example");
    ASSERT_EQ(Add(packet), Outcome::kAnswer);
    EXPECT_THAT(Chain(),
                ElementsAre("a.example>b.example", "b.example>x.old.test",
                            "x.old.test>x.new.test!"));
    EXPECT_THAT(Exchanges(), ElementsAre("mx.example"));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(AnswerTest, TakesTheLeastOfSeveralAliasesSoThatOrderDoesNotMatter) {
  for (const bool swapped : {false, true}) {
    Begin("a.example");
    Add(PacketBuilder("a.example", RrType::kMx)
            .Named("a.example", RrType::kCname,
                   swapped ? "z.example" : "y.example")
            .Named("a.example", RrType::kCname,
                   swapped ? "y.example" : "z.example"));
    EXPECT_THAT(Chain(), ElementsAre("a.example>y.example"));
  }
}

TEST_F(AnswerTest, PrefersTheCnameThatAServerMadeOfADname) {
  Begin("x.old.test");
  EXPECT_EQ(Add(PacketBuilder("x.old.test", RrType::kMx)
                    .Named("old.test", RrType::kDname, "new.test")
                    .Named("x.old.test", RrType::kCname, "x.new.test")),
            Outcome::kNoData);
  EXPECT_THAT(Chain(), ElementsAre("x.old.test>x.new.test"));
}

TEST_F(AnswerTest, DoesNotRedirectTheOwnerOfADname) {
  Begin("old.test");
  EXPECT_EQ(Add(PacketBuilder("old.test", RrType::kMx)
                    .Named("old.test", RrType::kDname, "new.test")),
            Outcome::kNoData);
  EXPECT_THAT(Chain(), IsEmpty());
}

TEST_F(AnswerTest, RefusesADnameThatMakesTheNameTooLong) {
  const std::string label(63, 'a');
  const std::string name = label + "." + label + "." + label + ".old.test";
  Begin(name);
  EXPECT_EQ(Add(PacketBuilder(name, RrType::kMx)
                    .Named("old.test", RrType::kDname, label + ".new.example")),
            Outcome::kMalformed);
  EXPECT_EQ(builder_.end(), *Name::FromText(name));
  EXPECT_EQ(Finish().step_count(), 0);
  EXPECT_EQ(Finish().record_count(), 0);
}

TEST_F(AnswerTest, FollowsNothingWhenAskedForCnameOrAny) {
  Begin("a.example", RrType::kCname);
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kCname)
                    .Named("a.example", RrType::kCname, "b.example")),
            Outcome::kAnswer);
  EXPECT_THAT(Chain(), IsEmpty());
  Begin("a.example", RrType::kAny);
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kAny)
                    .Named("a.example", RrType::kCname, "b.example")),
            Outcome::kAnswer);
  EXPECT_TRUE(Finish().Counts(Finish().record(0)));
}

TEST_F(AnswerTest, FindsALoopThroughAnyNameOfTheChain) {
  Begin("a.example");
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kMx)
                    .Named("a.example", RrType::kCname, "a.example")),
            Outcome::kLoop);
  Begin("a.example");
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kMx)
                    .Named("a.example", RrType::kCname, "b.example")
                    .Named("b.example", RrType::kCname, "c.example")
                    .Named("c.example", RrType::kCname, "b.example")),
            Outcome::kLoop);
  EXPECT_THAT(Chain(), ElementsAre("a.example>b.example", "b.example>c.example",
                                   "c.example>b.example"));
}

TEST_F(AnswerTest, FindsALoopThatRunsThroughSeveralMessages) {
  Begin("a.example");
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kMx)
                    .Named("a.example", RrType::kCname, "b.example")),
            Outcome::kNoData);
  EXPECT_TRUE(builder_.MustAskEnd());
  EXPECT_EQ(builder_.end(), *Name::FromText("b.example"));
  EXPECT_EQ(Add(PacketBuilder("b.example", RrType::kMx)
                    .Named("b.example", RrType::kCname, "a.example")),
            Outcome::kLoop);
  EXPECT_FALSE(builder_.MustAskEnd());
}

std::string Numbered(int i) { return absl::StrCat("n", i, ".example"); }

PacketBuilder ChainOf(int steps) {
  PacketBuilder packet(Numbered(0), RrType::kMx);
  for (int i = 0; i < steps; ++i) {
    packet.Named(Numbered(i), RrType::kCname, Numbered(i + 1));
  }
  packet.Mx(Numbered(steps), 10, "mx.example");
  return packet;
}

TEST_F(AnswerTest, FollowsSixteenStepsAndCallsMoreALoop) {
  Begin("n0.example");
  EXPECT_EQ(Add(ChainOf(16)), Outcome::kAnswer);
  EXPECT_THAT(Exchanges(), ElementsAre("mx.example"));
  Begin("n0.example");
  EXPECT_EQ(Add(ChainOf(17)), Outcome::kLoop);
  EXPECT_EQ(Finish().step_count(), kMaxAliasSteps);
}

TEST_F(AnswerTest, AsksAgainAtTheEndOfAChainUnlessASoaSpeaksForIt) {
  Begin("a.example");
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kMx)
                    .Named("a.example", RrType::kCname, "b.test")
                    .Section(Section::kAuthority)
                    .Soa("example", 60)),
            Outcome::kNoData);
  EXPECT_TRUE(builder_.MustAskEnd());  // That SOA is not of b.test.
  EXPECT_EQ(Finish().header().negative_ttl, kNoTtl);
  EXPECT_EQ(Add(PacketBuilder("b.test", RrType::kMx)
                    .Named("b.test", RrType::kCname, "c.test")
                    .Section(Section::kAuthority)
                    .Soa("test", 60)),
            Outcome::kNoData);
  EXPECT_FALSE(builder_.MustAskEnd());
  EXPECT_EQ(Finish().header().negative_ttl, 60u);
  EXPECT_EQ(ToText(Finish().name()), "a.example");
  EXPECT_EQ(ToText(Finish().end()), "c.test");
}

TEST_F(AnswerTest, GoesOnInTheNextMessageAndCountsWhatTheEndOwns) {
  Begin("a.example");
  Add(PacketBuilder("a.example", RrType::kMx)
          .Named("a.example", RrType::kCname, "b.test"));
  EXPECT_EQ(Add(PacketBuilder("b.test", RrType::kMx)
                    .Mx("b.test", 10, "mx.test")
                    .Mx("a.example", 10, "stale.test")),
            Outcome::kAnswer);
  EXPECT_THAT(Exchanges(), ElementsAre("mx.test"));
  EXPECT_EQ(Finish().record_count(), 3);
}

TEST_F(AnswerTest, TakesTheLesserOfSoaTtlAndMinimum) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                    .Section(Section::kAuthority)
                    .Ttl(30)
                    .Soa("example.com", 600)),
            Outcome::kNoData);
  EXPECT_EQ(Finish().header().negative_ttl, 30u);
  Begin("no.example.com");
  EXPECT_EQ(Add(PacketBuilder("no.example.com", RrType::kMx)
                    .Rcode(3)
                    .Section(Section::kAuthority)
                    .Soa("example.com", 600)),
            Outcome::kNxDomain);
  EXPECT_EQ(Finish().header().negative_ttl, 600u);
}

TEST_F(AnswerTest, ReadsNxDomainAsSaidOfTheEndOfTheChain) {
  Begin("a.example");
  EXPECT_EQ(Add(PacketBuilder("a.example", RrType::kMx)
                    .Rcode(3)
                    .Named("a.example", RrType::kCname, "gone.test")),
            Outcome::kNxDomain);
  EXPECT_FALSE(builder_.MustAskEnd());
  EXPECT_EQ(ToText(Finish().end()), "gone.test");
}

TEST_F(AnswerTest, ReadsTheFirstOwnerOfAMessageWithoutItsQuestion) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder().Rcode(3).Soa("com", 900)), Outcome::kNxDomain);
  EXPECT_EQ(ToText(Finish().record(0).owner), "com");
}

TEST_F(AnswerTest, RefusesNxDomainWithAnAnswerForTheSameName) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                    .Rcode(3)
                    .Mx("example.com", 10, "mx.example.com")),
            Outcome::kMalformed);
  EXPECT_EQ(Finish().record_count(), 0);
}

TEST_F(AnswerTest, TakesAReferralForRefusalAndNotForNoData) {
  PacketBuilder referral("example.com", RrType::kMx);
  referral.Clear(PacketBuilder::kRa)
      .Section(Section::kAuthority)
      .Named("com", RrType::kNs, "a.gtld.example");
  Begin("example.com");
  EXPECT_EQ(Add(referral), Outcome::kRefused);
  EXPECT_EQ(Finish().record_count(), 0);
  EXPECT_EQ(Add(referral.Set(PacketBuilder::kRa)), Outcome::kNoData);
}

TEST_F(AnswerTest, ReadsTheErrorsOfTheHeader) {
  const std::vector<std::pair<int, Outcome>> table = {
      {1, Outcome::kFormErr},   {2, Outcome::kServFail},
      {4, Outcome::kFormErr},   {5, Outcome::kRefused},
      {6, Outcome::kMalformed}, {9, Outcome::kMalformed}};
  for (const auto& [rcode, outcome] : table) {
    Begin("example.com");
    EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                      .Rcode(rcode)
                      .Mx("example.com", 10, "mx.example.com")),
              outcome);
    EXPECT_EQ(Finish().header().rcode, rcode);
    EXPECT_EQ(Finish().record_count(), 0);
  }
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx).Opt({}, 1)),
            Outcome::kFormErr);
  EXPECT_EQ(Finish().header().rcode, 16);  // BADVERS
}

TEST_F(AnswerTest, UsesNothingOfATruncatedMessage) {
  Begin("example.com");
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kMx)
                    .Set(PacketBuilder::kTc)
                    .Mx("example.com", 10, "mx.example.com")),
            Outcome::kTruncated);
  EXPECT_EQ(Finish().record_count(), 0);
}

TEST_F(AnswerTest, KeepsFourExtendedErrorsOnceEachOverAllMessages) {
  Begin("example.com");
  Add(PacketBuilder("example.com", RrType::kMx).Rcode(2).Opt({22, 23, 22}));
  Add(PacketBuilder("example.com", RrType::kMx).Opt({23, 3, 4, 5}));
  const AnswerHeader header = Finish().header();
  EXPECT_EQ(header.extended_error_count, 4);
  EXPECT_THAT(header.extended_errors, ElementsAre(22, 23, 3, 4));
}

TEST_F(AnswerTest, IsAuthenticatedWhenEveryMessageThatContributedWas) {
  const PacketBuilder first = PacketBuilder("a.example", RrType::kMx)
                                  .Set(PacketBuilder::kAd)
                                  .Named("a.example", RrType::kCname, "b.test");
  PacketBuilder second =
      PacketBuilder("b.test", RrType::kMx).Mx("b.test", 10, "mx.test");
  Begin("a.example");
  Add(PacketBuilder("a.example", RrType::kMx).Rcode(2));  // Adds nothing.
  Add(first);
  EXPECT_TRUE(Finish().header().authenticated);
  Add(second);
  EXPECT_FALSE(Finish().header().authenticated);
  Begin("a.example");
  Add(first);
  Add(second.Set(PacketBuilder::kAd));
  EXPECT_TRUE(Finish().header().authenticated);
}

TEST_F(AnswerTest, TakesFromHowOnlyWhatIsGivenToFinish) {
  Begin("example.com");
  Add(PacketBuilder("example.com", RrType::kMx).Rcode(2));
  const AnswerHeader how = {.outcome = Outcome::kServFail,
                            .protocol = Protocol::kTcp,
                            .attempts = 5,
                            .upstream = 3,
                            .rtt_us = 1234,
                            .received_us = 5678,
                            .rcode = 9};
  const AnswerHeader header = builder_.Finish(how).header();
  EXPECT_EQ(header.outcome, Outcome::kServFail);
  EXPECT_EQ(header.protocol, Protocol::kTcp);
  EXPECT_EQ(header.attempts, 5);
  EXPECT_EQ(header.upstream, 3);
  EXPECT_EQ(header.rtt_us, 1234);
  EXPECT_EQ(header.received_us, 5678);
  EXPECT_EQ(header.rcode, 2);
  EXPECT_EQ(header.type, RrType::kMx);
}

TEST_F(AnswerTest, ExpandsAndLowersTheNamesInsideRdata) {
  Begin("example.com", RrType::kSrv);
  EXPECT_EQ(Add(PacketBuilder("example.com", RrType::kSrv)
                    .Srv("example.com", "srv.example.com")
                    .Section(Section::kAuthority)
                    .Soa("example.com", 9)
                    .Named("example.com", RrType::kNs, "ns.example.com")
                    .Section(Section::kAdditional)
                    .Txt("example.com", {"As It Came"})),
            Outcome::kAnswer);
  const Answer answer = Finish();
  const PacketBuilder::Bytes target = NameOctets("srv.example.com");
  EXPECT_EQ(answer.record(0).rdata.subspan(6), absl::MakeConstSpan(target));
  const absl::Span<const uint8_t> soa = answer.record(1).rdata;
  EXPECT_EQ(soa.size(), 16u + 24 + 20);
  EXPECT_EQ(ToText(NameView::Trusted(soa.subspan(16, 24))),
            "hostmaster.example.com");
  EXPECT_EQ(soa.back(), 9);
  EXPECT_EQ(ToText(NameView::Trusted(answer.record(2).rdata)),
            "ns.example.com");
  EXPECT_EQ(answer.record(3).rdata[1], 'A');
}

TEST_F(AnswerTest, LowersNamesThatCameInUpperCase) {
  PacketBuilder packet("a.example", RrType::kMx);
  packet.Compress(false).Mx("a.example", 10, "m.example");
  const size_t exchange = packet.size() - 11;
  packet.Poke(13, 'A').Poke(12 + 15 + 1, 'A').Poke(exchange + 1, 'M');
  Begin("a.example");
  EXPECT_EQ(Add(packet), Outcome::kAnswer);
  EXPECT_THAT(Exchanges(), ElementsAre("m.example"));
}

TEST_F(AnswerTest, IsOneBlockThatMayBeCopied) {
  Begin("a.example");
  Add(ChainOf(0));
  Begin("n0.example");
  Add(ChainOf(3));
  const Answer answer = Finish();
  std::vector<uint64_t> words((answer.block().size() + 7) / 8);
  std::memcpy(words.data(), answer.block().data(), answer.block().size());
  Begin("gone.example");
  const Answer copy(
      {reinterpret_cast<const uint8_t*>(words.data()), answer.block().size()});
  EXPECT_EQ(ToText(copy.name()), "n0.example");
  EXPECT_EQ(ToText(copy.end()), "n3.example");
  EXPECT_EQ(copy.step_count(), 3);
  EXPECT_TRUE(copy.Counts(copy.record(3)));
}

TEST_F(AnswerTest, IsOfSilenceWhenNothingCame) {
  Begin("example.com");
  const Answer answer = Finish();
  EXPECT_EQ(answer.outcome(), Outcome::kSilence);
  EXPECT_EQ(ToText(answer.name()), "example.com");
  EXPECT_EQ(answer.record_count(), 0);
  EXPECT_FALSE(answer.header().authenticated);
}

TEST_F(AnswerTest, RefusesAMessageThatExpandsBeyondAllBounds) {
  const std::string label(63, 'a');
  const std::string name =
      label + "." + label + "." + label + "." + std::string(61, 'b');
  PacketBuilder packet(name, RrType::kNs);
  while (packet.size() < 65000) packet.Named(name, RrType::kNs, name);
  Begin(name, RrType::kNs);
  EXPECT_EQ(Add(packet), Outcome::kMalformed);
  EXPECT_EQ(Finish().record_count(), 0);
}

TEST_F(AnswerTest, AllocatesNothingOnceTheBuilderIsWarm) {
  PacketBuilder packet = ChainOf(3);
  packet.Section(Section::kAdditional)
      .A("mx.example", "192.0.2.1")
      .Aaaa("mx.example", "2001:db8::1")
      .Opt({1});
  const PacketBuilder::Bytes bytes = packet.Build();
  const Question question = Ask("n0.example");
  int answers = 0;
  int64_t before = 0;
  for (int i = 0; i < 10000; ++i) {
    if (i == 1) before = AllocationCount();  // One message has warmed it.
    builder_.Begin(question);
    const std::optional<Message> message = Message::Read(bytes);
    answers += builder_.Add(*message) == Outcome::kAnswer;
    answers += builder_.Finish(AnswerHeader{}).record_count() == 6;
  }
  EXPECT_EQ(answers, 20000);
  EXPECT_EQ(AllocationCount() - before, 0);
}

}  // namespace
}  // namespace mxscan
