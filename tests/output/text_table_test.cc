#include "output/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using TextCell = TextTable::TextCell;

constexpr std::array<std::string_view, 3> kColumns = {"a", "b", "c"};
const std::array<TextCell, 3> kHard = {"x,\"y\"\n\tz", std::nullopt, ""};

std::string TextOf(TableForm form, std::span<const TextCell> cells) {
  MemoryBytes::Log log;
  TextTable table(std::make_unique<MemoryBytes>(log), form, kColumns);
  EXPECT_TRUE(table.Write(cells).ok());
  EXPECT_TRUE(table.Finish().ok());
  EXPECT_TRUE(log.closed);
  return log.text();
}

TEST(TextTable, KeepsNullApartFromTheEmptyTextInCsv) {
  EXPECT_EQ(TextOf(TableForm::kCsv, kHard),
            "a,b,c\n\"x,\"\"y\"\"\n\tz\",,\"\"\n");
}

TEST(TextTable, HasNoTabOrLineEndWithinACellOfTsv) {
  EXPECT_EQ(TextOf(TableForm::kTsv, kHard), "a\tb\tc\nx,\"y\"  z\t\t\n");
}

TEST(TextTable, WritesAnObjectALineAsNdjson) {
  const auto object = nlohmann::json::parse(TextOf(TableForm::kNdjson, kHard));
  EXPECT_EQ(object["a"], "x,\"y\"\n\tz");
  EXPECT_TRUE(object["b"].is_null());
  EXPECT_EQ(object["c"], "");
  EXPECT_EQ(object.size(), 3u);
}

TEST(TextTable, MendsWhatIsNoText) {
  const std::array<TextCell, 3> broken = {"\xFF", std::string_view("a\0b", 3),
                                          "\xC3\xBC"};
  EXPECT_EQ(TextOf(TableForm::kCsv, broken),
            "a,b,c\n\xEF\xBF\xBD,\"a\xEF\xBF\xBD"
            "b\",\xC3\xBC\n");
}

TEST(TextTable, HasAHeaderWithoutAnyRow) {
  MemoryBytes::Log log;
  TextTable table(std::make_unique<MemoryBytes>(log), TableForm::kCsv,
                  kColumns);
  ASSERT_TRUE(table.Finish().ok());
  EXPECT_EQ(log.text(), "a,b,c\n");
}

TEST(TextTable, HandsOnWholeRowsWhenAsked) {
  MemoryBytes::Log log;
  TextTable table(std::make_unique<MemoryBytes>(log), TableForm::kCsv,
                  kColumns);
  const std::array<TextCell, 3> row = {"1", "2", "3"};
  ASSERT_TRUE(table.Write(row).ok());
  EXPECT_TRUE(log.chunks.empty());
  ASSERT_TRUE(table.Flush().ok());
  ASSERT_TRUE(table.Flush().ok());
  EXPECT_THAT(log.chunks, ElementsAre("a,b,c\n1,2,3\n"));
}

TEST(TextTable, GathersRowsIntoChunks) {
  MemoryBytes::Log log;
  TextTable table(std::make_unique<MemoryBytes>(log), TableForm::kCsv,
                  kColumns);
  const std::array<TextCell, 3> row = {"1", "2", "3"};
  const size_t rows = 2 * ByteSink::kChunk / 6;
  for (size_t i = 0; i < rows; ++i) ASSERT_TRUE(table.Write(row).ok());
  ASSERT_TRUE(table.Finish().ok());
  EXPECT_LE(log.chunks.size(), 3u);
  EXPECT_EQ(log.text().size(), (rows + 1) * 6);
}

TEST(TextTable, TakesItsFormFromTheNameOfTheFile) {
  const auto form = [](std::string_view path) {
    return TableFormFor(path, TableForm::kTsv).value();
  };
  EXPECT_EQ(form("a.csv"), TableForm::kCsv);
  EXPECT_EQ(form("a.CSV.gz"), TableForm::kCsv);
  EXPECT_EQ(form("a.ndjson.zst"), TableForm::kNdjson);
  EXPECT_EQ(form("a.jsonl"), TableForm::kNdjson);
  EXPECT_EQ(form("-"), TableForm::kTsv);
  EXPECT_EQ(form("a.gz"), TableForm::kTsv);
  EXPECT_EQ(form("a.tsv"), TableForm::kTsv);
  for (const char* path : {"a.parquet", "a.json", "a.xlsx.gz"}) {
    EXPECT_THAT(
        std::string(TableFormFor(path, TableForm::kCsv).status().message()),
        HasSubstr("supported are .csv"));
  }
}

TEST(TextTable, CompressesWhatIsNamedSo) {
  const TempDir folder;
  for (const char* name : {"a.csv.gz", "a.csv.zst"}) {
    auto table = TextTable::Open(folder / name, TableForm::kCsv, kColumns);
    ASSERT_TRUE(table.ok()) << table.status();
    const std::array<TextCell, 3> row = {"1", "2", "3"};
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE((*table)->Write(row).ok());
    ASSERT_TRUE((*table)->Finish().ok());
    EXPECT_NE(ReadFile(folder / name), "");
    EXPECT_LT(ReadFile(folder / name).size(), 1000u);
  }
}

}  // namespace
}  // namespace mxscan
