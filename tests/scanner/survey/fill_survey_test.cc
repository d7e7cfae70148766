#include "scanner/survey/fill_survey.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

class FillSurveyTest : public testing::Test {
 protected:
  // `domains` rows under `tld`, of different domains each.
  void Add(int domains, std::string_view tld, Record row) {
    row.status = "ok";
    for (int i = 0; i < domains; ++i) {
      const std::string domain =
          "d" + std::to_string(rows_++) + "." + std::string(tld);
      row.domain = domain;
      survey_.Add(row);
      if (row.provider) ++by_provider_[std::string(*row.provider)];
    }
  }

  void AddKnown(int domains, std::string_view provider,
                std::string_view category) {
    Record row;
    row.provider = provider;
    row.provider_category = category;
    row.provider_via = "mx_suffix";
    Add(domains, "com", row);
  }

  void AddOwnNames(int domains) {
    Record row;
    row.provider = "own_name";
    row.provider_category = "selfhosted";
    row.provider_via = "own_name";
    Add(domains, "com", row);
  }

  void AddUnattributed(int domains, std::string_view mx_domain) {
    Record row;
    row.provider = "unattributed";
    row.mx_domain = mx_domain;
    Add(domains, "com", row);
  }

  void AddBehind(int domains, std::string_view gateway,
                 Record::StringList backend) {
    Record row;
    row.provider = gateway;
    row.provider_category = "gateway";
    row.provider_via = "mx_suffix";
    row.backend = backend;
    if (!backend.empty()) row.backend_via = "spf";
    Add(domains, "com", row);
  }

  RunSummary Filled() {
    RunSummary summary;
    summary.domains = rows_;
    for (const auto& [id, domains] : by_provider_) {
      summary.providers.push_back({id, "", "", domains});
      summary.domains_with_mail += domains;
    }
    FillSurvey(survey_, table_, summary);
    return summary;
  }

  const ProviderTable table_ =
      *ProviderTable::Parse("data/providers.tsv", ProviderTableText());
  Survey survey_;
  int rows_ = 0;
  std::map<std::string, int64_t> by_provider_;
};

TEST_F(FillSurveyTest, TellsEachTldItsLargestProviders) {
  Record row;
  row.provider_via = "mx_suffix";
  for (const char* id : {"a", "b", "c", "d", "e", "f"}) {
    row.provider = id;
    Add(1 + id[0] - 'a', "de", row);
  }
  Add(4, "de", Record());
  Add(1, "at", Record());
  const RunSummary summary = Filled();
  ASSERT_EQ(summary.tlds.size(), 2u);
  const RunSummary::Tld& de = summary.tlds[0];
  EXPECT_EQ(de.name, "de");
  EXPECT_EQ(de.domains, 25);
  EXPECT_EQ(de.with_mail, 21);
  ASSERT_EQ(de.providers.size(), kProvidersOfTld);
  EXPECT_EQ(de.providers[0].name, "f");
  EXPECT_EQ(de.providers[0].count, 6);
  EXPECT_EQ(summary.tlds[1].with_mail, 0);
}

TEST_F(FillSurveyTest, TellsWhoIsBehindEachGateway) {
  static constexpr std::array<std::string_view, 2> kTwo = {"microsoft365",
                                                           "zoho"};
  AddBehind(5, "mimecast", std::span(kTwo).first(1));
  AddBehind(2, "mimecast", kTwo);
  AddBehind(3, "mimecast", {});
  AddBehind(1, "proofpoint", std::span(kTwo).last(1));
  const SurveySummary survey = Filled().survey;
  ASSERT_EQ(survey.gateways.size(), 2u);
  const SurveySummary::Gateway& first = survey.gateways[0];
  EXPECT_EQ(first.id, "mimecast");
  EXPECT_EQ(first.domains, 10);
  EXPECT_EQ(first.seen, 7);
  EXPECT_EQ(first.unseen, 3);
  EXPECT_EQ(first.unknown, 0);
  EXPECT_EQ(first.several, 2);
  EXPECT_EQ(first.by_spf, 7);
  ASSERT_EQ(first.behind.size(), 2u);
  EXPECT_EQ(first.behind[0].id, "microsoft365");
  EXPECT_EQ(first.behind[0].domains, 7);
  EXPECT_EQ(survey.gateways[1].id, "proofpoint");
}

TEST_F(FillSurveyTest, MailboxesAddUpToTheDomainsWithMail) {
  static constexpr std::array<std::string_view, 1> kBehind = {"zoho"};
  AddKnown(4, "zoho", "mailbox");
  AddBehind(5, "mimecast", kBehind);
  AddBehind(3, "mimecast", {});
  AddOwnNames(2);
  AddUnattributed(1, "host.example");
  const RunSummary summary = Filled();
  int64_t sum = 0;
  for (const auto& row : summary.survey.mailboxes) sum += row.domains;
  EXPECT_EQ(sum, summary.domains_with_mail);
  EXPECT_EQ(summary.survey.mailboxes[0].id, "zoho");
  EXPECT_EQ(summary.survey.mailboxes[0].domains, 9);
  EXPECT_EQ(summary.survey.mailboxes[0].category, "mailbox");
  EXPECT_FALSE(summary.survey.mailboxes[0].name.empty());
  EXPECT_EQ(summary.survey.mailboxes[1].id, "unseen");
}

TEST_F(FillSurveyTest, ConcentrationIsTheSumOfSquaredShares) {
  AddKnown(50, "google_workspace", "mailbox");
  AddKnown(30, "zoho", "mailbox");
  AddUnattributed(10, "host.example");
  AddOwnNames(10);
  const SurveySummary::Concentration of =
      Filled().survey.exchange_concentration;
  // 50² + 30² + 10², and ten of one percent each.
  EXPECT_DOUBLE_EQ(of.hhi, 2500 + 900 + 100 + 10);
  EXPECT_EQ(of.providers, 3);
  ASSERT_EQ(of.top.size(), 3u);
  EXPECT_EQ(of.top[0].count, 1);
  EXPECT_EQ(of.top[0].domains, 50);
  EXPECT_EQ(of.top[2].count, 3);
  EXPECT_EQ(of.top[2].domains, 90);
}

TEST_F(FillSurveyTest, MailboxesAreMoreConcentratedThanExchanges) {
  static constexpr std::array<std::string_view, 1> kBehind = {"zoho"};
  AddKnown(1, "zoho", "mailbox");
  AddBehind(1, "mimecast", kBehind);
  const SurveySummary survey = Filled().survey;
  EXPECT_DOUBLE_EQ(survey.exchange_concentration.hhi, 5000);
  EXPECT_DOUBLE_EQ(survey.mailbox_concentration.hhi, 10'000);
}

TEST_F(FillSurveyTest, NoMailIsNoConcentration) {
  const SurveySummary survey = Filled().survey;
  EXPECT_EQ(survey.exchange_concentration.hhi, 0);
  EXPECT_TRUE(survey.exchange_concentration.top.empty());
}

TEST_F(FillSurveyTest, ThreeDomainsMakeALikelyProvider) {
  AddUnattributed(4, "many.example");
  AddUnattributed(3, "three.example");
  AddUnattributed(2, "two.example");
  Record row;
  row.provider = "unattributed";
  Add(1, "com", row);  // An IP literal.
  const SurveySummary::Unattributed of = Filled().survey.unattributed;
  EXPECT_EQ(of.domains, 10);
  EXPECT_EQ(of.without_mx_domain, 1);
  EXPECT_EQ(of.mx_domains, 3);
  EXPECT_EQ(of.likely_providers, 2);
  EXPECT_EQ(of.likely_domains, 7);
  ASSERT_EQ(of.largest.size(), 3u);
  EXPECT_EQ(of.largest[0].name, "many.example");
  EXPECT_EQ(of.largest[0].customers, 3);
  EXPECT_EQ(of.largest[2].customers, 2);
}

TEST_F(FillSurveyTest, TheJsonHoldsItAllAndIsReadBack) {
  static constexpr std::array<std::string_view, 1> kBehind = {"zoho"};
  AddKnown(4, "zoho", "mailbox");
  AddBehind(5, "mimecast", kBehind);
  AddUnattributed(3, "host.example");
  const RunSummary summary = Filled();
  const std::string json = ToJson(summary);
  const auto read = ParseSummary(json);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToJson(*read), json);
  EXPECT_EQ(read->survey.gateways.size(), 1u);
  EXPECT_EQ(read->survey.unattributed.likely_providers, 1);
  EXPECT_EQ(read->survey.counters.size(), size_t{Survey::kTables});
}

}  // namespace
}  // namespace mxscan
