#include "scanner/input/line_source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

using namespace std::string_literals;

// `line input -> domain`, or `line input ! reason`.
std::vector<std::string> Read(std::string_view content,
                              int64_t* skipped = nullptr) {
  MemoryBytes bytes(content);
  LineSource source(bytes, /*file=*/7);
  std::vector<std::string> rows;
  InputLine line;
  while (*source.Next(line)) {
    EXPECT_EQ(line.file, 7);
    EXPECT_EQ(line.valid(), line.invalid.empty());
    rows.push_back(std::to_string(line.line) + " " + std::string(line.input) +
                   (line.valid() ? " -> " + ToText(line.domain)
                                 : " ! " + std::string(line.invalid)));
  }
  if (skipped != nullptr) *skipped = source.skipped();
  return rows;
}

using Rows = std::vector<std::string>;

TEST(LineSource, GivesEveryLineItsNumberItsTextAndItsDomain) {
  EXPECT_EQ(Read("Example.COM\r\n  b.de. \nc.org"),
            (Rows{"1 Example.COM -> example.com", "2   b.de.  -> b.de",
                  "3 c.org -> c.org"}));
}

TEST(LineSource, CountsBlankLinesAndCommentsAndPassesOverThem) {
  int64_t skipped = 0;
  EXPECT_EQ(Read("# list\n\na.de\n \t\r\n  # more\n\nb.de\n", &skipped),
            (Rows{"3 a.de -> a.de", "7 b.de -> b.de"}));
  EXPECT_EQ(skipped, 5);
}

TEST(LineSource, GivesARowForEveryLineThatIsNoDomain) {
  EXPECT_EQ(Read("a..b\nhttp://x.de/\nx@y.de\n1.2.3.4\na\0b\nok.de\n"s),
            (Rows{"1 a..b ! empty_label", "2 http://x.de/ ! url",
                  "3 x@y.de ! email_address", "4 1.2.3.4 ! ip_address",
                  "5 a\0b ! nul_byte"s, "6 ok.de -> ok.de"}));
}

TEST(LineSource, NamesALineThatIsTooLongAndKeepsItsNeighbours) {
  const std::string head(LineReader::kMaxLine, 'x');
  EXPECT_EQ(Read("a.de\n" + head + std::string(4 << 20, 'x') + "\nb.de\n"),
            (Rows{"1 a.de -> a.de", "2 " + head + " ! line_too_long",
                  "3 b.de -> b.de"}));
}

TEST(LineSource, TakesALongCommentForAComment) {
  int64_t skipped = 0;
  EXPECT_EQ(Read("# " + std::string(9000, 'x') + "\nb.de\n", &skipped),
            (Rows{"2 b.de -> b.de"}));
  EXPECT_EQ(skipped, 1);
}

TEST(LineSource, OfNothingGivesNothing) {
  EXPECT_EQ(Read(""), Rows{});
  EXPECT_EQ(Read("\xef\xbb\xbf"), Rows{});
}

}  // namespace
}  // namespace mxscan
