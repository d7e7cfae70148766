#include "scanner/classify/classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kTable =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "gate\tname\tThe Gate\t\ts\t2026-11\n"
    "gate\tcategory\tgateway\t\ts\t2026-11\n"
    "gate\tsuffix\tgate.example\t\ts\t2026-11\n"
    "gate\tretired\toldgate.example\t\ts\t2026-11\n"
    "host\tname\tA Host\t\ts\t2026-11\n"
    "host\tcategory\thosting\t\ts\t2026-11\n"
    "host\tsuffix\tmx.host.com\t\ts\t2026-11\n"
    "box\tname\tThe Box\t\ts\t2026-11\n"
    "box\tcategory\tmailbox\t\ts\t2026-11\n"
    "box\tspf\tspf.box.example\t\ts\t2026-11\n"
    "box\tsuffix\tmx.box.example\t\ts\t2026-11\n"
    "crate\tname\tThe Crate\t\ts\t2026-11\n"
    "crate\tcategory\tmailbox\t\ts\t2026-11\n"
    "crate\tspf\tspf.crate.example\t\ts\t2026-11\n"
    "crate\tsuffix\tmx.crate.example\t\ts\t2026-11\n"
    "rent\tname\tRented servers\t\ts\t2026-11\n"
    "rent\tcategory\tselfhosted\t\ts\t2026-11\n"
    "rent\tpattern\tvps*.host.com\t\ts\t2026-11\n"
    "unfinished\tname\tUnfinished tenant\t\ts\t2026-11\n"
    "unfinished\tcategory\tparking\t\ts\t2026-11\n"
    "unfinished\tsuffix\tmsv1.invalid\t\ts\t2026-11\n";

class ClassifierTest : public testing::Test {
 protected:
  // Facts of `domain` with these exchanges in delivery order.
  static DomainFacts Facts(std::string_view domain,
                           std::vector<std::string_view> exchanges) {
    DomainFacts facts;
    facts.line.domain = *Name::FromText(domain);
    facts.domain = ToText(facts.line.domain);
    facts.status = DomainStatus::kOk;
    int preference = 0;
    for (std::string_view exchange : exchanges) {
      ExchangeFacts mx;
      mx.preference = preference += 10;
      mx.exchange = exchange;
      mx.state = HostState::kOk;
      facts.exchanges.push_back(mx);
    }
    return facts;
  }

  const Verdict& Classify(const DomainFacts& facts) {
    classifier_.Classify(facts, verdict_);
    return verdict_;
  }
  const Verdict& Classify(std::string_view domain,
                          std::vector<std::string_view> exchanges) {
    return Classify(Facts(domain, std::move(exchanges)));
  }

  std::vector<std::string_view> ExchangeProviders() const {
    std::vector<std::string_view> ids;
    for (const ExchangeVerdict& mx : verdict_.exchanges) {
      ids.push_back(mx.provider);
    }
    return ids;
  }

  const ProviderTable table_ = *ProviderTable::Parse("t.tsv", kTable);
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  AddressEvidence addresses_;
  Classifier classifier_{{&table_, &suffixes_, &addresses_}};
  Verdict verdict_;
};

TEST_F(ClassifierTest, GoesByThePrimaryExchange) {
  const Verdict& verdict =
      Classify("shop.de", {"a.gate.example", "mail.shop.de", "x.else.org"});
  EXPECT_EQ(verdict.primary_mx, "a.gate.example");
  EXPECT_EQ(verdict.provider, "gate");
  EXPECT_EQ(verdict.provider_name, "The Gate");
  EXPECT_EQ(verdict.provider_category, "gateway");
  EXPECT_EQ(verdict.via, Via::kMxSuffix);
  EXPECT_EQ(verdict.mx_domain, "gate.example");
}

TEST_F(ClassifierTest, NamesTheProviderOfEveryExchangeAndEachOnce) {
  const Verdict& verdict =
      Classify("shop.de", {"mail.shop.de", "a.gate.example", "b.gate.example",
                           "x.else.org", "1.mx.host.com", "mx2.shop.de"});
  EXPECT_THAT(ExchangeProviders(),
              ElementsAre("own_name", "gate", "gate", "unattributed", "host",
                          "own_name"));
  EXPECT_THAT(verdict.providers,
              ElementsAre("own_name", "gate", "unattributed", "host"));
}

TEST_F(ClassifierTest, CallsAnExchangeTheDomainsOwnBelowItsRegistrableDomain) {
  const Verdict& verdict = Classify("lab.shop.co.uk", {"mail.shop.co.uk"});
  EXPECT_EQ(verdict.provider, "own_name");
  EXPECT_EQ(verdict.provider_name, "");
  EXPECT_EQ(verdict.provider_category, "selfhosted");
  EXPECT_EQ(verdict.via, Via::kOwnName);
  EXPECT_EQ(verdict.mx_domain, "shop.co.uk");
  EXPECT_EQ(Classify("shop.de", {"shop.de"}).provider, "own_name");
}

TEST_F(ClassifierTest, CallsNoNeighbourUnderAPublicSuffixItsOwn) {
  EXPECT_EQ(Classify("shop.co.uk", {"mail.other.co.uk"}).provider,
            "unattributed");
  EXPECT_EQ(Classify("myshop.de", {"mail.shop.de"}).provider, "unattributed");
  EXPECT_EQ(Classify("shop.de", {"de"}).provider, "unattributed");
  EXPECT_EQ(Classify("x\\.shop.de", {"mail.shop.de"}).provider, "unattributed");
}

TEST_F(ClassifierTest, SaysNothingOfWhatNobodyKnows) {
  const Verdict& verdict = Classify("shop.de", {"mx.else.org"});
  EXPECT_EQ(verdict.provider, "unattributed");
  EXPECT_EQ(verdict.provider_name, "");
  EXPECT_EQ(verdict.provider_category, "");
  EXPECT_EQ(verdict.via, Via::kNone);
  EXPECT_EQ(verdict.mx_domain, "else.org");
}

TEST_F(ClassifierTest, PrefersTheTableToTheOwnName) {
  EXPECT_EQ(Classify("gate.example", {"mx.gate.example"}).provider, "gate");
}

TEST_F(ClassifierTest, StillKnowsRetiredSuffixes) {
  EXPECT_EQ(Classify("shop.de", {"mx.oldgate.example"}).provider, "gate");
}

TEST_F(ClassifierTest, CallsAnImplicitExchangeTheDomainsOwn) {
  DomainFacts facts = Facts("www.gate.example", {});
  facts.status = DomainStatus::kImplicitMx;
  const Verdict& verdict = Classify(facts);
  EXPECT_EQ(verdict.primary_mx, "www.gate.example");
  EXPECT_EQ(verdict.provider, "own_name");
  EXPECT_EQ(verdict.via, Via::kOwnName);
  EXPECT_EQ(verdict.mx_domain, "gate.example");
  EXPECT_THAT(verdict.providers, ElementsAre("own_name"));
  EXPECT_THAT(ExchangeProviders(), IsEmpty());
}

TEST_F(ClassifierTest, KnowsNoProviderWithoutMail) {
  Classify("shop.de", {"a.gate.example"});  // What stood there must go.
  for (const DomainStatus status :
       {DomainStatus::kNoMail, DomainStatus::kNxDomain, DomainStatus::kTimeout,
        DomainStatus::kInvalidInput}) {
    DomainFacts facts = Facts("shop.de", {});
    facts.status = status;
    const Verdict& verdict = Classify(facts);
    EXPECT_THAT(verdict.providers, IsEmpty());
    EXPECT_THAT(ExchangeProviders(), IsEmpty());
    EXPECT_EQ(verdict.primary_mx, "");
    EXPECT_EQ(verdict.provider, "");
    EXPECT_EQ(verdict.provider_category, "");
    EXPECT_EQ(verdict.mx_domain, "");
    EXPECT_EQ(verdict.via, Via::kNone);
  }
}

TEST_F(ClassifierTest, KnowsNoProviderOfTheNullExchange) {
  DomainFacts facts = Facts("shop.de", {"."});
  facts.status = DomainStatus::kNullMx;
  const Verdict& verdict = Classify(facts);
  EXPECT_THAT(ExchangeProviders(), ElementsAre(""));
  EXPECT_THAT(verdict.providers, IsEmpty());
  EXPECT_EQ(verdict.primary_mx, "");
  EXPECT_EQ(verdict.provider, "");
}

TEST_F(ClassifierTest, PassesOverANullExchangeBesideOthers) {
  const Verdict& verdict = Classify("shop.de", {".", "a.gate.example"});
  EXPECT_THAT(ExchangeProviders(), ElementsAre("", "gate"));
  EXPECT_EQ(verdict.primary_mx, "a.gate.example");
  EXPECT_EQ(verdict.provider, "gate");
}

TEST_F(ClassifierTest, GivesLocalhostAndAddressesToNobody) {
  for (const std::string_view exchange : {"localhost", "127.0.0.1", "mail"}) {
    const Verdict& verdict = Classify("shop.de", {exchange});
    EXPECT_EQ(verdict.primary_mx, exchange);
    EXPECT_EQ(verdict.provider, "unattributed") << exchange;
    EXPECT_EQ(verdict.mx_domain, "") << exchange;
  }
}

TEST_F(ClassifierTest, KnowsPlaceholdersUnderReservedNames) {
  EXPECT_EQ(Classify("shop.de", {"ms123.msv1.invalid"}).provider, "unfinished");
}

TEST_F(ClassifierTest, IsNotMovedByAMissingFinalDotInTheZone) {
  EXPECT_EQ(Classify("shop.de", {"a.gate.example.shop.de"}).provider,
            "own_name");
}

TEST_F(ClassifierTest, CallsARentedServerByItsPattern) {
  const Verdict& verdict = Classify("shop.de", {"vps7.host.com"});
  EXPECT_EQ(verdict.provider, "rent");
  EXPECT_EQ(verdict.provider_category, "selfhosted");
  EXPECT_EQ(verdict.via, Via::kMxPattern);
}

TEST_F(ClassifierTest, KnowsAProviderByItsAddressBehindACustomersName) {
  const IpAddress theirs = *IpAddress::FromText("44.1.2.3");
  addresses_.Claim(theirs, *table_.ById("gate"));
  DomainFacts facts = Facts("shop.de", {"mail.shop.de", "mx.box.example"});
  facts.exchanges[0].addresses = {&theirs, 1};
  facts.exchanges[1].addresses = {&theirs, 1};
  const Verdict& verdict = Classify(facts);
  EXPECT_EQ(verdict.provider, "gate");
  EXPECT_EQ(verdict.via, Via::kAddress);
  EXPECT_EQ(verdict.provider_category, "gateway");
  // A name that says whose it is goes before any address.
  EXPECT_THAT(verdict.providers, ElementsAre("gate", "box"));
}

TEST_F(ClassifierTest, SeesTheMailboxBehindAGatewayInAnotherExchange) {
  const Verdict& verdict =
      Classify("shop.de", {"a.gate.example", "b.mx.crate.example",
                           "a.mx.box.example", "c.mx.crate.example"});
  EXPECT_TRUE(verdict.backend.known);
  EXPECT_FALSE(verdict.backend.wants_txt);
  EXPECT_EQ(verdict.backend.via, BackendVia::kSecondaryMx);
  EXPECT_THAT(verdict.backend.ids, ElementsAre("box", "crate"));
}

TEST_F(ClassifierTest, AsksForSpfOnlyBehindAGatewayThatStandsAlone) {
  EXPECT_TRUE(Classify("shop.de", {"a.gate.example"}).backend.wants_txt);
  EXPECT_FALSE(verdict_.backend.known);
  EXPECT_TRUE(Classify("shop.de", {"a.gate.example", "mail.shop.de"})
                  .backend.wants_txt);
  EXPECT_FALSE(Classify("shop.de", {"a.mx.box.example", "a.gate.example"})
                   .backend.wants_txt);
  EXPECT_FALSE(Classify("shop.de", {"mail.shop.de"}).backend.wants_txt);
}

TEST_F(ClassifierTest, SeesTheMailboxBehindAGatewayInSpf) {
  DomainFacts facts = Facts("shop.de", {"a.gate.example"});
  const std::vector<std::string_view> txt = {
      "v=spf1 include:spf.box.example -all"};
  facts.txt = txt;
  const Verdict& verdict = Classify(facts);
  EXPECT_TRUE(verdict.backend.known);
  EXPECT_FALSE(verdict.backend.wants_txt);
  EXPECT_EQ(verdict.backend.via, BackendVia::kSpf);
  EXPECT_THAT(verdict.backend.ids, ElementsAre("box"));
}

TEST_F(ClassifierTest, SeesNobodyBehindAGatewayWhereSpfNamesNone) {
  DomainFacts facts = Facts("shop.de", {"a.gate.example"});
  facts.txt = absl::Span<const std::string_view>();
  const Verdict& verdict = Classify(facts);
  EXPECT_TRUE(verdict.backend.known);
  EXPECT_EQ(verdict.backend.via, BackendVia::kNone);
  EXPECT_THAT(verdict.backend.ids, IsEmpty());
}

TEST_F(ClassifierTest, NeverReadsSpfWhereNobodyStandsInFront) {
  DomainFacts facts = Facts("shop.de", {"mail.shop.de"});
  const std::vector<std::string_view> txt = {
      "v=spf1 include:spf.box.example -all"};
  facts.txt = txt;
  const Verdict& verdict = Classify(facts);
  EXPECT_FALSE(verdict.backend.known);
  EXPECT_THAT(verdict.backend.ids, IsEmpty());
}

}  // namespace
}  // namespace mxscan
