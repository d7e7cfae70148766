#include "scanner/task/domain_task.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/task/words.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A reply about example.com's MX, to be filled.
PacketBuilder Reply() { return PacketBuilder("example.com", RrType::kMx); }

// A task for example.com, the questions it asks as text, and what it learnt
// as one line an exchange.
class DomainTaskTest : public testing::Test, protected TaskLookups {
 protected:
  void Start(std::string_view domain = "example.com") {
    InputLine line;
    line.line = 1;
    line.input = domain;
    line.domain = *Name::FromText(domain);
    task_.Start(line, options_, *this);
  }

  // The server's reply to the MX question.
  void MxIs(const PacketBuilder& packet) {
    const std::optional<Message> message = Message::Read(packet.Build());
    ASSERT_TRUE(message);
    AnswerHeader how;
    BeginMx();
    how.outcome = builder_.Add(*message);
    task_.OnMx(builder_.Finish(how), suffixes_, *this);
  }

  // Nobody gave an answer.
  void MxFailed(Outcome outcome) {
    AnswerHeader how;
    how.outcome = outcome;
    BeginMx();
    task_.OnMx(builder_.Finish(how), suffixes_, *this);
  }

  // The server's reply to the TXT question, and that there was none.
  void TxtIs(const PacketBuilder& packet) {
    const std::optional<Message> message = Message::Read(packet.Build());
    ASSERT_TRUE(message);
    AnswerHeader how;
    BeginTxt();
    how.outcome = builder_.Add(*message);
    task_.OnTxt(builder_.Finish(how));
  }
  void TxtFailed(Outcome outcome) {
    AnswerHeader how;
    how.outcome = outcome;
    BeginTxt();
    task_.OnTxt(builder_.Finish(how));
  }

  // The answer to the first question for `host`.
  void HostIs(std::string_view host, HostFamily a, HostFamily aaaa,
              std::string_view end = {}) {
    const Name name = *Name::FromText(host);
    const Name end_name = end.empty() ? name : *Name::FromText(end);
    for (const Asked& asked : hosts_asked_) {
      if (asked.host != host) continue;
      task_.OnHost(asked.index, {name, end_name, a, aaaa}, suffixes_, *this);
      return;
    }
    FAIL() << host << " was not asked for";
  }

  HostFamily Addresses(std::vector<std::string_view> texts) {
    std::vector<IpAddress>& kept = kept_.emplace_back();
    for (std::string_view text : texts) {
      kept.push_back(*IpAddress::FromText(text));
    }
    return {Outcome::kAnswer, false, kept};
  }

  static HostFamily Ended(Outcome outcome) { return {outcome, false, {}}; }

  const DomainFacts& Facts() {
    EXPECT_TRUE(task_.done());
    task_.Fill(facts_);
    return facts_;
  }

  std::string_view Status() { return WordFor(Facts().status); }

  // `10 mx.example.com ok 192.0.2.1`, with ->alias and ?family behind.
  std::vector<std::string> Exchanges() {
    std::vector<std::string> lines;
    for (const ExchangeFacts& exchange : Facts().exchanges) {
      std::string line = std::to_string(exchange.preference) + " " +
                         std::string(exchange.exchange) + " " +
                         std::string(WordFor(exchange.state));
      for (const IpAddress& address : exchange.addresses) {
        line += " " + ToText(address);
      }
      if (!exchange.alias.empty()) line += " ->" + std::string(exchange.alias);
      if (exchange.a_unknown) line += " ?a";
      if (exchange.aaaa_unknown) line += " ?aaaa";
      lines.push_back(line);
    }
    return lines;
  }

  std::vector<std::string> HostsAsked() const {
    std::vector<std::string> hosts;
    for (const Asked& asked : hosts_asked_) hosts.push_back(asked.host);
    return hosts;
  }

  TaskOptions options_;
  std::vector<std::string> mx_asked_;
  std::vector<std::string> txt_asked_;
  DomainTask task_;

  // How the first SOA question ended.
  void SoaIs(Outcome outcome) {
    ASSERT_FALSE(soa_asked_.empty());
    Question question;
    question.name = *Name::FromText(soa_asked_.front().host);
    question.type = RrType::kSoa;
    builder_.Begin(question);
    AnswerHeader how;
    how.outcome = outcome;
    task_.OnSoa(soa_asked_.front().index, builder_.Finish(how));
  }

  // The names of the SOA questions, and that all questions so far are past.
  std::vector<std::string> SoaAsked() const {
    std::vector<std::string> names;
    for (const Asked& asked : soa_asked_) names.push_back(asked.host);
    return names;
  }
  void ForgetQuestions() {
    soa_asked_.clear();
    hosts_asked_.clear();
  }

 private:
  struct Asked {
    std::string host;
    int index;
  };

  void AskMx(NameView domain) override { mx_asked_.push_back(ToText(domain)); }
  void AskHost(NameView host, int index) override {
    hosts_asked_.push_back({ToText(host), index});
  }

  void AskTxt(NameView domain) override {
    txt_asked_.push_back(ToText(domain));
  }

  void AskSoa(NameView domain, int index) override {
    soa_asked_.push_back({ToText(domain), index});
  }

  void BeginTxt() {
    Question question;
    question.name = *Name::FromText("example.com");
    question.type = RrType::kTxt;
    builder_.Begin(question);
  }
  void BeginMx() {
    Question question;
    question.name = *Name::FromText("example.com");
    builder_.Begin(question);
  }

  AnswerBuilder builder_;
  PublicSuffixes suffixes_ = *PublicSuffixes::System();
  std::vector<Asked> hosts_asked_;
  std::vector<Asked> soa_asked_;
  std::deque<std::vector<IpAddress>> kept_;
  DomainFacts facts_;
};

TEST_F(DomainTaskTest, AsksForMxAndThenForEveryExchangeAtOnce) {
  Start();
  EXPECT_THAT(mx_asked_, ElementsAre("example.com"));
  MxIs(Reply()
           .Mx("example.com", 20, "mx2.example.com")
           .Mx("example.com", 10, "mx1.example.com"));
  EXPECT_THAT(HostsAsked(), testing::UnorderedElementsAre("mx1.example.com",
                                                          "mx2.example.com"));
  HostIs("mx2.example.com", Addresses({"192.0.2.2"}), Ended(Outcome::kNoData));
  EXPECT_FALSE(task_.done());
  HostIs("mx1.example.com", Addresses({"192.0.2.1"}),
         Addresses({"2001:db8::1"}));
  EXPECT_EQ(Status(), "ok");
  EXPECT_THAT(Exchanges(),
              ElementsAre("10 mx1.example.com ok 192.0.2.1 2001:db8::1",
                          "20 mx2.example.com ok 192.0.2.2"));
}

TEST_F(DomainTaskTest, ALineThatIsNoDomainIsDoneWithoutAQuestion) {
  InputLine line;
  line.input = "a..b";
  line.invalid = "empty_label";
  task_.Start(line, options_, *this);
  EXPECT_THAT(mx_asked_, IsEmpty());
  EXPECT_EQ(Status(), "invalid_input");
  EXPECT_EQ(Facts().detail, "empty_label");
}

TEST_F(DomainTaskTest, EqualRecordsAreOneAndAHostAtTwoPreferencesIsAskedOnce) {
  Start();
  MxIs(Reply()
           .Mx("example.com", 10, "mx1.example.com")
           .Mx("example.com", 10, "MX1.Example.COM")
           .Mx("example.com", 20, "mx1.example.com"));
  EXPECT_THAT(HostsAsked(), ElementsAre("mx1.example.com"));
  HostIs("mx1.example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kNoData));
  EXPECT_THAT(Exchanges(), ElementsAre("10 mx1.example.com ok 192.0.2.1",
                                       "20 mx1.example.com ok 192.0.2.1"));
}

TEST_F(DomainTaskTest, TheNullExchangeAloneIsNullMxWhateverItsPreference) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "."));
  EXPECT_THAT(HostsAsked(), IsEmpty());
  EXPECT_EQ(Status(), "null_mx");
  EXPECT_THAT(Exchanges(), ElementsAre("10 . null"));
}

TEST_F(DomainTaskTest, TheNullExchangeBesideAnotherIsNotNullMx) {
  Start();
  MxIs(Reply()
           .Mx("example.com", 0, ".")
           .Mx("example.com", 10, "mx1.example.com"));
  HostIs("mx1.example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kNoData));
  EXPECT_EQ(Status(), "ok");
  EXPECT_THAT(Exchanges(),
              ElementsAre("0 . null", "10 mx1.example.com ok 192.0.2.1"));
}

TEST_F(DomainTaskTest, AHostWhoseShapeRulesItOutIsNotQueried) {
  Start();
  MxIs(Reply()
           .Mx("example.com", 5, "localhost")
           .Mx("example.com", 10, "192.0.2.1"));
  EXPECT_THAT(HostsAsked(), IsEmpty());
  EXPECT_EQ(Status(), "ok");
  EXPECT_THAT(Exchanges(), ElementsAre("5 localhost not_queried",
                                       "10 192.0.2.1 not_queried"));
}

TEST_F(DomainTaskTest, TheStateOfAHostTellsAbsentFromUnknown) {
  Start();
  MxIs(Reply()
           .Mx("example.com", 10, "a.example.com")
           .Mx("example.com", 20, "b.example.com")
           .Mx("example.com", 30, "c.example.com")
           .Mx("example.com", 40, "d.example.com")
           .Mx("example.com", 50, "e.example.com"));
  HostIs("a.example.com", Ended(Outcome::kNxDomain), Ended(Outcome::kNxDomain));
  HostIs("b.example.com", Ended(Outcome::kNoData), Ended(Outcome::kNoData));
  HostIs("c.example.com", Ended(Outcome::kServFail), Ended(Outcome::kNoData));
  HostIs("d.example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kSilence));
  HostIs("e.example.com", Ended(Outcome::kLoop), Ended(Outcome::kLoop));
  EXPECT_THAT(Exchanges(), ElementsAre("10 a.example.com nxdomain",
                                       "20 b.example.com nodata",
                                       "30 c.example.com failed ?a",
                                       "40 d.example.com ok 192.0.2.1 ?aaaa",
                                       "50 e.example.com loop"));
}

TEST_F(DomainTaskTest, AnAliasAtAnExchangeIsRecorded) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "mx.example.com"));
  HostIs("mx.example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kNoData),
         "real.example.net");
  EXPECT_THAT(Exchanges(),
              ElementsAre("10 mx.example.com ok 192.0.2.1 ->real.example.net"));
}

TEST_F(DomainTaskTest, AChainThatGoesInCirclesHasNoEndToName) {
  Start();
  MxIs(Reply()
           .Named("example.com", RrType::kCname, "a.example.net")
           .Named("a.example.net", RrType::kCname, "b.example.net")
           .Named("b.example.net", RrType::kCname, "a.example.net"));
  EXPECT_EQ(Facts().detail, "alias_loop");
  EXPECT_EQ(Facts().alias, "");
  Start();
  MxIs(Reply().Mx("example.com", 10, "mx.example.com"));
  HostIs("mx.example.com", Ended(Outcome::kLoop), Ended(Outcome::kLoop),
         "a.example.net");
  EXPECT_THAT(Exchanges(), ElementsAre("10 mx.example.com loop"));
}

TEST_F(DomainTaskTest, AnAliasAtTheDomainIsFollowedToItsEnd) {
  Start();
  MxIs(Reply()
           .Named("example.com", RrType::kCname, "target.example.net")
           .Mx("target.example.net", 10, "mx.example.net")
           .Mx("example.com", 10, "stray.example.com"));
  HostIs("mx.example.net", Addresses({"192.0.2.1"}), Ended(Outcome::kNoData));
  EXPECT_EQ(Facts().alias, "target.example.net");
  EXPECT_THAT(Exchanges(), ElementsAre("10 mx.example.net ok 192.0.2.1"));
}

TEST_F(DomainTaskTest, WithoutMxTheEndOfTheChainIsAskedForItsAddresses) {
  Start();
  MxIs(Reply().Named("example.com", RrType::kCname, "target.example.net"));
  EXPECT_THAT(HostsAsked(), ElementsAre("target.example.net"));
  HostIs("target.example.net", Addresses({"192.0.2.1"}),
         Ended(Outcome::kNoData));
  EXPECT_EQ(Status(), "implicit_mx");
  ASSERT_TRUE(Facts().own_addresses);
  EXPECT_EQ(Facts().own_addresses->size(), 1u);
}

TEST_F(DomainTaskTest, NoMailNeedsBothFamiliesToBeDefinitelyAbsent) {
  Start();
  MxIs(Reply());
  HostIs("example.com", Ended(Outcome::kNoData), Ended(Outcome::kNoData));
  EXPECT_EQ(Status(), "no_mail");
  EXPECT_EQ(Facts().detail, "");
}

TEST_F(DomainTaskTest, AFailedFamilyWithoutAnAddressIsIndeterminate) {
  Start();
  MxIs(Reply());
  HostIs("example.com", Ended(Outcome::kNoData), Ended(Outcome::kServFail));
  EXPECT_EQ(Status(), "indeterminate");
  EXPECT_EQ(Facts().detail, "aaaa_unknown");
}

TEST_F(DomainTaskTest, AnAddressIsImplicitMxEvenIfTheOtherFamilyFailed) {
  Start();
  MxIs(Reply());
  HostIs("example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kSilence));
  EXPECT_EQ(Status(), "implicit_mx");
  EXPECT_EQ(Facts().detail, "aaaa_unknown");
}

TEST_F(DomainTaskTest, NotAskingForAddressesIsNotTheSameAsThereBeingNone) {
  options_.implicit = false;
  Start();
  MxIs(Reply());
  EXPECT_EQ(Status(), "indeterminate");
  EXPECT_EQ(Facts().detail, "addresses_not_asked");
  EXPECT_FALSE(Facts().own_addresses);
}

TEST_F(DomainTaskTest, ExchangesStandUnqueriedWhenAddressesAreNotWanted) {
  options_.addresses = false;
  Start();
  MxIs(Reply().Mx("example.com", 10, "mx.example.com"));
  EXPECT_EQ(Status(), "ok");
  EXPECT_THAT(Exchanges(), ElementsAre("10 mx.example.com not_queried"));
}

TEST_F(DomainTaskTest, ANameThatDoesNotExistIsSettledByTheMxAnswer) {
  Start();
  MxIs(Reply().Rcode(3));
  EXPECT_EQ(Status(), "nxdomain");
  EXPECT_TRUE(Facts().mx_known);
  EXPECT_THAT(HostsAsked(), IsEmpty());
}

TEST_F(DomainTaskTest, AFailedMxLookupIsNeverAnAbsence) {
  const struct {
    Outcome outcome;
    std::string_view status;
  } kCases[] = {{Outcome::kServFail, "servfail"},
                {Outcome::kRefused, "refused"},
                {Outcome::kSilence, "timeout"},
                {Outcome::kMalformed, "malformed"},
                {Outcome::kLoop, "servfail"}};
  for (const auto& test : kCases) {
    Start();
    MxFailed(test.outcome);
    EXPECT_EQ(Status(), test.status);
    EXPECT_THAT(HostsAsked(), IsEmpty());
    EXPECT_FALSE(Facts().mx_known);
  }
}

TEST_F(DomainTaskTest, TheDetailNamesWhatTheServerSaidOfItsFailure) {
  Start();
  MxIs(Reply().Rcode(2).Opt({22}));
  EXPECT_EQ(Facts().detail, "ede_22");
  Start();
  MxIs(Reply().Rcode(9));
  EXPECT_EQ(Facts().detail, "rcode_9");
  Start();
  MxFailed(Outcome::kLoop);
  EXPECT_EQ(Facts().detail, "alias_loop");
}

TEST_F(DomainTaskTest, ATaskThatStartsAgainRemembersNothing) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "mx.example.com"));
  HostIs("mx.example.com", Addresses({"192.0.2.1"}), Ended(Outcome::kSilence),
         "other.example.com");
  Start("example.org");
  MxFailed(Outcome::kSilence);
  EXPECT_EQ(Status(), "timeout");
  EXPECT_THAT(Exchanges(), IsEmpty());
  EXPECT_EQ(Facts().alias, "");
  EXPECT_FALSE(Facts().own_addresses);
}

TEST_F(DomainTaskTest, AsksForTxtWhenItIsTold) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "localhost"));
  EXPECT_FALSE(Facts().txt);
  EXPECT_FALSE(task_.txt_asked());
  task_.AskTxt(*this);
  EXPECT_FALSE(task_.done());
  EXPECT_TRUE(task_.txt_asked());
  EXPECT_THAT(txt_asked_, ElementsAre("example.com"));
  TxtIs(PacketBuilder("example.com", RrType::kTxt)
            .Txt("example.com", {"v=spf1 inc", "lude:a.example -all"})
            .Txt("example.com", {""})
            .Txt("other.com", {"not ours"}));
  ASSERT_TRUE(Facts().txt);
  EXPECT_THAT(*Facts().txt, ElementsAre("v=spf1 include:a.example -all", ""));
}

TEST_F(DomainTaskTest, TellsNoTxtFromTxtThatNobodyKnows) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "localhost"));
  task_.AskTxt(*this);
  TxtFailed(Outcome::kServFail);
  EXPECT_FALSE(Facts().txt);
  Start();
  MxIs(Reply().Mx("example.com", 10, "localhost"));
  task_.AskTxt(*this);
  TxtFailed(Outcome::kNoData);
  ASSERT_TRUE(Facts().txt);
  EXPECT_THAT(*Facts().txt, IsEmpty());
}

TEST_F(DomainTaskTest, AsksWhetherTheDomainOfAMissingExchangeIsRegistered) {
  for (const auto& [outcome, found] :
       {std::pair(Outcome::kNxDomain, Registration::kNone),
        std::pair(Outcome::kAnswer, Registration::kExists),
        std::pair(Outcome::kNoData, Registration::kExists),
        std::pair(Outcome::kServFail, Registration::kUnknown)}) {
    ForgetQuestions();
    Start();
    MxIs(Reply().Mx("example.com", 10, "a.lapsed.co.uk"));
    const HostFamily silent = Ended(Outcome::kSilence);
    HostIs("a.lapsed.co.uk", Ended(Outcome::kNxDomain), silent);
    EXPECT_THAT(SoaAsked(), ElementsAre("lapsed.co.uk"));
    SoaIs(outcome);
    EXPECT_EQ(Facts().exchanges[0].registration, found);
  }
}

TEST_F(DomainTaskTest, AsksOfNoRegistrationWhereNothingCanBeRegistered) {
  Start();
  MxIs(Reply()
           .Mx("example.com", 10, "gone.example.com")
           .Mx("example.com", 10, "gone.co.uk")
           .Mx("example.com", 10, "mx.corp"));
  for (const char* host : {"gone.example.com", "gone.co.uk", "mx.corp"}) {
    HostIs(host, Ended(Outcome::kNxDomain), Ended(Outcome::kNxDomain));
  }
  EXPECT_THAT(SoaAsked(), ElementsAre("gone.co.uk"));
}

TEST_F(DomainTaskTest, GoesByTheEndOfTheAliasOfAMissingExchange) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "mx.example.com"));
  HostIs("mx.example.com", Ended(Outcome::kNxDomain), Ended(Outcome::kNxDomain),
         "in.lapsed.net");
  EXPECT_THAT(SoaAsked(), ElementsAre("lapsed.net"));
}

TEST_F(DomainTaskTest, ForgetsTheTxtOfTheDomainBefore) {
  Start();
  MxIs(Reply().Mx("example.com", 10, "localhost"));
  task_.AskTxt(*this);
  TxtIs(PacketBuilder("example.com", RrType::kTxt).Txt("example.com", {"x"}));
  Start();
  MxIs(Reply().Mx("example.com", 10, "localhost"));
  EXPECT_FALSE(Facts().txt);
  EXPECT_FALSE(task_.txt_asked());
}

}  // namespace
}  // namespace mxscan
