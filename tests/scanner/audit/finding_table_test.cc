#include "scanner/audit/finding_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHeader =
    "id\tgroup\tseverity\tmessage\tmeaning\tremedy\treference\n";

FindingTable Ours() {
  return *FindingTable::Parse("findings.tsv", FindingTableText());
}

std::string ErrorOf(std::string_view rows) {
  FindingTable table = Ours();
  const absl::Status changed =
      table.Change("mine.tsv", std::string(kHeader) + std::string(rows));
  return std::string(changed.message());
}

TEST(FindingTable, HasOneRowForEveryIdAndNoOther) {
  const absl::StatusOr<FindingTable> table =
      FindingTable::Parse("findings.tsv", FindingTableText());
  ASSERT_TRUE(table.ok()) << table.status();
  for (int i = 0; i < kFindingCount; ++i) {
    const auto id = static_cast<FindingId>(i);
    EXPECT_EQ(table->entry(id).id, id);
    EXPECT_EQ(FindingCalled(NameOf(id)), id);
    EXPECT_NE(table->entry(id).worse, Severity::kOff);
  }
}

TEST(FindingTable, StandsInTheOrderOfTheIds) {
  size_t last = 0;
  for (int i = 0; i < kFindingCount; ++i) {
    const std::string row =
        "\n" + std::string(NameOf(static_cast<FindingId>(i))) + "\t";
    const size_t at = FindingTableText().find(row);
    ASSERT_NE(at, std::string_view::npos) << row;
    EXPECT_GT(at, last) << row;
    last = at;
  }
}

TEST(FindingTable, LacksNoRow) {
  std::string text(FindingTableText());
  const size_t row = text.find("\nnull_mx\t") + 1;
  text.erase(row, text.find('\n', row) - row + 1);
  const auto table = FindingTable::Parse("t.tsv", text);
  EXPECT_THAT(std::string(table.status().message()),
              HasSubstr("t.tsv: has no row for null_mx"));
}

TEST(FindingTable, HasTwoSeveritiesWhereTheCaseMakesTheDifference) {
  const FindingTable table = Ours();
  EXPECT_EQ(table.SeverityOf(FindingId::kAddrPrivate, Case::kWorse),
            Severity::kError);
  EXPECT_EQ(table.SeverityOf(FindingId::kAddrPrivate, Case::kMilder),
            Severity::kWarning);
  EXPECT_EQ(table.SeverityOf(FindingId::kNullMx, Case::kMilder),
            Severity::kInfo);
}

TEST(FindingTable, TakesFromAUserWhatIsThereAndLeavesTheRest) {
  FindingTable table = Ours();
  const std::string remedy = table.entry(FindingId::kMxMany).remedy;
  const std::string rows = std::string(kHeader) +
                           "mx_many\t\twarning\tToo many: {number}.\t\t\t\n"
                           "null_mx\t\toff\t\t\t\t\n";
  ASSERT_TRUE(table.Change("mine.tsv", rows).ok());
  const FindingEntry& many = table.entry(FindingId::kMxMany);
  EXPECT_EQ(many.worse, Severity::kWarning);
  EXPECT_EQ(many.message, "Too many: {number}.");
  EXPECT_EQ(many.remedy, remedy);
  EXPECT_EQ(table.entry(FindingId::kNullMx).worse, Severity::kOff);
}

TEST(FindingTable, SaysWhichLineOfAUsersTableIsWrongAndWhy) {
  EXPECT_THAT(ErrorOf("no_such\t\terror\t\t\t\t\n"),
              HasSubstr("mine.tsv:2: there is no finding with this id"));
  EXPECT_THAT(ErrorOf("null_mx\t\tbad\t\t\t\t\n"),
              HasSubstr("mine.tsv:2: a severity is error, warning, info or"));
  EXPECT_THAT(ErrorOf("null_mx\t\tinfo,error\t\t\t\t\n"),
              HasSubstr("the worse one comes first"));
  EXPECT_THAT(ErrorOf("null_mx\t\t\t{who}\t\t\t\n"),
              HasSubstr("a message has places for"));
  EXPECT_THAT(ErrorOf("null_mx\t\t\tone } too many\t\t\t\n"),
              HasSubstr("a message has places for"));
  EXPECT_THAT(ErrorOf("null_mx\t\t\t\t\t\t\nnull_mx\t\t\t\t\t\t\n"),
              HasSubstr("mine.tsv:3: the id stands here for the second time"));
  EXPECT_THAT(ErrorOf("null_mx\tmail\t\t\t\t\t\n"),
              HasSubstr("there is no such group"));
}

TEST(FindingTable, TakesNothingFromATableThatIsWrong) {
  FindingTable table = Ours();
  const std::string rows = std::string(kHeader) +
                           "null_mx\t\terror\t\t\t\t\nmx_many\t\tbad\t\t\t\t\n";
  ASSERT_FALSE(table.Change("mine.tsv", rows).ok());
  EXPECT_EQ(table.entry(FindingId::kNullMx).worse, Severity::kInfo);
}

}  // namespace
}  // namespace mxscan
