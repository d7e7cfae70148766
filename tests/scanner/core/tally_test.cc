#include "scanner/summary/tally.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

using testing::ElementsAre;

Record RowOf(std::string_view domain, std::string_view status,
             std::optional<std::string_view> provider = {},
             std::optional<std::string_view> category = {}) {
  Record row;
  row.domain = domain;
  row.status = status;
  row.provider = provider;
  row.provider_category = category;
  return row;
}

std::vector<std::string> Lines(const std::vector<Tally::Count>& counts) {
  std::vector<std::string> lines;
  for (const Tally::Count& count : counts) {
    lines.push_back(count.id + " " + std::to_string(count.domains));
  }
  return lines;
}

using enum Tally::Group;

std::string Tlds(const Tally& tally) {
  return tally.survey().counts(Survey::Table::kTld).ToText(SIZE_MAX);
}

TEST(Tally, CountsEachRowByStatusProviderCategoryAndTld) {
  Tally tally;
  tally.Add(RowOf("a.com", "ok", "zoho", "mailbox"));
  tally.Add(RowOf("b.com", "ok", "gmx", "mailbox"));
  tally.Add(RowOf("c.org", "ok", "zoho", "mailbox"));
  tally.Add(RowOf("d.org", "nxdomain"));
  EXPECT_EQ(tally.rows(), 4);
  EXPECT_EQ(tally.with_status(DomainStatus::kOk), 3);
  EXPECT_EQ(tally.with_status(DomainStatus::kNxDomain), 1);
  EXPECT_THAT(Lines(tally.Sorted(kProvider)), ElementsAre("zoho 2", "gmx 1"));
  EXPECT_THAT(Lines(tally.Sorted(kCategory)), ElementsAre("mailbox 3"));
  EXPECT_EQ(Tlds(tally), "0 com,2 org,2");
}

TEST(Tally, CountsDomainsByFindingAndSeverity) {
  const std::string_view ids[] = {"addr_private", "single_mx"};
  const std::string_view first[] = {"error", "warning"};
  const std::string_view second[] = {"warning", "warning"};
  Record row = RowOf("a.com", "ok");
  Tally tally;
  tally.Add(row);
  row.findings = ids;
  row.finding_severities = first;
  tally.Add(row);
  row.finding_severities = second;
  tally.Add(row);
  EXPECT_THAT(Lines(tally.Sorted(kFinding)),
              ElementsAre("warning single_mx 2", "error addr_private 1",
                          "warning addr_private 1"));
}

TEST(Tally, KnowsEveryStatusByItsWord) {
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    Tally tally;
    tally.Add(RowOf("a.com", WordFor(status)));
    EXPECT_EQ(tally.with_status(status), 1) << WordFor(status);
  }
}

TEST(Tally, AnInvalidLineIsARowButNoDomain) {
  Record row;
  row.status = "invalid_input";
  Tally tally;
  tally.Add(row);
  EXPECT_EQ(tally.rows(), 1);
  EXPECT_EQ(Tlds(tally), "0");
}

TEST(Tally, PartsAddUpToTheWhole) {
  Tally one;
  Tally other;
  one.Add(RowOf("a.com", "ok", "gmx", "mailbox"));
  other.Add(RowOf("b.com", "ok", "gmx", "mailbox"));
  other.Add(RowOf("c.de", "no_mail"));
  one.Add(other);
  EXPECT_EQ(one.rows(), 3);
  EXPECT_EQ(one.with_status(DomainStatus::kNoMail), 1);
  EXPECT_THAT(Lines(one.Sorted(kProvider)), ElementsAre("gmx 2"));
  EXPECT_EQ(Tlds(one), "0 com,2 de,1");
}

TEST(Tally, AListOfNonsenseTldsTakesBoundedMemory) {
  Tally tally;
  const int rows = static_cast<int>(2 * TopCounts::kMost);
  for (int i = 0; i < rows; ++i) {
    tally.Add(RowOf("d.t" + std::to_string(i), "nxdomain"));
  }
  EXPECT_EQ(tally.rows(), rows);
  EXPECT_LE(tally.survey().counts(Survey::Table::kTld).size(),
            TopCounts::kMost);
}

}  // namespace
}  // namespace mxscan
