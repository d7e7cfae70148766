// The small tools under the text formats: UTF-8, plain text, time, buffer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include "output/plain_text.h"
#include "output/text_buffer.h"
#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

std::string Valid(std::string_view text) {
  std::string scratch;
  return std::string(ValidUtf8(text, scratch));
}

TEST(IsAscii, OnlyWhereEveryOctetIs) {
  for (size_t size = 0; size < 40; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(IsAscii(text)) << size;
    for (char& octet : text) {
      octet = '\x80';
      EXPECT_FALSE(IsAscii(text)) << size;
      octet = '\0';
    }
    EXPECT_TRUE(IsAscii(text)) << size;
  }
}

TEST(Utf8, LeavesValidTextWhereItIs) {
  for (const std::string_view text :
       {"", "example.com", "m\u00FCller", "\u20AC\uD7FF\uE000\uFFFD",
        "\U00010000\U0010FFFF", "eight or more octets of ASCII \u00FC"}) {
    std::string scratch;
    EXPECT_EQ(ValidUtf8(text, scratch).data(), text.data()) << text;
  }
}

TEST(Utf8, ReplacesEachMaximalPartAsUnicodeAdvises) {
  EXPECT_EQ(Valid("\x80"), "\uFFFD");
  EXPECT_EQ(Valid("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(Valid("\xC3"), "\uFFFD");            // Cut short.
  EXPECT_EQ(Valid("\xE2\x82"), "\uFFFD");        // Cut short, one part.
  EXPECT_EQ(Valid("\xE2\x82,"), "\uFFFD,");      // And what follows stays.
  EXPECT_EQ(Valid("\xC0\xAF"), "\uFFFD\uFFFD");  // Overlong.
  EXPECT_EQ(Valid("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // A surrogate.
  EXPECT_EQ(Valid("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  // The example of the Unicode standard, table 3-8.
  EXPECT_EQ(Valid("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64"),
            "\x61\uFFFD\uFFFD\uFFFD\x62\uFFFD\x63\uFFFD\uFFFD\x64");
}

TEST(Utf8, MakesAnyOctetsValid) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 24, '\0');
    for (char& octet : text) octet = static_cast<char>(random());
    const std::string valid = Valid(text);
    EXPECT_EQ(Valid(valid), valid);
  }
}

// Whether CopyPlain finds `text` plain, as it lies at the very end of its
// memory; what it copies must be the text, and nothing behind it.
template <char kSpecial>
bool CopiesAsPlain(std::string_view text) {
  const auto from = std::make_unique<char[]>(text.size());
  std::ranges::copy(text, from.get());
  std::string to(text.size() + 1, '#');
  const bool plain = CopyPlain<kSpecial>({from.get(), text.size()}, to.data());
  EXPECT_EQ(to, std::string(text) + '#');
  return plain;
}

TEST(PlainText, AgreesWithOneLookAtEachOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    const bool plain =
        octet >= 0x20 && octet < 0x80 && octet != '"' && octet != ',';
    for (size_t size = 1; size <= 40; ++size) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, '!');
        text[at] = static_cast<char>(octet);
        ASSERT_EQ(CopiesAsPlain<','>(text), plain) << octet << " in " << size;
      }
    }
  }
  EXPECT_TRUE(CopiesAsPlain<','>(""));
  EXPECT_TRUE(CopiesAsPlain<'\\'>("a,b"));
  EXPECT_FALSE(CopiesAsPlain<'\\'>("a\\b"));
}

TEST(PlainText, OneOctetHidesNoOther) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 41, '\0');
    for (char& octet : text) octet = static_cast<char>(0x20 + random() % 0x60);
    const bool odd = !text.empty() && random() % 2 == 0;
    if (odd) text[random() % text.size()] = static_cast<char>(random() % 0x20);
    const bool plain = text.find_first_of("\",") == text.npos && !odd;
    ASSERT_EQ(CopiesAsPlain<','>(text), plain) << text;
  }
}

TEST(TextBuffer, AppendsPiecesOfEverySize) {
  TextBuffer buffer;
  std::string expected;
  const std::string source = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (int round = 0; round < 1'000; ++round) {
    for (size_t size = 0; size <= source.size(); ++size) {
      buffer.Append(std::string_view(source).substr(0, size));
      expected += source.substr(0, size);
    }
  }
  EXPECT_EQ(buffer.view(), expected);
  buffer.Truncate(3);
  EXPECT_EQ(buffer.view(), expected.substr(0, 3));
  buffer.Clear();
  EXPECT_TRUE(buffer.empty());
}

TEST(TextBuffer, TakesOfItsRoomWhatWasWrittenOverManyGrowths) {
  TextBuffer buffer;
  std::string expected;
  for (size_t size = 0; size < 2'000; ++size) {
    char* const room = buffer.Room(size + 1);
    std::fill_n(room, size + 1, static_cast<char>('a' + size % 26));
    buffer.Take(room + size);
    expected.append(size, static_cast<char>('a' + size % 26));
  }
  EXPECT_EQ(buffer.view(), expected);
}

TEST(TextBuffer, AppendsOfWhatIsNotPlainNothing) {
  TextBuffer buffer;
  EXPECT_TRUE(buffer.AppendPlain<','>("a;b"));
  EXPECT_FALSE(buffer.AppendPlain<','>("a,b"));
  EXPECT_TRUE(buffer.AppendPlain<','>(""));
  EXPECT_EQ(buffer.view(), "a;b");
}

TEST(TextBuffer, AppendsIntegersOfEveryLength) {
  TextBuffer buffer;
  std::string expected;
  int64_t value = 1;
  for (int digits = 1; digits <= 18; ++digits, value *= 10) {
    for (const int64_t of : {value - 1, value, -value}) {
      buffer.AppendInteger(of);
      expected += std::to_string(of);
    }
  }
  for (const int64_t of : {std::numeric_limits<int64_t>::min(),
                           std::numeric_limits<int64_t>::max()}) {
    buffer.AppendInteger(of);
    expected += std::to_string(of);
  }
  EXPECT_EQ(buffer.view(), expected);
}

std::string Time(int64_t unix_us) {
  return std::string(ToView(FormatTimestamp(unix_us)));
}

TEST(Timestamp, IsRfc3339WithSixDecimals) {
  EXPECT_EQ(Time(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(Time(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(Time(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(Time(951'782'400'000'000), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(Time(1'763'770'235'123'456), "2025-11-22T00:10:35.123456Z");
  EXPECT_EQ(Time(4'107'542'399'999'999), "2100-02-28T23:59:59.999999Z");
}

TEST(Timestamp, KeepsFourDigitsForAClockGoneWild) {
  EXPECT_EQ(Time(std::numeric_limits<int64_t>::min()),
            "0000-01-01T00:00:00.000000Z");
  EXPECT_EQ(Time(std::numeric_limits<int64_t>::max()),
            "9999-12-31T23:59:59.999999Z");
}

TEST(Timestamp, IsReadBackFromItsTextOnly) {
  for (const int64_t us :
       {int64_t{0}, int64_t{-1}, int64_t{951'782'400'000'001},
        int64_t{1'763'770'235'123'456}}) {
    EXPECT_EQ(ParseTimestamp(ToView(FormatTimestamp(us))), us);
  }
  for (const char* text :
       {"", "2025-11-22", "2025-11-22T00:10:35.000000z",
        "2025-02-30T00:10:35.000000Z", "2025-11-22T24:10:35.000000Z",
        "2025-11-22T00:1x:35.000000Z", "2025-11-22 00:10:35.000000Z"}) {
    EXPECT_EQ(ParseTimestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mxscan
