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
  const Provider* provider = table.Find(host);
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
  const Provider* provider = table.Find("a.test");
  const ProviderTable other = std::move(table);
  EXPECT_EQ(other.Find("a.test"), provider);
}

TEST(ProviderTable, SaysOnWhichLineAndWhyItIsWrong) {
  const std::string_view cases[][2] = {
      {"A name A", "2: an id is made of a-z, 0-9 and _"},
      {" name A", "2: an id is made of a-z, 0-9 and _"},
      {"own_name name A", "2: this id has a meaning of its own"},
      {"a colour red",
       "2: no such fact; there are name, category, country, suffix, retired, "
       "spf and host"},
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
       "3: the suffix stands in the table already"},
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
