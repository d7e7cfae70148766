#include "scanner/classify/provider_table.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mxscan {
namespace {

constexpr std::string_view kHeader = "id\tfact\tvalue\trank\tsource\tdate\n";

// A row for each `id fact value [rank]`, parted by semicolons.
std::string Table(std::string_view facts) {
  std::string text(kHeader);
  while (!facts.empty()) {
    std::string row(facts.substr(0, facts.find(';')));
    facts.remove_prefix(std::min(facts.size(), row.size() + 1));
    int tabs = 0;
    for (char& c : row) {
      if (c == ' ' && tabs < 3) c = '\t', ++tabs;
    }
    text += row + std::string(3 - tabs, '\t') + "\tsource\t2026-11\n";
  }
  return text;
}

ProviderTable Parse(std::string_view facts) {
  absl::StatusOr<ProviderTable> table =
      ProviderTable::Parse("p.tsv", Table(facts));
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

std::string Error(std::string_view facts) {
  return std::string(
      ProviderTable::Parse("p.tsv", Table(facts)).status().message());
}

std::string_view Found(const ProviderTable& table, std::string_view host) {
  const Provider* provider = table.Find(host).provider;
  return provider == nullptr ? "nobody" : std::string_view(provider->id);
}

constexpr std::string_view kTwo =
    "a name A;a category mailbox;a country DE;a suffix mx.a.example;"
    "a suffix a.test;a retired old.example;a spf _spf.a.example;"
    "a host h.mx.a.example 1;"
    "b name B;b category gateway;b suffix deep.mx.a.example";

TEST(ProviderTable, FindsTheProviderOfTheLongestSuffix) {
  const ProviderTable table = Parse(kTwo);
  EXPECT_EQ(Found(table, "mx.a.example"), "a");
  EXPECT_EQ(Found(table, "x.y.mx.a.example"), "a");
  EXPECT_EQ(Found(table, "deep.mx.a.example"), "b");
  EXPECT_EQ(Found(table, "1.deep.mx.a.example"), "b");
  EXPECT_EQ(Found(table, "h.old.example"), "a");
}

TEST(ProviderTable, KnowsNobodyForNamesThatOnlyLookAlike) {
  const ProviderTable table = Parse(kTwo);
  for (const std::string_view host :
       {"a.example", "notmx.a.example", "xmx.a.example",
        "mx.a.example.evil.org", "mx.a.example.", ".", "", "example",
        "mx-a.example", "ba.test", "a.test.com", "mx\\.a.example"}) {
    EXPECT_EQ(Found(table, host), "nobody") << host;
  }
}

TEST(ProviderTable, TakesADotAfterABackslashForPartOfALabel) {
  const ProviderTable table = Parse(kTwo);
  EXPECT_EQ(Found(table, "x\\.mx.a.example"), "nobody");
  EXPECT_EQ(Found(table, "x\\.y.mx.a.example"), "a");
  EXPECT_EQ(Found(table, "x\\.a.test"), "nobody");
}

constexpr std::string_view kPatterns =
    "shop name S;shop category hosting;shop suffix shop.example;"
    "shop suffix mx.shop.example;shop suffix ns1.shop.example;"
    "rent name R;rent category selfhosted;rent pattern vps*.shop.example;"
    "rent pattern m*.shop.example;rent pattern *-*-*.shop.example;"
    "rent pattern n*1.shop.example;rent pattern ip*.deep.shop.example";

TEST(ProviderTable, FitsAPatternToTheLabelWhereItsStarsStand) {
  const ProviderTable table = Parse(kPatterns);
  for (const std::string_view host :
       {"vps.shop.example", "vps12.shop.example", "a.b.vps12.shop.example",
        "1-2-3.shop.example", "a--b.shop.example", "ns31.shop.example",
        "ip1.deep.shop.example"}) {
    EXPECT_EQ(Found(table, host), "rent") << host;
    EXPECT_TRUE(table.Find(host).by_pattern) << host;
  }
  for (const std::string_view host :
       {"vp.shop.example", "xvps1.shop.example", "vps1.x.shop.example",
        "1-2.shop.example", "ns12.shop.example", "deep.shop.example",
        "shop.example"}) {
    EXPECT_EQ(Found(table, host), "shop") << host;
    EXPECT_FALSE(table.Find(host).by_pattern) << host;
  }
  EXPECT_EQ(Found(table, "vps1.other.example"), "nobody");
  EXPECT_EQ(Found(table, "vps1.example"), "nobody");
}

TEST(ProviderTable, PrefersAWholeLabelToAPattern) {
  const ProviderTable table = Parse(kPatterns);
  EXPECT_EQ(Found(table, "mx.shop.example"), "shop");
  EXPECT_EQ(Found(table, "ns1.shop.example"), "shop");
  EXPECT_EQ(Found(table, "mx2.shop.example"), "rent");
}

TEST(ProviderTable, FindsByPatternsAlone) {
  const ProviderTable table = Parse(
      "rent name R;rent category selfhosted;rent pattern ec2-*.x.example");
  EXPECT_EQ(Found(table, "ec2-1-2-3-4.x.example"), "rent");
  EXPECT_EQ(Found(table, "mail.x.example"), "nobody");
}

TEST(ProviderTable, FindsWhoseTheSpfNamesAndTheNetworksAre) {
  const ProviderTable table = Parse(
      "a name A;a category mailbox;a spf spf.a.example;a asn 64500;"
      "b name B;b category gateway;b spf b.example;b asn 4200000000");
  EXPECT_EQ(table.BySpf("spf.a.example")->id, "a");
  EXPECT_EQ(table.BySpf("spf-1.b.example")->id, "b");
  EXPECT_EQ(table.BySpf("a.example"), nullptr);
  EXPECT_EQ(table.ByAsn(64500)->id, "a");
  EXPECT_EQ(table.ByAsn(4200000000)->id, "b");
  EXPECT_EQ(table.ByAsn(1), nullptr);
}

TEST(ProviderTable, GivesTheDocumentedHostsWithTheirRanks) {
  const ProviderTable table = Parse(
      "a name A;a category mailbox;a host z.a.example 1;a host y.a.example 2;"
      "a self_redundant yes;b name B;b category mailbox;b host y.a.example 1");
  const auto hosts = table.documented_hosts();
  ASSERT_EQ(hosts.size(), 3u);
  EXPECT_EQ(hosts[0].name, "y.a.example");
  EXPECT_EQ(hosts[0].provider->id, "a");
  EXPECT_EQ(hosts[0].rank, 2);
  EXPECT_EQ(hosts[1].provider->id, "b");
  EXPECT_EQ(hosts[2].name, "z.a.example");
  EXPECT_TRUE(table.ById("a")->self_redundant);
  EXPECT_FALSE(table.ById("b")->self_redundant);
}

TEST(ProviderTable, GivesProvidersByIdAndInOrder) {
  const ProviderTable table = Parse("b name B;b category isp;" +
                                    std::string("a name A;a category parking"));
  ASSERT_EQ(table.providers().size(), 2u);
  EXPECT_EQ(table.providers()[0].id, "a");
  EXPECT_EQ(table.ById("b"), &table.providers()[1]);
  EXPECT_EQ(table.ById("b")->category, "isp");
  EXPECT_EQ(table.ById("b")->country, "");
  EXPECT_EQ(table.ById("c"), nullptr);
  EXPECT_EQ(table.ById(""), nullptr);
}

TEST(ProviderTable, KeepsItsProvidersWhereTheyAreWhenMoved) {
  ProviderTable table = Parse(kTwo);
  const Provider* provider = table.Find("a.test").provider;
  const ProviderTable other = std::move(table);
  EXPECT_EQ(other.Find("a.test").provider, provider);
}

TEST(ProviderTable, SaysOnWhichLineAndWhyItIsWrong) {
  const std::string_view cases[][2] = {
      {"A name A", "2: an id is made of a-z, 0-9 and _"},
      {" name A", "2: an id is made of a-z, 0-9 and _"},
      {"own_name name A", "2: this id has a meaning of its own"},
      {"a colour red",
       "2: no such fact; there are name, category, country, self_redundant, "
       "suffix, pattern, retired, spf, asn, dkim and host"},
      {"a name A;a name B", "3: the fact stands here for the second time"},
      {"a name ", "2: the value is empty"},
      {"a category shop", "2: no such category"},
      {"a country de", "2: a country is two capital letters (ISO 3166)"},
      {"a name A 1", "2: only a host has a rank"},
      {"a host x.example", "2: a host needs a rank from 1 on"},
      {"a host x.example 0", "2: a host needs a rank from 1 on"},
      {"a host x.example 1st", "2: a host needs a rank from 1 on"},
      {"a suffix x..example", "2: the value is not a domain name"},
      {"a suffix .", "2: the value is not a domain name"},
      {"a spf ", "2: the value is not a domain name"},
      {"a suffix X.example",
       "2: names are written in lower case, without the final dot"},
      {"a suffix x.example.",
       "2: names are written in lower case, without the final dot"},
      {"a suffix x.example;b retired x.example",
       "3: the value stands in the table already"},
      {"a spf x.example;b spf x.example",
       "3: the value stands in the table already"},
      {"a asn 64500;b asn 64500", "3: the value stands in the table already"},
      {"a dkim S1",
       "2: names are written in lower case, without the final dot"},
      {"a asn AS64500", "2: the value is not a number of a network"},
      {"a asn 4294967296", "2: the value is not a number of a network"},
      {"a self_redundant no", "2: the value is yes, or the row is left out"},
      {"a host x.example 1;a host x.example 2",
       "3: the host stands here for the second time"},
      {"a pattern vps.example",
       "2: the first label of a pattern has a star, and others follow"},
      {"a pattern vps*",
       "2: the first label of a pattern has a star, and others follow"},
      {"a pattern *.example",
       "2: a label of stars fits everything: that is a suffix"},
      {"a pattern x*.a*.example",
       "2: names are written in lower case, without the final dot"},
      {"a pattern x*.a..example", "2: the value is not a domain name"},
      {"a pattern x*.Example",
       "2: names are written in lower case, without the final dot"},
      {"a name A;a category isp;b name B",
       "4: provider b needs a name and a category"},
  };
  for (const auto& [facts, expected] : cases) {
    EXPECT_EQ(Error(facts), "p.tsv:" + std::string(expected));
  }
}

TEST(ProviderTable, OfNothingFindsNobody) {
  const ProviderTable table = Parse("");
  EXPECT_EQ(Found(table, "a.example"), "nobody");
  EXPECT_TRUE(table.providers().empty());
}

}  // namespace
}  // namespace mxscan
