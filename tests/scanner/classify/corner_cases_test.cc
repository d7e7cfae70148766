// Where names mislead: cases seen in real zones, by the table as it is
// embedded. Each test is one of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/classify/classifier.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/mmdb_builder.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kIronPort = 16417;

// Cisco's network for its mail gateways is 44.0.0.0/16 here.
NetworkTable Networks() {
  MmdbBuilder builder;
  builder.Add("44.0.0.0/16", {{"autonomous_system_number", {kIronPort}}});
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("corner_cases_test." + std::to_string(getpid())))
                               .string();
  std::ofstream(path, std::ios::binary) << builder.Build("Test");
  auto table = NetworkTable::Open(path);
  std::filesystem::remove(path);  // It is mapped.
  return *std::move(table);
}

class CornerCases : public testing::Test {
 protected:
  const Verdict& Classify(std::string_view domain,
                          const std::vector<std::string_view>& exchanges,
                          const std::vector<std::string_view>& txt = {}) {
    facts_ = DomainFacts();
    facts_.line.domain = *Name::FromText(domain);
    facts_.domain = ToText(facts_.line.domain);
    facts_.status = DomainStatus::kOk;
    for (const std::string_view exchange : exchanges) {
      facts_.exchanges.emplace_back().exchange = exchange;
    }
    facts_.txt = absl::MakeConstSpan(txt);
    classifier_.Classify(facts_, verdict_);
    return verdict_;
  }

  std::string_view ProviderOf(std::string_view exchange) {
    return Classify("shop.de", {exchange}).provider;
  }

  const ProviderTable table_ =
      *ProviderTable::Parse("data/providers.tsv", ProviderTableText());
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const NetworkTable networks_ = Networks();
  Classifier classifier_{{&table_, &suffixes_, nullptr, &networks_}};
  DomainFacts facts_;
  Verdict verdict_;
};

TEST_F(CornerCases, SharedPlatformUnderACustomersNameIsTheGatewayByItsNetwork) {
  const IpAddress theirs = *IpAddress::FromText("44.0.0.1");
  Classify("utexas.edu", {"mx1.utexas.edu"});
  EXPECT_EQ(verdict_.provider, "own_name");
  facts_.exchanges[0].addresses = {&theirs, 1};
  classifier_.Classify(facts_, verdict_);
  EXPECT_EQ(verdict_.provider, "cisco_ces");
  EXPECT_EQ(verdict_.provider_category, "gateway");
  EXPECT_EQ(verdict_.via, Via::kAsn);
}

TEST_F(CornerCases, RentedServersInAMailProvidersZoneAreSelfhosted) {
  for (const std::string_view host :
       {"static.1.2.3.4.clients.your-server.de",
        "ec2-1-2-3-4.us-west-2.compute.amazonaws.com",
        "4.3.2.1.bc.googleusercontent.com", "s132-148-130-121.secureserver.net",
        "vps123456.ovh.net", "ns3012345.ovh.net", "h123.stratoserver.net",
        "vs1234.hosteurope.de", "1-2-3-4.webhostbox.net"}) {
    EXPECT_EQ(Classify("shop.de", {host}).provider_category, "selfhosted")
        << host;
  }
}

TEST_F(CornerCases, OneDomainWithTwoServicesGoesByTheLongestSuffix) {
  EXPECT_EQ(ProviderOf("example-com.mail.protection.outlook.com"),
            "microsoft365");
  EXPECT_EQ(ProviderOf("outlook-com.olc.protection.outlook.com"),
            "microsoft_outlook");
  EXPECT_EQ(ProviderOf("qiye163mx01.mxmail.netease.com"), "netease_qiye");
  EXPECT_EQ(ProviderOf("163mx01.mxmail.netease.com"), "netease");
  EXPECT_EQ(ProviderOf("mx-biz.mail.am0.yahoodns.net"), "yahoo_smallbusiness");
  EXPECT_EQ(ProviderOf("mta5.am0.yahoodns.net"), "yahoo");
}

TEST_F(CornerCases, HostsOfTwoServicesThatNothingTellsApartSayBoth) {
  const Verdict& verdict =
      Classify("shop.de", {"inbound-smtp.eu-west-1.amazonaws.com"});
  EXPECT_EQ(verdict.provider, "aws_ses");
  EXPECT_NE(verdict.provider_name.find("WorkMail"), std::string_view::npos);
}

TEST_F(CornerCases, AnUnfinishedTenantIsAPlaceholderAndNotMicrosoft365) {
  const Verdict& verdict = Classify("shop.de", {"ms12345678.msv1.invalid"});
  EXPECT_EQ(verdict.provider, "microsoft365_placeholder");
  EXPECT_EQ(verdict.provider_category, "parking");
}

TEST_F(CornerCases, WhiteLabelKeepsTheBrandOfItsExchangeAndHasABackend) {
  const Verdict& verdict =
      Classify("shop.de", {"mx1.mailchannels.net", "mx2.mailchannels.net"},
               {"v=spf1 mx include:netblocks.dreamhost.com ~all"});
  EXPECT_EQ(verdict.provider, "mailchannels");
  EXPECT_THAT(verdict.backend.ids, ElementsAre("dreamhost"));
}

TEST_F(CornerCases, WhiteLabelOfAHostIsTheHostWhateverItsSpfNames) {
  const Verdict& verdict =
      Classify("shop.de", {"mx.jimdo.com"}, {"v=spf1 include:emailsrvr.com"});
  EXPECT_EQ(verdict.provider, "jimdo");
  EXPECT_FALSE(verdict.backend.known);
}

TEST_F(CornerCases, HostsOwnFiltersThatSoundLikeGatewaysAreHosting) {
  for (const auto& [host, id] :
       {std::pair("mx10.mailspamprotection.com", "siteground"),
        std::pair("mx1-hosting.jellyfish.systems", "namecheap_hosting")}) {
    const Verdict& verdict = Classify("shop.de", {host});
    EXPECT_EQ(verdict.provider, id);
    EXPECT_EQ(verdict.provider_category, "hosting");
    EXPECT_FALSE(verdict.backend.wants_txt);
  }
}

TEST_F(CornerCases, WhereListsDisagreeTheSourceIsTheOperatorsOwn) {
  EXPECT_EQ(ProviderOf("server1.agenturserver.de"), "mittwald");
  EXPECT_EQ(ProviderOf("mx1-us1.ppe-hosted.com"), "proofpoint_essentials");
}

TEST_F(CornerCases, NoMailIsNobodys) {
  const Verdict& null = Classify("shop.de", {"."});
  EXPECT_EQ(null.provider, "");
  EXPECT_THAT(null.providers, IsEmpty());
  for (const std::string_view host : {"localhost", "127.0.0.1", "192.0.2.25"}) {
    const Verdict& verdict = Classify("shop.de", {host});
    EXPECT_EQ(verdict.provider, "unattributed") << host;
    EXPECT_EQ(verdict.mx_domain, "") << host;
  }
}

TEST_F(CornerCases, AMissingFinalDotInTheZoneMakesNoProvider) {
  const Verdict& verdict = Classify(
      "contoso.com", {"contoso-com.mail.protection.outlook.com.contoso.com"});
  EXPECT_EQ(verdict.provider, "own_name");
  EXPECT_EQ(verdict.mx_domain, "contoso.com");
}

// Of 9,347 domains with exchanges of their own names 4 have one that is an
// alias to a provider's (against RFC 2181 §10.3): its addresses tell, not its
// alias.
TEST_F(CornerCases, AnExchangeThatIsAnAliasToAProviderGoesByItsAddresses) {
  Classify("shop.de", {"mail.shop.de"});
  facts_.exchanges[0].alias = "aspmx.l.google.com";
  classifier_.Classify(facts_, verdict_);
  EXPECT_EQ(verdict_.provider, "own_name");
  AddressEvidence evidence;
  const IpAddress theirs = *IpAddress::FromText("44.5.0.1");
  evidence.Claim(theirs, *table_.ById("google_workspace"));
  facts_.exchanges[0].addresses = {&theirs, 1};
  Classifier with_addresses({&table_, &suffixes_, &evidence, nullptr});
  with_addresses.Classify(facts_, verdict_);
  EXPECT_EQ(verdict_.provider, "google_workspace");
}

}  // namespace
}  // namespace mxscan
