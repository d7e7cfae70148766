#include "scanner/upstreams/public_resolvers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHeader[] = "address\toperator\trate\tsource\tdate\n";

absl::StatusOr<PublicResolvers> Parse(const std::string& rows) {
  return PublicResolvers::Parse("t.tsv", kHeader + rows);
}

std::string Fault(const std::string& rows) {
  return std::string(Parse(rows).status().message());
}

Endpoint At(std::string_view text) { return *Endpoint::FromText(text); }

PublicResolvers Embedded() {
  absl::StatusOr<PublicResolvers> table =
      PublicResolvers::Parse("data/public_resolvers.tsv", PublicResolverText());
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

TEST(PublicResolvers, TheEmbeddedTableKnowsTheLargeOnes) {
  const PublicResolvers table = Embedded();
  EXPECT_GE(table.size(), 150);
  EXPECT_EQ(table.PoliteRateOf(At("8.8.8.8").address), 1500);
  EXPECT_EQ(table.PoliteRateOf(At("2001:4860:4860:0::8844").address), 1500);
  EXPECT_EQ(table.Find(At("1.1.1.1").address)->operator_name, "Cloudflare");
  EXPECT_NE(table.Find(At("9.9.9.9").address), nullptr);
}

TEST(PublicResolvers, AnAddressBesideAPublicOneIsNotPublic) {
  const PublicResolvers table = Embedded();
  for (const char* other :
       {"8.8.8.9", "127.0.0.1", "192.168.1.1", "::1", "2001:4860:4860::8889"}) {
    EXPECT_EQ(table.PoliteRateOf(At(other).address), std::nullopt) << other;
    EXPECT_EQ(table.Find(At(other).address), nullptr) << other;
  }
}

TEST(PublicResolvers, AddressesOfOneOperatorShareItsRate) {
  const std::vector<Endpoint> upstreams = {At("8.8.8.8"), At("192.0.2.1"),
                                           At("[2001:4860:4860::8888]:53"),
                                           At("1.1.1.1"), At("8.8.4.4:5353")};
  EXPECT_THAT(Embedded().PoliteRates(upstreams),
              ElementsAre(500, std::nullopt, 500, 500, 500));
  EXPECT_THAT(Embedded().PoliteRates({}), ElementsAre());
}

TEST(PublicResolvers, ARowThatSaysNothingIsRefusedWithItsLine) {
  EXPECT_THAT(Fault("8.8.8.8:53\tG\t5\ts\td\n"), HasSubstr("t.tsv:2: "));
  EXPECT_THAT(Fault("8.8.8.8:53\tG\t5\ts\td\n"), HasSubstr("without a port"));
  EXPECT_THAT(Fault("1.1.1.1\tG\t5\ts\td\nx\tG\t5\ts\td\n"),
              HasSubstr("t.tsv:3: 'x' is no address"));
  for (const char* rate : {"", "0", "-1", "5k", "1.5", "1000001", " 5"}) {
    EXPECT_THAT(Fault(std::string("1.1.1.1\tG\t") + rate + "\ts\td\n"),
                HasSubstr("a rate from 1"))
        << rate;
  }
  EXPECT_THAT(Fault("1.1.1.1\t\t5\ts\td\n"), HasSubstr("an operator"));
}

TEST(PublicResolvers, AnAddressStandsOnceAndAnOperatorHasOneRate) {
  EXPECT_THAT(Fault("::1\tG\t5\ts\td\n0::1\tG\t5\ts\td\n"),
              HasSubstr("t.tsv:3: '0::1' stands in the table already"));
  EXPECT_THAT(Fault("::1\tG\t5\ts\td\n::2\tG\t6\ts\td\n"),
              HasSubstr("t.tsv:3: another rate than above for 'G'"));
  EXPECT_TRUE(Parse("::1\tG\t5\ts\td\n::2\tH\t6\ts\td\n").ok());
}

}  // namespace
}  // namespace mxscan
