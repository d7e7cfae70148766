#include "scanner/input/line_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

using namespace std::string_literals;

constexpr size_t kSmallBuffer = 2 * LineReader::kMaxLine;

// The lines of `content` that comes in pieces; one that was cut ends in "…".
std::vector<std::string> ReadLines(std::string_view content, size_t piece) {
  MemoryBytes bytes(content, piece);
  LineReader reader(bytes, kSmallBuffer);
  std::vector<std::string> lines;
  LineReader::Line line;
  while (*reader.Next(line)) {
    lines.push_back(std::string(line.text) + (line.cut ? "…" : ""));
  }
  EXPECT_FALSE(*reader.Next(line));
  return lines;
}

using Lines = std::vector<std::string>;

class LineReaderInPieces : public testing::TestWithParam<size_t> {};

INSTANTIATE_TEST_SUITE_P(Of, LineReaderInPieces,
                         testing::Values(1, 2, 3, 7, 4096, SIZE_MAX));

TEST_P(LineReaderInPieces, GivesEveryLineWithoutItsEnd) {
  EXPECT_EQ(ReadLines("a\nb\r\n\n\r\nc\n", GetParam()),
            (Lines{"a", "b", "", "", "c"}));
}

TEST_P(LineReaderInPieces, GivesALastLineThatHasNoEnd) {
  EXPECT_EQ(ReadLines("a\nb", GetParam()), (Lines{"a", "b"}));
  EXPECT_EQ(ReadLines("a\nb\r", GetParam()), (Lines{"a", "b"}));
  EXPECT_EQ(ReadLines("\n", GetParam()), (Lines{""}));
  EXPECT_EQ(ReadLines("", GetParam()), Lines{});
}

TEST_P(LineReaderInPieces, DropsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(ReadLines("\xef\xbb\xbf"
                      "a\n\xef\xbb\xbf"
                      "b",
                      GetParam()),
            (Lines{"a",
                   "\xef\xbb\xbf"
                   "b"}));
  EXPECT_EQ(ReadLines("\xef\xbb\xbf", GetParam()), Lines{});
  EXPECT_EQ(ReadLines("\xef\xbb", GetParam()), (Lines{"\xef\xbb"}));
}

TEST_P(LineReaderInPieces, KeepsNulsAndLoneCarriageReturnsInside) {
  EXPECT_EQ(ReadLines("a\0b\nc\rd\n"s, GetParam()), (Lines{"a\0b"s, "c\rd"}));
}

TEST_P(LineReaderInPieces, GivesALineThatJustFitsWhole) {
  const std::string fits(LineReader::kMaxLine, 'x');
  EXPECT_EQ(ReadLines(fits + "\nb", GetParam()), (Lines{fits, "b"}));
  EXPECT_EQ(ReadLines(fits + "\r\nb", GetParam()), (Lines{fits, "b"}));
  EXPECT_EQ(ReadLines(fits, GetParam()), (Lines{fits}));
}

TEST_P(LineReaderInPieces, CutsALongLineAndLosesNoNeighbour) {
  const std::string fits(LineReader::kMaxLine, 'x');
  for (size_t more : {1, 2, 4095, 4096, 8191, 8192, 100000}) {
    const std::string content = "a\n" + fits + std::string(more, 'y') + "\nb\n";
    EXPECT_EQ(ReadLines(content, GetParam()), (Lines{"a", fits + "…", "b"}))
        << more;
  }
  EXPECT_EQ(ReadLines("a\n" + fits + "yyy", GetParam()),
            (Lines{"a", fits + "…"}));
}

TEST_P(LineReaderInPieces, CutsNoCharacterInTwo) {
  const std::string almost(LineReader::kMaxLine - 2, 'x');
  EXPECT_EQ(ReadLines(almost + "€€\nb", GetParam()),
            (Lines{almost + "…", "b"}));
  // Stray continuation octets are no characters: the limit holds.
  EXPECT_EQ(ReadLines(almost + "\x80\x80\x80\x80\x80\nb", GetParam()),
            (Lines{almost + "\x80\x80…", "b"}));
}

TEST(LineReader, ReadsManyLinesThroughASmallBuffer) {
  std::string content;
  Lines expected;
  for (int i = 0; i < 20000; ++i) {
    expected.push_back("domain" + std::to_string(i) + ".example");
    content += expected.back() + (i % 3 == 0 ? "\r\n" : "\n");
  }
  EXPECT_EQ(ReadLines(content, SIZE_MAX), expected);
  EXPECT_EQ(ReadLines(content, 977), expected);
}

// Gives one piece, then fails.
class BrokenBytes : public MemoryBytes {
 public:
  using MemoryBytes::MemoryBytes;
  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    if (bytes_read() > 0) return absl::DataLossError("the disk broke");
    return MemoryBytes::Read(out);
  }
};

TEST(LineReader, GivesWhatItHasBeforeAnError) {
  BrokenBytes bytes("a\nb");
  LineReader reader(bytes);
  LineReader::Line line;
  ASSERT_TRUE(*reader.Next(line));
  EXPECT_EQ(line.text, "a");
  EXPECT_EQ(reader.Next(line).status().message(), "the disk broke");
}

}  // namespace
}  // namespace mxscan
