#include "scanner/collect/check_task.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/zone_lookups.h"

namespace mxscan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kGood = "v=TLSRPTv1; rua=mailto:a@example.com";

// example.com, which takes mail, and what its zone says.
class CheckTaskTest : public testing::Test {
 protected:
  CheckTaskTest() { facts_.status = DomainStatus::kOk; }

  const CheckFacts& Learn(std::string_view domain = "example.com") {
    const Name name = *Name::FromText(domain);
    zone_.Run(task_, {facts_, verdict_, name, suffixes_, providers_,
                      upstreams_validate_, fetches_});
    task_.Fill(learnt_);
    return learnt_;
  }

  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  bool upstreams_validate_ = true;
  bool fetches_ = false;
  DomainFacts facts_;
  Verdict verdict_;
  ZoneLookups zone_;
  CheckTask task_{CheckSet().Add(CheckGroup::kTlsRpt)};
  CheckFacts learnt_;
};

TEST_F(CheckTaskTest, LearnsWhatTheZoneSays) {
  zone_.Txt("_smtp._tls.example.com", "other");
  zone_.Txt("_smtp._tls.example.com", kGood);
  const TlsRptFacts& facts = *Learn().tls_rpt;
  EXPECT_THAT(zone_.asked(), ElementsAre("_smtp._tls.example.com 16"));
  EXPECT_TRUE(facts.known);
  EXPECT_TRUE(facts.valid);
  EXPECT_EQ(facts.text, kGood);
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(CheckTaskTest, KeepsTheLeastOfSeveralRecordsWhateverTheirOrder) {
  zone_.Txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:z@example.com");
  zone_.Txt("_smtp._tls.example.com", kGood);
  const TlsRptFacts& facts = *Learn().tls_rpt;
  EXPECT_EQ(facts.records, 2);
  EXPECT_FALSE(facts.valid);
  EXPECT_EQ(facts.text, kGood);
}

TEST_F(CheckTaskTest, ForgetsTheDomainBefore) {
  zone_.Txt("_smtp._tls.example.com", kGood);
  zone_.Fails("_smtp._tls.example.net");
  EXPECT_TRUE(Learn().tls_rpt->valid);
  EXPECT_FALSE(Learn("example.net").tls_rpt->known);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_EQ(learnt_.failed->name, "_smtp._tls.example.net");
  EXPECT_EQ(learnt_.failed->type, RrType::kTxt);
  EXPECT_TRUE(Learn("example.org").tls_rpt->known);
  EXPECT_EQ(learnt_.tls_rpt->records, 0);
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(CheckTaskTest, AsksNothingForADomainThatTakesNoMail) {
  facts_.status = DomainStatus::kNullMx;
  EXPECT_FALSE(Learn().tls_rpt);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(CheckTaskTest, KnowsThatNothingStandsBelowANameThatIsTooLong) {
  const std::string label(61, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  EXPECT_TRUE(Learn(longest).tls_rpt->known);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

// Of MTA-STS, in the same fixture.
class MtaStsCollectorTest : public CheckTaskTest {
 protected:
  MtaStsCollectorTest() {
    task_ = CheckTask(CheckSet().Add(CheckGroup::kMtaSts));
  }
  PolicyHost HostIs() { return Learn().mta_sts->host; }
};

TEST_F(MtaStsCollectorTest, AsksForTheHostOfAPolicyThatIsAnnounced) {
  zone_.Txt("_mta-sts.example.com", "v=STSv1; id=1");
  EXPECT_EQ(HostIs(), PolicyHost::kNone);
  EXPECT_EQ(learnt_.mta_sts->host_name, "mta-sts.example.com");
  zone_.A("mta-sts.example.com", "192.0.2.1");
  EXPECT_EQ(HostIs(), PolicyHost::kThere);
}

TEST_F(MtaStsCollectorTest, TakesAFailureForNoAbsence) {
  zone_.Txt("_mta-sts.example.com", "v=STSv1; id=1");
  zone_.Fails("mta-sts.example.com");
  EXPECT_EQ(HostIs(), PolicyHost::kUnknown);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_EQ(learnt_.failed->type, RrType::kA);
  zone_.Fails("_mta-sts.example.com");
  EXPECT_EQ(HostIs(), PolicyHost::kNotAsked);
  EXPECT_FALSE(learnt_.mta_sts->known);
}

// Of its policy.
class MtaStsPolicyTest : public MtaStsCollectorTest {
 protected:
  static constexpr std::string_view kUrl =
      "https://mta-sts.example.com/.well-known/mta-sts.txt";

  MtaStsPolicyTest() {
    fetches_ = true;
    zone_.Txt("_mta-sts.example.com", "v=STSv1; id=1");
    zone_.A("mta-sts.example.com", "44.10.1.1");
  }
};

TEST_F(MtaStsPolicyTest, IsFetchedFromTheHostThatShouldHaveIt) {
  zone_.File(kUrl, FetchOutcome::kFile,
             "version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 1\n");
  const MtaStsFacts& facts = *Learn().mta_sts;
  EXPECT_EQ(facts.fetched, FetchOutcome::kFile);
  ASSERT_NE(facts.policy, nullptr);
  EXPECT_EQ(facts.policy->mode(), MtaStsMode::kTesting);
  EXPECT_TRUE(facts.policy->Fits("mx.example.com"));
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(MtaStsPolicyTest, IsNoneWhenSomethingElseComes) {
  zone_.File(kUrl, FetchOutcome::kFile, "<html>");
  EXPECT_EQ(Learn().mta_sts->fetched, FetchOutcome::kFile);
  EXPECT_EQ(learnt_.mta_sts->policy, nullptr);
  zone_.File(kUrl, FetchOutcome::kRedirect);
  EXPECT_EQ(Learn().mta_sts->fetched, FetchOutcome::kRedirect);
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(MtaStsPolicyTest, IsUnknownWhenItsHostCannotBeReached) {
  zone_.Fails(kUrl);
  EXPECT_EQ(Learn().mta_sts->fetched, FetchOutcome::kUnreachable);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_TRUE(learnt_.failed->is_file);
  EXPECT_EQ(learnt_.failed->name, "mta-sts.example.com");
}

TEST_F(MtaStsPolicyTest, OfTheDomainBeforeIsForgotten) {
  zone_.File(kUrl, FetchOutcome::kFile,
             "version: STSv1\nmode: none\nmax_age: 1\n");
  EXPECT_NE(Learn().mta_sts->policy, nullptr);
  EXPECT_EQ(Learn("example.net").mta_sts->policy, nullptr);
  EXPECT_FALSE(learnt_.mta_sts->fetched);
}

TEST_F(MtaStsPolicyTest, IsNotAskedForUnlessItMayBe) {
  fetches_ = false;
  EXPECT_FALSE(Learn().mta_sts->fetched);
  EXPECT_EQ(learnt_.mta_sts->host, PolicyHost::kThere);
  EXPECT_THAT(zone_.asked(), Not(Contains(kUrl)));
}

TEST_F(MtaStsCollectorTest, AsksForNoHostWithoutARecordThatCanBeUsed) {
  zone_.Txt("_mta-sts.example.com", "v=STSv1; id=not-one");
  EXPECT_EQ(HostIs(), PolicyHost::kNotAsked);
  EXPECT_EQ(learnt_.mta_sts->records, 1);
  EXPECT_FALSE(learnt_.mta_sts->valid);
}

// Two exchanges of example.com with validated addresses, and validated MX.
class DaneCollectorTest : public CheckTaskTest {
 protected:
  DaneCollectorTest() {
    task_ = CheckTask(CheckSet().Add(CheckGroup::kDane));
    facts_.how.emplace().authenticated = true;
    Add(0, "mx1.example.com");
    Add(1, "mx2.example.com");
    Add(0, "mx1.example.com");  // At another preference.
  }

  void Add(int number, std::string_view name) {
    ExchangeFacts& exchange = facts_.exchanges.emplace_back();
    exchange.host = number;
    exchange.exchange = name;
    exchange.state = HostState::kOk;
    exchange.secure_addresses = true;
  }

  static std::vector<uint8_t> Record(uint8_t usage) {
    std::vector<uint8_t> rdata(35, 0xaa);
    rdata[0] = usage;
    rdata[1] = rdata[2] = 1;
    return rdata;
  }
};

TEST_F(DaneCollectorTest, AsksForEachExchangeOnce) {
  zone_.Raw("_25._tcp.mx1.example.com", RrType::kTlsa, Record(3));
  zone_.Signed("_25._tcp.mx1.example.com");
  const DaneFacts& facts = *Learn().dane;
  EXPECT_THAT(zone_.asked(), ElementsAre("_25._tcp.mx1.example.com 52",
                                         "_25._tcp.mx2.example.com 52"));
  EXPECT_TRUE(facts.secure_mx);
  ASSERT_EQ(facts.hosts.size(), 2u);
  EXPECT_EQ(facts.hosts[0].name, "mx1.example.com");
  EXPECT_EQ(facts.hosts[0].tlsa, Tlsa::kUsable);
  EXPECT_TRUE(facts.hosts[0].secure_tlsa);
  EXPECT_EQ(facts.hosts[1].tlsa, Tlsa::kNone);
}

TEST_F(DaneCollectorTest, TellsOfAFailureOnlyWhereAddressesAreValidated) {
  zone_.Fails("_25._tcp.mx1.example.com").Fails("_25._tcp.mx2.example.com");
  facts_.exchanges[0].secure_addresses = false;
  EXPECT_EQ(Learn().dane->hosts[0].tlsa, Tlsa::kUnknown);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_EQ(learnt_.failed->name, "_25._tcp.mx2.example.com");
  facts_.exchanges[1].secure_addresses = false;
  EXPECT_FALSE(Learn().failed);
}

TEST_F(DaneCollectorTest, TakesTheBestOfSeveralRecords) {
  zone_.Raw("_25._tcp.mx1.example.com", RrType::kTlsa, Record(1));
  EXPECT_EQ(Learn().dane->hosts[0].tlsa, Tlsa::kUnusable);
  zone_.Raw("_25._tcp.mx1.example.com", RrType::kTlsa, Record(2));
  EXPECT_EQ(Learn().dane->hosts[0].tlsa, Tlsa::kUsable);
}

// The exchange mx1 is an alias, and mx2 is not there.
class DaneAliasTest : public DaneCollectorTest {
 protected:
  DaneAliasTest() {
    facts_.exchanges.resize(1);
    facts_.exchanges[0].alias = "end.example.net";
  }
  ZoneLookups& Tlsa(std::string_view host, uint8_t usage) {
    const std::string name = "_25._tcp." + std::string(host);
    return zone_.Raw(name, RrType::kTlsa, Record(usage)).Signed(name);
  }
  const DaneHost& Found() { return Learn().dane->hosts[0]; }
};

TEST_F(DaneAliasTest, HasItsRecordsAtTheEndOfAValidatedChain) {
  Tlsa("end.example.net", 3);
  Tlsa("mx1.example.com", 1);
  EXPECT_EQ(Found().name, "mx1.example.com");
  EXPECT_EQ(learnt_.dane->hosts[0].tlsa, Tlsa::kUsable);
  EXPECT_TRUE(learnt_.dane->hosts[0].secure_tlsa);
  EXPECT_THAT(zone_.asked(), ElementsAre("_25._tcp.end.example.net 52"));
}

TEST_F(DaneAliasTest, HasThemAtItsOwnNameWithoutAnyThere) {
  Tlsa("mx1.example.com", 3);
  EXPECT_EQ(Found().tlsa, Tlsa::kUsable);
  EXPECT_THAT(zone_.asked(), ElementsAre("_25._tcp.end.example.net 52",
                                         "_25._tcp.mx1.example.com 52"));
}

TEST_F(DaneAliasTest, TakesRecordsThatAreNotValidatedForNone) {
  zone_.Raw("_25._tcp.end.example.net", RrType::kTlsa, Record(3));
  EXPECT_EQ(Found().tlsa, Tlsa::kNone);
}

TEST_F(DaneAliasTest, GoesNoFurtherThanALookupThatFails) {
  zone_.Fails("_25._tcp.end.example.net");
  Tlsa("mx1.example.com", 3);
  EXPECT_EQ(Found().tlsa, Tlsa::kUnknown);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_EQ(learnt_.failed->name, "_25._tcp.end.example.net");
}

TEST_F(DaneAliasTest, IsNotFollowedThroughAChainThatIsNotValidated) {
  facts_.exchanges[0].secure_addresses = false;
  Tlsa("end.example.net", 3);
  EXPECT_EQ(Found().tlsa, Tlsa::kNone);
  EXPECT_THAT(zone_.asked(), ElementsAre("_25._tcp.mx1.example.com 52"));
}

TEST_F(DaneAliasTest, MayEndAtANameThatIsTooLongForRecords) {
  const std::string label(61, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  facts_.exchanges[0].alias = longest;
  Tlsa("mx1.example.com", 3);
  EXPECT_EQ(Found().tlsa, Tlsa::kUsable);
  facts_.exchanges[0].exchange = longest;
  EXPECT_EQ(Found().tlsa, Tlsa::kNone);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(DaneCollectorTest, AsksNothingBehindUpstreamsThatDoNotValidate) {
  upstreams_validate_ = false;
  EXPECT_FALSE(Learn().dane);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

class DnssecCollectorTest : public CheckTaskTest {
 protected:
  DnssecCollectorTest() {
    task_ = CheckTask(CheckSet().Add(CheckGroup::kDnssec));
    facts_.status = DomainStatus::kServFail;
    facts_.how.emplace().outcome = Outcome::kServFail;
  }
  std::vector<std::string_view> Bogus() {
    const auto bogus = Learn().dnssec->bogus;
    return {bogus.begin(), bogus.end()};
  }
};

TEST_F(DnssecCollectorTest, TellsABrokenSignatureFromABrokenServer) {
  zone_.Fails("example.com");
  EXPECT_THAT(Bogus(), ElementsAre(""));  // The answer is there, unchecked.
  EXPECT_THAT(zone_.asked(), ElementsAre("example.com 15", "example.com 15"));
  EXPECT_FALSE(learnt_.failed);
  facts_.how->outcome = Outcome::kSilence;
  EXPECT_THAT(Bogus(), IsEmpty());
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(DnssecCollectorTest, TakesAServerThatFailedOnceForNothingWorse) {
  zone_.Mx("example.com", "mx.example.com");
  EXPECT_THAT(Bogus(), IsEmpty());
  EXPECT_THAT(zone_.asked(), ElementsAre("example.com 15", "example.com 15"));
  zone_.Fails("example.com", Outcome::kSilence);
  EXPECT_THAT(Bogus(), IsEmpty());  // Nobody says so the second time.
}

TEST_F(DnssecCollectorTest, BelievesAnExtendedErrorAtOnce) {
  facts_.how->extended_error_count = 2;
  facts_.how->extended_errors = {22, 7};
  EXPECT_THAT(Bogus(), ElementsAre(""));
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(DnssecCollectorTest, SaysNothingBehindUpstreamsThatDoNotValidate) {
  upstreams_validate_ = false;
  facts_.how->extended_error_count = 1;
  facts_.how->extended_errors = {7};
  EXPECT_FALSE(Learn().dnssec);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(DnssecCollectorTest, LooksAtTheExchangesThatFailed) {
  facts_.status = DomainStatus::kOk;
  facts_.how->outcome = Outcome::kAnswer;
  ExchangeFacts& exchange = facts_.exchanges.emplace_back();
  exchange.exchange = "mx.example.com";
  exchange.a_unknown = true;
  EXPECT_THAT(Bogus(), IsEmpty());
  exchange.servfail = true;
  EXPECT_THAT(Bogus(), IsEmpty());  // It has an answer by now.
  zone_.Fails("mx.example.com");
  EXPECT_THAT(Bogus(), ElementsAre("mx.example.com"));
  EXPECT_THAT(zone_.asked(),
              ElementsAre("mx.example.com 1", "mx.example.com 1"));
}

TEST_F(DnssecCollectorTest, AsksTwiceForEachLookupThatFailedAndNoMore) {
  facts_.status = DomainStatus::kOk;
  facts_.how->outcome = Outcome::kAnswer;
  for (const char* name : {"mx1.example.com", "mx2.example.com"}) {
    ExchangeFacts& exchange = facts_.exchanges.emplace_back();
    exchange.exchange = name;
    exchange.servfail = exchange.a_unknown = exchange.aaaa_unknown = true;
    zone_.Fails(name);
  }
  EXPECT_EQ(Bogus().size(), 4u);
  EXPECT_EQ(zone_.asked().size(), 8u);
}

}  // namespace
}  // namespace mxscan
