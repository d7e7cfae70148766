#include "scanner/tables/tsv.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using namespace std::string_literals;

constexpr std::array<std::string_view, 3> kColumns = {"id", "fact", "value"};

TsvFile Parse(std::string_view text) {
  absl::StatusOr<TsvFile> file = TsvFile::Parse("t.tsv", text, kColumns);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *file : TsvFile();
}

std::string Error(std::string_view text) {
  return std::string(
      TsvFile::Parse("t.tsv", text, kColumns).status().message());
}

using Fields = std::vector<std::string_view>;

TEST(Tsv, GivesRowsWithTheLinesTheyStandOn) {
  const TsvFile file =
      Parse("# A table.\n\nid\tfact\tvalue\na\tb\tc\n# more\n\nd\te\tf\n");
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_EQ(file.rows[0].line, 4);
  EXPECT_EQ(file.rows[0].fields, (Fields{"a", "b", "c"}));
  EXPECT_EQ(file.rows[1].line, 7);
  EXPECT_EQ(file.rows[1].fields, (Fields{"d", "e", "f"}));
}

TEST(Tsv, KeepsEmptyFieldsAndSpaces) {
  const TsvFile file = Parse("id\tfact\tvalue\n\t a b \t");
  ASSERT_EQ(file.rows.size(), 1u);
  EXPECT_EQ(file.rows[0].fields, (Fields{"", " a b ", ""}));
}

TEST(Tsv, MayHoldNoRows) { EXPECT_TRUE(Parse("id\tfact\tvalue").rows.empty()); }

TEST(Tsv, MustNameItsColumnsFirst) {
  const std::string expected =
      "the first line must name the columns, parted by tabs: id, fact, value";
  EXPECT_EQ(Error("# x\na\tb\tc\n"), "t.tsv:2: " + expected);
  EXPECT_EQ(Error("id\tfact\n"), "t.tsv:1: " + expected);
  EXPECT_EQ(Error("id fact value\n"), "t.tsv:1: " + expected);
  EXPECT_EQ(Error("# nothing\n"),
            "t.tsv:1: the table is empty; its first line must name the "
            "columns: id, fact, value");
}

TEST(Tsv, RefusesRowsWithFieldsTooManyOrTooFew) {
  EXPECT_EQ(Error("id\tfact\tvalue\na\tb\n"),
            "t.tsv:2: 2 fields where 3 are expected: id, fact, value");
  EXPECT_EQ(Error("id\tfact\tvalue\na\tb\tc\td\n"),
            "t.tsv:2: 4 fields where 3 are expected: id, fact, value");
}

TEST(Tsv, RefusesWhatEditorsLeaveBehind) {
  EXPECT_EQ(Error("id\tfact\tvalue\r\n"),
            "t.tsv:1: the line ends in CRLF; save the file with plain LF "
            "line ends");
  EXPECT_EQ(Error("\xef\xbb\xbfid\tfact\tvalue\n"),
            "t.tsv:1: a byte order mark; save the file without one");
  EXPECT_EQ(Error("id\tfact\tvalue\na\0\tb\tc\n"s),
            "t.tsv:2: a control character stands in the line; only tabs may");
}

}  // namespace
}  // namespace mxscan
