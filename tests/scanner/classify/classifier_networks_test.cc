// The classifier with a table of networks: --asn.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/classify/classifier.h"
#include "tests/support/mmdb_builder.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kTable =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "box\tname\tThe Box\t\ts\t2026-11\n"
    "box\tcategory\tmailbox\t\ts\t2026-11\n"
    "box\tsuffix\tmx.box.example\t\ts\t2026-11\n"
    "gate\tname\tThe Gate\t\ts\t2026-11\n"
    "gate\tcategory\tgateway\t\ts\t2026-11\n"
    "gate\tsuffix\tgate.example\t\ts\t2026-11\n"
    "gate\tasn\t64500\t\ts\t2026-11\n"
    "gate2\tname\tAnother Gate\t\ts\t2026-11\n"
    "gate2\tcategory\tgateway\t\ts\t2026-11\n"
    "gate2\tsuffix\tgate2.example\t\ts\t2026-11\n"
    "gate2\tasn\t64502\t\ts\t2026-11\n"
    "host\tname\tA Host\t\ts\t2026-11\n"
    "host\tcategory\thosting\t\ts\t2026-11\n"
    "host\tsuffix\tmx.host.com\t\ts\t2026-11\n"
    "host\tasn\t64501\t\ts\t2026-11\n"
    "rent\tname\tRented servers\t\ts\t2026-11\n"
    "rent\tcategory\tselfhosted\t\ts\t2026-11\n"
    "rent\tpattern\tvps*.host.com\t\ts\t2026-11\n";

MmdbBuilder::Map Record(uint32_t number, std::string name) {
  return {{"asn", {number}}, {"name", {std::move(name)}}, {"country", {"DE"}}};
}

NetworkTable Networks() {
  MmdbBuilder builder;
  builder.Add("44.0.0.0/16", Record(64500, "Gate"));
  builder.Add("44.1.0.0/16", Record(64501, "Host"));
  builder.Add("44.2.0.0/16", Record(64502, "Gate2"));
  builder.Add("44.9.0.0/16", Record(64999, "Somebody"));
  const std::string path =
      (std::filesystem::temp_directory_path() /
       ("classifier_networks_test." + std::to_string(getpid())))
          .string();
  std::ofstream(path, std::ios::binary) << builder.Build("Test");
  auto table = NetworkTable::Open(path);
  std::filesystem::remove(path);  // It is mapped.
  return *std::move(table);
}

struct Mx {
  std::string_view exchange;
  std::vector<std::string_view> addresses;
};

class ClassifierNetworksTest : public testing::Test {
 protected:
  const Verdict& Classify(const std::vector<Mx>& exchanges) {
    addresses_.clear();
    facts_ = DomainFacts();
    facts_.line.domain = *Name::FromText("shop.de");
    facts_.domain = ToText(facts_.line.domain);
    facts_.status = DomainStatus::kOk;
    for (const Mx& mx : exchanges) {
      ExchangeFacts& exchange = facts_.exchanges.emplace_back();
      exchange.exchange = mx.exchange;
      std::vector<IpAddress>& own = addresses_.emplace_back();
      for (const std::string_view text : mx.addresses) {
        own.push_back(*IpAddress::FromText(text));
      }
    }
    for (size_t i = 0; i < exchanges.size(); ++i) {
      facts_.exchanges[i].addresses = addresses_[i];
    }
    classifier_.Classify(facts_, verdict_);
    return verdict_;
  }

  const ProviderTable table_ = *ProviderTable::Parse("t.tsv", kTable);
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const NetworkTable networks_ = Networks();
  AddressEvidence evidence_;
  Classifier classifier_{{&table_, &suffixes_, &evidence_, &networks_}};
  std::vector<std::vector<IpAddress>> addresses_;
  DomainFacts facts_;
  Verdict verdict_;
};

// A gateway whose customers have exchanges of their own names: utexas.edu had
// them in a network of Cisco's.
TEST_F(ClassifierNetworksTest,
       AGatewayIsKnownByItsNetworkBehindACustomersName) {
  const Verdict& verdict = Classify({{"mail.shop.de", {"44.0.1.1"}}});
  EXPECT_EQ(verdict.provider, "gate");
  EXPECT_EQ(verdict.provider_category, "gateway");
  EXPECT_EQ(verdict.via, Via::kAsn);
  EXPECT_TRUE(verdict.backend.wants_txt);
  EXPECT_EQ(verdict.exchanges[0].named, nullptr);
}

TEST_F(ClassifierNetworksTest,
       AnOwnNameAtAHostingCompanyIsToldFromASelfRunOne) {
  const Verdict& verdict = Classify({{"mail.shop.de", {"44.1.1.1"}}});
  EXPECT_EQ(verdict.provider, "own_name");
  EXPECT_EQ(verdict.provider_category, "hosting");
  EXPECT_EQ(verdict.via, Via::kOwnName);
  EXPECT_EQ(Classify({{"mail.shop.de", {"44.9.1.1"}}}).provider_category,
            "selfhosted");
  EXPECT_EQ(Classify({{"mail.shop.de", {"45.1.1.1"}}}).provider_category,
            "selfhosted");
}

TEST_F(ClassifierNetworksTest, ASelfRunExchangeBesideAHostedOneIsSelfRun) {
  EXPECT_EQ(
      Classify({{"mail.shop.de", {"44.1.1.1", "44.9.1.1"}}}).provider_category,
      "selfhosted");
  EXPECT_EQ(Classify({{"mail.shop.de", {"44.1.1.1", "2001:db8::1"}}})
                .provider_category,
            "hosting");  // Nothing is known of the other.
}

TEST_F(ClassifierNetworksTest, AStrangersExchangeAtAHostingCompanyIsNobodys) {
  const Verdict& verdict = Classify({{"mail.agency.de", {"44.1.1.1"}}});
  EXPECT_EQ(verdict.provider, "unattributed");
  EXPECT_EQ(verdict.provider_category, "");
}

TEST_F(ClassifierNetworksTest, AnExchangeInTwoNetworksIsNeithers) {
  EXPECT_EQ(Classify({{"mail.shop.de", {"44.0.1.1", "44.2.1.1"}}}).provider,
            "own_name");
  EXPECT_EQ(Classify({{"mail.shop.de", {"44.0.1.1", "44.9.1.1"}}}).provider,
            "own_name");
}

TEST_F(ClassifierNetworksTest, NameAndAddressGoBeforeTheNetwork) {
  EXPECT_EQ(Classify({{"a.mx.box.example", {"44.0.1.1"}}}).provider, "box");
  EXPECT_EQ(Classify({{"vps7.host.com", {"44.0.1.1"}}}).via, Via::kMxPattern);
  evidence_.Claim(*IpAddress::FromText("44.0.1.9"), *table_.ById("box"));
  const Verdict& verdict = Classify({{"mail.shop.de", {"44.0.1.9"}}});
  EXPECT_EQ(verdict.provider, "box");
  EXPECT_EQ(verdict.via, Via::kAddress);
}

TEST_F(ClassifierNetworksTest, TheNetworkGoesBeforeTheOwnName) {
  EXPECT_EQ(Classify({{"shop.de", {"44.0.1.1"}}}).via, Via::kAsn);
}

TEST_F(ClassifierNetworksTest, ImplicitMxAtAHostingCompanyIsThere) {
  const IpAddress own = *IpAddress::FromText("44.1.1.1");
  facts_ = DomainFacts();
  facts_.line.domain = *Name::FromText("shop.de");
  facts_.domain = ToText(facts_.line.domain);
  facts_.status = DomainStatus::kImplicitMx;
  facts_.own_addresses = absl::Span<const IpAddress>(&own, 1);
  classifier_.Classify(facts_, verdict_);
  EXPECT_EQ(verdict_.provider, "own_name");
  EXPECT_EQ(verdict_.provider_category, "hosting");
  EXPECT_EQ(verdict_.network.number, 64501u);
}

TEST_F(ClassifierNetworksTest, EveryAddressHasItsNetworkAndTheRowItsFirsts) {
  const Verdict& verdict = Classify({{"mail.shop.de", {"44.9.1.1", "45.0.0.1"}},
                                     {"mx2.shop.de", {}},
                                     {"a.gate.example", {"44.0.1.1"}}});
  std::vector<uint32_t> numbers;
  for (const Network& network : verdict.networks) {
    numbers.push_back(network.number);
  }
  EXPECT_THAT(numbers, ElementsAre(64999u, 0u, 64500u));
  EXPECT_EQ(verdict.network.name, "Somebody");
  EXPECT_EQ(verdict.network.country, "DE");
  EXPECT_THAT(Classify({{"mail.shop.de", {}}}).networks, IsEmpty());
  EXPECT_FALSE(verdict_.network.known());
}

}  // namespace
}  // namespace mxscan
