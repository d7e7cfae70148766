#include "scanner/survey/survey.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mxscan {
namespace {

using enum Survey::Table;
using Ids = std::array<std::string_view, 2>;

std::string TextOf(const Survey& survey, Survey::Table table) {
  return survey.counts(table).ToText(SIZE_MAX);
}

Record RowOf(std::string_view domain) {
  Record row;
  row.domain = domain;
  row.status = "ok";
  return row;
}

Record KnownRow(std::string_view domain, std::string_view provider,
                std::string_view category = "mailbox") {
  Record row = RowOf(domain);
  row.provider = provider;
  row.provider_category = category;
  row.provider_via = "mx_suffix";
  return row;
}

Record UnknownRow(std::string_view domain, NullableText mx_domain) {
  Record row = RowOf(domain);
  row.provider = "unattributed";
  row.mx_domain = mx_domain;
  return row;
}

TEST(Survey, CountsTldsOfAllDomainsAndOfThoseWithMail) {
  Survey survey;
  survey.Add(KnownRow("a.com", "zoho"));
  survey.Add(KnownRow("b.com", "gmx"));
  survey.Add(KnownRow("c.com", "zoho"));
  survey.Add(RowOf("d.com"));
  survey.Add(RowOf("e.org"));
  EXPECT_EQ(TextOf(survey, kTld), "0 com,4 org,1");
  EXPECT_EQ(TextOf(survey, kMailTld), "0 com,3");
  EXPECT_EQ(TextOf(survey, kTldProvider), "0 com>zoho,2 com>gmx,1");
}

TEST(Survey, TakesTheLastLabelForTheTld) {
  Survey survey;
  for (const char* domain : {"com", "a.com", "a.b\\.com", "b\\.com", "\\.x"}) {
    survey.Add(RowOf(domain));
  }
  EXPECT_EQ(TextOf(survey, kTld), "0 b\\.com,2 com,2 \\.x,1");
}

TEST(Survey, AnInvalidLineIsNoDomain) {
  Record row;
  row.status = "invalid_input";
  Survey survey;
  survey.Add(row);
  EXPECT_EQ(TextOf(survey, kTld), "0");
}

TEST(Survey, SaysByWhichEvidence) {
  Survey survey;
  survey.Add(KnownRow("a.com", "zoho"));
  survey.Add(UnknownRow("b.com", "host.example"));
  EXPECT_EQ(TextOf(survey, kVia), "0 mx_suffix,1 unattributed,1");
}

TEST(Survey, MailboxesAreTheProvidersUnlessItStandsInFront) {
  constexpr Ids kTwo = {"microsoft365", "zoho"};
  Survey survey;
  survey.Add(KnownRow("a.com", "zoho"));
  Record behind = KnownRow("b.com", "mimecast", "gateway");
  survey.Add(behind);  // Nobody asked, or could say.
  behind.backend.emplace();
  survey.Add(behind);  // Asked, and nobody was seen.
  behind.backend = std::span(kTwo).first(1);
  behind.backend_via = "spf";
  survey.Add(behind);
  behind.backend = kTwo;
  behind.backend_via = "secondary_mx";
  survey.Add(behind);
  EXPECT_EQ(TextOf(survey, kMailbox),
            "0 unseen,2 microsoft365,1 several,1 zoho,1");
  EXPECT_EQ(TextOf(survey, kGateway),
            "0 mimecast>microsoft365,2 mimecast>=secondary_mx,1 "
            "mimecast>=several,1 mimecast>=spf,1 mimecast>=unknown,1 "
            "mimecast>=unseen,1 mimecast>zoho,1");
}

TEST(Survey, AForwarderStandsInFrontAndAnIspDoesNot) {
  Survey survey;
  survey.Add(KnownRow("a.com", "improvmx", "forwarding"));
  survey.Add(KnownRow("b.com", "comcast", "isp"));
  EXPECT_EQ(TextOf(survey, kMailbox), "0 comcast,1 unseen,1");
}

TEST(Survey, WitnessesOfAnUnattributedExchangeAreDifferentDomains) {
  Survey survey;
  for (int i = 0; i < 9; ++i) survey.Add(UnknownRow("same.com", "a.example"));
  for (const char* domain : {"a.com", "b.com", "c.com"}) {
    survey.Add(UnknownRow(domain, "b.example"));
  }
  survey.Add(UnknownRow("d.com", std::nullopt));
  const auto sorted = survey.counts(kMxDomain).Sorted();
  ASSERT_EQ(sorted.size(), 3u);
  EXPECT_EQ(sorted[0].key, "a.example");
  EXPECT_EQ(sorted[0].entry.Witnesses(), 1);
  EXPECT_EQ(sorted[1].key, "b.example");
  EXPECT_EQ(sorted[1].entry.Witnesses(), 3);
  EXPECT_EQ(sorted[2].key, Survey::kNoMxDomain);
}

TEST(Survey, PartsAddUpToTheWhole) {
  Survey whole;
  Survey parts[3];
  for (int i = 0; i < 90; ++i) {
    const std::string domain = "d" + std::to_string(i) + ".com";
    const Record row =
        i % 2 == 0 ? KnownRow(domain, "zoho") : UnknownRow(domain, "a.example");
    whole.Add(row);
    parts[i % 3].Add(row);
  }
  for (const int part : {2, 1}) parts[0].Add(parts[part]);
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    EXPECT_EQ(TextOf(parts[0], table), TextOf(whole, table));
  }
}

}  // namespace
}  // namespace mxscan
