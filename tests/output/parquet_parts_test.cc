// What Parquet files are made of. Whether files load at all, and say what was
// written, other programs judge: parquet_check.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/parquet/bloom_filter.h"
#include "output/parquet/bounds.h"
#include "output/parquet/dictionary.h"
#include "output/parquet/hybrid.h"
#include "output/parquet/thrift_compact.h"
#include "output/text_buffer.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

TEST(ThriftCompact, WritesFieldsByTheirDistanceAndNumbersByZigZag) {
  std::string out;
  ThriftCompact thrift(out);
  thrift.I32(1, -1);
  thrift.I64(20, 300);
  thrift.Bool(21, true);
  thrift.BeginStruct(22);
  thrift.Binary(1, "ab");
  thrift.EndStruct();
  thrift.Byte(23, 5);
  thrift.EndStruct();
  EXPECT_EQ(out, std::string("\x15\x01"
                             "\x06\x28\xD8\x04"
                             "\x11"
                             "\x1C\x18\x02"
                             "ab\0"
                             "\x13\x05\0",
                             16));
}

TEST(ThriftCompact, WritesTheSizeOfALongListBehindItsType) {
  std::string out;
  ThriftCompact thrift(out);
  thrift.BeginList(1, ThriftCompact::Type::kI32, 14);
  for (int i = 0; i < 14; ++i) thrift.I32Element(0);
  thrift.BeginList(2, ThriftCompact::Type::kBool, 15);
  EXPECT_THAT(out, StartsWith("\x19\xE5"));
  EXPECT_THAT(out, EndsWith("\x19\xF2\x0F"));
}

std::string Hybrid(const std::vector<uint32_t>& values, int bit_width) {
  TextBuffer out;
  AppendHybrid(std::span<const uint32_t>(values), bit_width, out);
  return std::string(out.view());
}

// What a reader makes of it, value by value.
std::vector<uint32_t> Unpack(std::string_view in, size_t width, size_t count) {
  std::vector<uint32_t> values;
  const auto octet = [&in] {
    const auto next = static_cast<uint8_t>(in.at(0));
    in.remove_prefix(1);
    return uint64_t{next};
  };
  while (!in.empty()) {
    uint64_t header = 0;
    for (int bits = 0;; bits += 7) {
      const uint64_t next = octet();
      header |= (next & 0x7F) << bits;
      if (next < 0x80) break;
    }
    if (header % 2 == 0) {
      uint64_t value = 0;
      for (size_t bits = 0; bits < width; bits += 8) value |= octet() << bits;
      values.insert(values.end(), header / 2, static_cast<uint32_t>(value));
      continue;
    }
    for (size_t group = 0; group < header / 2; ++group) {
      std::vector<bool> bits;
      for (size_t i = 0; i < 8 * width; i += 8) {
        const uint64_t next = octet();
        for (int bit = 0; bit < 8; ++bit) bits.push_back(next >> bit & 1);
      }
      for (size_t i = 0; i < 8; ++i) {
        uint32_t value = 0;
        for (size_t bit = 0; bit < width; ++bit) {
          value |= uint32_t{bits[i * width + bit]} << bit;
        }
        values.push_back(value);
      }
    }
  }
  values.resize(count);  // The last group is filled up.
  return values;
}

TEST(Hybrid, IsReadAsItWasWrittenInEveryWidth) {
  std::mt19937 random(1);
  for (size_t width = 1; width <= 32; ++width) {
    const uint32_t mask = width == 32 ? ~0u : (1u << width) - 1;
    std::vector<uint32_t> values;
    for (int piece = 0; piece < 60; ++piece) {  // Runs, and what is none.
      const size_t length = random() % 21;
      const uint32_t value = piece % 9 == 0 ? mask : random() & mask;
      values.insert(values.end(), length, value);
      for (size_t i = random() % 30; i > 0; --i) {
        values.push_back(random() & mask);
      }
    }
    const std::string packed = Hybrid(values, static_cast<int>(width));
    ASSERT_EQ(Unpack(packed, width, values.size()), values) << width;
    if (width > 8) continue;
    TextBuffer levels;
    const std::vector<uint8_t> octets(values.begin(), values.end());
    AppendHybrid(octets, static_cast<int>(width), levels);
    ASSERT_EQ(levels.view(), packed) << width;
  }
}

// The example of parquet-format's Encodings.md: 0 to 7 in three bits each.
TEST(Hybrid, PacksAsTheSpecificationDoes) {
  std::vector<uint32_t> values(8);
  std::iota(values.begin(), values.end(), 0);
  EXPECT_EQ(Hybrid(values, 3), "\x03\x88\xC6\xFA");
}

TEST(Hybrid, WritesRunsAsTheirLengthAndWholeGroupsBetween) {
  EXPECT_EQ(Hybrid(std::vector<uint32_t>(100, 1), 1), "\xC8\x01\x01");
  EXPECT_EQ(Hybrid(std::vector<uint32_t>(8, 300), 9), "\x10\x2C\x01");
  EXPECT_EQ(Hybrid({1}, 1), "\x03\x01");
  std::vector<uint32_t> mixed = {1, 0, 1};
  mixed.resize(20, 0);  // Five of the run fill up the first group.
  EXPECT_EQ(Hybrid(mixed, 1), std::string("\x03\x05\x18\0", 4));
  EXPECT_EQ(Hybrid({}, 1), "");
}

TEST(Hybrid, NeedsABitEvenForNothing) {
  EXPECT_EQ(BitWidth(0), 1);
  EXPECT_EQ(BitWidth(1), 1);
  EXPECT_EQ(BitWidth(2), 2);
  EXPECT_EQ(BitWidth(65'536), 17);
}

std::optional<uint32_t> NumberOf(std::string_view value, uint32_t hash,
                                 Dictionary& in) {
  if (const auto number = in.Find(value, hash)) return number;
  return in.Add(value, hash);
}

std::optional<uint32_t> NumberOf(std::string_view value, Dictionary& in) {
  return NumberOf(value, Dictionary::HashOf(value), in);
}

TEST(Dictionary, NumbersValuesInTheirOrderAndFindsThemAgain) {
  Dictionary dictionary(Dictionary::Form::kBare);
  for (uint32_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(NumberOf("value" + std::to_string(i), dictionary), i);
  }
  for (uint32_t i = 0; i < 10'000; i += 7) {
    ASSERT_EQ(NumberOf("value" + std::to_string(i), dictionary), i);
    ASSERT_EQ(dictionary.value(i), "value" + std::to_string(i));
  }
}

TEST(Dictionary, TellsValuesOfOneHashApartHoweverShort) {
  Dictionary dictionary(Dictionary::Form::kBehindLength);
  std::vector<std::string> values = {""};
  for (size_t size = 1; size < 40; ++size) {  // Each other in one octet.
    for (size_t at = 0; at < size; ++at) {
      values.push_back(std::string(size, 'a'));
      values.back()[at] = 'b';
    }
  }
  for (uint32_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(dictionary.Find(values[i], 7), std::nullopt) << values[i];
    ASSERT_EQ(NumberOf(values[i], 7, dictionary), i);
  }
  for (uint32_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(dictionary.Find(values[i], 7), i);
  }
}

TEST(Dictionary, NumbersValuesTheSameWhetherFetchedOrNot) {
  Dictionary dictionary(Dictionary::Form::kBehindLength);
  for (uint32_t i = 0; i < 1000; i += 10) {
    std::vector<uint32_t> hashes;
    for (uint32_t j = i / 2; j < i + 10; ++j) {
      hashes.push_back(Dictionary::HashOf("value" + std::to_string(j)));
    }
    dictionary.Fetch(hashes);
    for (uint32_t j = i / 2; j < i + 10; ++j) {
      ASSERT_EQ(NumberOf("value" + std::to_string(j), dictionary), j);
    }
  }
  dictionary.Clear();
  EXPECT_EQ(NumberOf("value7", dictionary), 0u);
  EXPECT_EQ(dictionary.bytes(), std::string_view("\6\0\0\0value7", 10));
}

TEST(Dictionary, FindsEachOfManyValuesThatShareFewHashes) {
  Dictionary dictionary(Dictionary::Form::kBehindLength);
  for (uint32_t i = 0; i < 1000; ++i) {
    const std::string value = "value" + std::to_string(i);
    const uint32_t hash = i % 10;
    ASSERT_EQ(dictionary.Add(value, hash), i);
    ASSERT_EQ(dictionary.Find(value, hash), i);
  }
  for (uint32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(dictionary.Find("value" + std::to_string(i), i % 10), i);
  }
  const std::string large(Dictionary::kMaxBytes, 'a');
  EXPECT_EQ(dictionary.Add(large, 0), std::nullopt);
}

TEST(Dictionary, TakesNoMoreThanItsSizeButFindsWhatItHas) {
  Dictionary dictionary(Dictionary::Form::kBare);
  const std::string half(Dictionary::kMaxBytes / 2, 'a');
  EXPECT_EQ(NumberOf(half, dictionary), 0u);
  EXPECT_EQ(NumberOf(half + 'b', dictionary), std::nullopt);
  EXPECT_EQ(NumberOf(half, dictionary), 0u);
  EXPECT_EQ(NumberOf("c", dictionary), 1u);
}

// What the order of the standard library says, of texts that share much.
TEST(Bounds, AreTheLeastAndTheGreatestText) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    TextBounds bounds;
    std::set<std::string> texts;
    EXPECT_TRUE(bounds.empty());
    for (size_t i = random() % 9 + 1; i > 0; --i) {
      std::string text("ab\0\xC3\xBC", random() % 6);
      for (size_t j = random() % 12; j > 0; --j) {
        text.push_back("\0\1az\x7F"[random() % 5]);
      }
      bounds.Add(text);
      texts.insert(text);
    }
    EXPECT_EQ(bounds.least(), *texts.begin());
    EXPECT_EQ(bounds.greatest(), *texts.rbegin());
    TextBounds both;
    both.Add(bounds);
    EXPECT_EQ(both.least(), bounds.least());
    EXPECT_EQ(both.greatest(), bounds.greatest());
  }
}

TEST(Bounds, OfAShortTextAreTheText) {
  const std::string longest(kLongestBound, 'x');
  for (const std::string& text : {std::string(), std::string("a"), longest}) {
    EXPECT_EQ(LowerBound(text).bytes, text);
    EXPECT_EQ(UpperBound(text).bytes, text);
    EXPECT_TRUE(LowerBound(text).exact && UpperBound(text).exact);
  }
}

TEST(Bounds, OfALongTextEncloseItAndAreValidUtf8) {
  const std::string_view ends[] = {"a",
                                   "\x7F",
                                   "\xC3\xBC",
                                   "\xDF\xBF",
                                   "\xED\x9F\xBF",
                                   "\xEF\xBF\xBF",
                                   "\xF4\x8F\xBF\xBF",
                                   "z\x7F"};
  for (const std::string_view end : ends) {
    for (size_t before = 50; before < 70; ++before) {
      std::string text(before, 'm');
      while (text.size() < 200) text += end;
      const Bound lower = LowerBound(text);
      const Bound upper = UpperBound(text);
      EXPECT_LT(lower.bytes, text);
      EXPECT_GT(upper.bytes, text);
      EXPECT_FALSE(lower.exact || upper.exact);
      EXPECT_LE(std::max(lower.bytes.size(), upper.bytes.size()),
                kLongestBound);
      std::string scratch;
      EXPECT_EQ(ValidUtf8(upper.bytes, scratch), upper.bytes);
      EXPECT_EQ(ValidUtf8(lower.bytes, scratch), lower.bytes);
    }
  }
}

TEST(Bounds, AboveTheLastCharactersOfAllThereIsOnlyTheTextItself) {
  std::string text;
  while (text.size() < 200) text += "\xF4\x8F\xBF\xBF";
  EXPECT_EQ(UpperBound(text).bytes, text);
  EXPECT_TRUE(UpperBound(text).exact);
}

TEST(BloomFilter, HashesAsXxh64DoesWithSeedZero) {
  EXPECT_EQ(BloomHash(""), 0xEF46DB3751D8E999u);
}

TEST(BloomFilter, TakesTwoOctetsAValueInAPowerOfTwo) {
  const std::string filter =
      BloomFilter(std::vector<uint64_t>(250'000, BloomHash("a")));
  EXPECT_EQ(filter.size() & ~uint64_t{63}, 524'288u);
}

}  // namespace
}  // namespace mxscan
