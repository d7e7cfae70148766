#include "scanner/upstreams/resolver_rates.h"

#include <gtest/gtest.h>

#include <vector>

namespace mxscan {
namespace {

class ResolverRates : public ::testing::Test {
 protected:
  std::vector<ResolverRate> Rates(double typed) {
    const auto table =
        PublicResolvers::Parse("t.tsv",
                               "address\toperator\trate\tsource\tdate\n"
                               "192.0.2.1\tone\t600\ts\t2026-01-01\n"
                               "2001:db8::1\tone\t600\ts\t2026-01-01\n");
    EXPECT_TRUE(table.ok()) << table.status();
    std::vector<Endpoint> resolvers;
    for (const char* text : {"192.0.2.1", "192.0.2.9", "[2001:db8::1]:53"}) {
      resolvers.push_back(*Endpoint::FromText(text));
    }
    return RatesFor(resolvers, typed, *table);
  }
};

TEST_F(ResolverRates, ArePoliteToPublicResolversAndFreeForOthers) {
  const std::vector<ResolverRate> rates = Rates(0);
  ASSERT_EQ(rates.size(), 3u);
  EXPECT_EQ(rates[0].qps, 300);  // Two addresses of one operator.
  EXPECT_TRUE(rates[0].polite);
  EXPECT_EQ(rates[1].qps, 0);
  EXPECT_FALSE(rates[1].polite);
  EXPECT_EQ(rates[2].qps, 300);
}

TEST_F(ResolverRates, AreTheUsersWhereHeGivesOne) {
  const std::vector<ResolverRate> rates = Rates(2000);
  ASSERT_EQ(rates.size(), 3u);
  for (const ResolverRate& rate : rates) {
    EXPECT_EQ(rate.qps, 2000);
    EXPECT_FALSE(rate.polite);
  }
}

}  // namespace
}  // namespace mxscan
