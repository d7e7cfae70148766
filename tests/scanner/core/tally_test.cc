#include "scanner/tally.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DomainFacts FactsOf(std::string_view domain, DomainStatus status) {
  DomainFacts facts;
  facts.line.domain = *Name::FromText(domain);
  facts.status = status;
  return facts;
}

Verdict VerdictOf(std::string_view provider, std::string_view category) {
  Verdict verdict;
  verdict.provider = provider;
  verdict.provider_category = category;
  return verdict;
}

std::vector<std::string> Lines(const std::vector<Tally::Count>& counts) {
  std::vector<std::string> lines;
  for (const Tally::Count& count : counts) {
    lines.push_back(count.id + " " + std::to_string(count.domains));
  }
  return lines;
}

TEST(Tally, CountsEachRowByStatusProviderCategoryAndTld) {
  Tally tally;
  tally.Add(FactsOf("a.com", DomainStatus::kOk), VerdictOf("zoho", "mailbox"));
  tally.Add(FactsOf("b.com", DomainStatus::kOk), VerdictOf("gmx", "mailbox"));
  tally.Add(FactsOf("c.org", DomainStatus::kOk), VerdictOf("zoho", "mailbox"));
  tally.Add(FactsOf("d.org", DomainStatus::kNxDomain), Verdict());
  EXPECT_EQ(tally.rows(), 4);
  EXPECT_EQ(tally.with_status(DomainStatus::kOk), 3);
  EXPECT_EQ(tally.with_status(DomainStatus::kNxDomain), 1);
  EXPECT_THAT(Lines(tally.providers()), ElementsAre("zoho 2", "gmx 1"));
  EXPECT_THAT(Lines(tally.categories()), ElementsAre("mailbox 3"));
  EXPECT_THAT(Lines(tally.tlds()), ElementsAre("com 2", "org 2"));
}

TEST(Tally, AnInvalidLineIsARowButNoDomain) {
  DomainFacts facts;
  facts.line.invalid = "empty_label";
  facts.status = DomainStatus::kInvalidInput;
  Tally tally;
  tally.Add(facts, Verdict());
  EXPECT_EQ(tally.rows(), 1);
  EXPECT_THAT(tally.tlds(), IsEmpty());
}

TEST(Tally, ShardsAddUpToTheWhole) {
  Tally one;
  Tally other;
  one.Add(FactsOf("a.com", DomainStatus::kOk), VerdictOf("gmx", "mailbox"));
  other.Add(FactsOf("b.com", DomainStatus::kOk), VerdictOf("gmx", "mailbox"));
  other.Add(FactsOf("c.de", DomainStatus::kNoMail), Verdict());
  one.Add(other);
  EXPECT_EQ(one.rows(), 3);
  EXPECT_EQ(one.with_status(DomainStatus::kNoMail), 1);
  EXPECT_THAT(Lines(one.providers()), ElementsAre("gmx 2"));
  EXPECT_THAT(Lines(one.tlds()), ElementsAre("com 2", "de 1"));
}

TEST(Tally, AListOfNonsenseTldsTakesBoundedMemory) {
  Tally tally;
  for (int i = 0; i < 2 * Tally::kMaxTlds; ++i) {
    tally.Add(FactsOf("d.t" + std::to_string(i), DomainStatus::kNxDomain),
              Verdict());
  }
  EXPECT_EQ(tally.rows(), 2 * Tally::kMaxTlds);
  EXPECT_EQ(tally.tlds().size(), static_cast<size_t>(Tally::kMaxTlds));
}

}  // namespace
}  // namespace mxscan
