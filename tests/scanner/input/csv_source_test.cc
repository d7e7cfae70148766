#include "scanner/input/csv_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/memory_bytes.h"
#include "tests/support/source_rows.h"

namespace mxscan {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Rows = std::vector<std::string>;

Rows Read(std::string_view content, const std::string& column = "",
          char delimiter = ',', size_t piece = SIZE_MAX) {
  MemoryBytes bytes(content, piece);
  CsvSource::Options options;
  options.name = "list.csv";
  options.column = column;
  options.delimiter = delimiter;
  options.buffer_size = 2 * CsvReader::kMaxRecord;
  CsvSource source(bytes, options);
  return RowsOf(source);
}

TEST(CsvSource, ReadsRankedListsWithoutBeingTold) {
  EXPECT_EQ(Read("1,a.de\r\n2,b.de\r\n3,c.de"),
            (Rows{"1 a.de -> a.de", "2 b.de -> b.de", "3 c.de -> c.de"}));
  EXPECT_EQ(Read("Rank,Domain\n1,a.de\n"), (Rows{"2 a.de -> a.de"}));
}

TEST(CsvSource, ReadsTheOnlyColumn) {
  EXPECT_EQ(Read("a.de\n\"b.de\"\n"),
            (Rows{"1 a.de -> a.de", "2 b.de -> b.de"}));
  EXPECT_EQ(Read("domain\na.de\n"), (Rows{"2 a.de -> a.de"}));
}

TEST(CsvSource, FindsColumnsByNameInAnyCase) {
  EXPECT_EQ(Read("x, Site ,y\n1,a.de,2\n", "site"), (Rows{"2 a.de -> a.de"}));
  EXPECT_EQ(Read("x;Host\n1;a.de\n", "", ';'), (Rows{"2 a.de -> a.de"}));
}

TEST(CsvSource, ByNumberTakesAFirstCellWithoutADotForAHeader) {
  EXPECT_EQ(Read("site,x\na.de,1\n", "1"), (Rows{"2 a.de -> a.de"}));
  EXPECT_EQ(Read("a.de,1\nb.de,1\n", "1"),
            (Rows{"1 a.de -> a.de", "2 b.de -> b.de"}));
}

TEST(CsvSource, NamesTheColumnsWhenItCannotTell) {
  EXPECT_THAT(Read("x,y\n1,a.de\n"),
              ElementsAre(AllOf(HasSubstr("list.csv"), HasSubstr("--column"),
                                HasSubstr("line 1 has x, y"))));
  EXPECT_THAT(Read("x,y\n", "z"), ElementsAre(AllOf(HasSubstr("no column 'z'"),
                                                    HasSubstr("--column"))));
  EXPECT_THAT(Read("x,y\n", "3"), ElementsAre(HasSubstr("fewer columns")));
}

TEST(CsvSource, UnderstandsQuotesDelimitersAndLineEndsInCells) {
  const std::string_view text =
      "note,domain\r\n"
      "\"a, \"\"b\"\"\r\nand c\",a.de\r\n"
      "5\" disk,b.de\r\n"
      "\"\",\"c.de\"\r\n"
      "\"x\"y,d.de\r\n";
  const Rows rows = {"2 a.de -> a.de", "4 b.de -> b.de", "5 c.de -> c.de",
                     "6 d.de -> d.de"};
  for (const size_t piece : {size_t{1}, size_t{3}, SIZE_MAX}) {
    EXPECT_EQ(Read(text, "", ',', piece), rows) << piece;
  }
  EXPECT_EQ(Read("domain,x\n\"a\"\"b\",1\n"), (Rows{"2 a\"b ! bad_character"}));
}

TEST(CsvSource, CountsBlankLinesCommentsAndTheHeader) {
  MemoryBytes bytes("\n# list\nx,domain\n1,a.de\n\n2,b.de\n\n");
  CsvSource source(bytes, {});
  EXPECT_EQ(RowsOf(source), (Rows{"4 a.de -> a.de", "6 b.de -> b.de"}));
  EXPECT_EQ(source.skipped(), 5);
  EXPECT_EQ(source.position(), 7);
}

TEST(CsvSource, GivesARowForARecordWithoutTheColumn) {
  EXPECT_EQ(Read("x,domain\n1\n2,\n3,a.de\n"),
            (Rows{"2 1 ! column_missing", "3  ! empty", "4 a.de -> a.de"}));
}

TEST(CsvSource, AQuoteThatIsNeverClosedCostsOneLine) {
  EXPECT_EQ(Read("x,domain\n1,a.de\n\"2,b.de\n3,c.de\n"),
            (Rows{"2 a.de -> a.de", "3 \"2,b.de ! unclosed_quote",
                  "4 c.de -> c.de"}));
  std::string many = "x,domain\n\"2,b.de\n";
  for (int i = 0; i < 20'000; ++i) many += "3,c.de\n";
  for (const size_t piece : {size_t{999}, SIZE_MAX}) {
    const Rows rows = Read(many, "", ',', piece);
    ASSERT_EQ(rows.size(), 20'001);
    EXPECT_EQ(rows[0], "2 \"2,b.de ! unclosed_quote");
    EXPECT_EQ(rows[1], "3 c.de -> c.de");
    EXPECT_EQ(rows.back(), "20002 c.de -> c.de");
  }
}

TEST(CsvSource, ALineOfFourMegabytesCostsItselfOnly) {
  for (const size_t length : {CsvReader::kMaxRecord - 1, CsvReader::kMaxRecord,
                              CsvReader::kMaxRecord + 1, size_t{4} << 20}) {
    for (const char* quote : {"", "\""}) {
      const Rows rows = Read("x,domain\n1,a.de\n" + std::string(quote) +
                             std::string(length, 'x') + "\n2,b.de\n");
      ASSERT_EQ(rows.size(), 3) << length;
      EXPECT_EQ(rows[0], "2 a.de -> a.de");
      EXPECT_EQ(rows[2], "4 b.de -> b.de");
    }
  }
}

}  // namespace
}  // namespace mxscan
