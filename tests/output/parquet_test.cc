// What no reader would notice, or notice too late. Whether files load at all,
// and say what was written, other programs judge: parquet_check.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "output/parquet/bloom_filter.h"
#include "output/parquet/bounds.h"
#include "output/parquet/column_chunk.h"
#include "output/parquet/dictionary.h"
#include "output/parquet/hybrid.h"
#include "output/parquet/parquet_schema.h"
#include "output/parquet/parquet_sink.h"
#include "output/parquet/thrift_compact.h"
#include "output/utf8.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
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
  std::string out;
  AppendHybrid(std::span<const uint32_t>(values), bit_width, out);
  return out;
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

TEST(Dictionary, NumbersValuesInTheirOrderAndFindsThemAgain) {
  Dictionary dictionary(Dictionary::Form::kBare);
  for (uint32_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(dictionary.NumberOf("value" + std::to_string(i)), i);
  }
  for (uint32_t i = 0; i < 10'000; i += 7) {
    ASSERT_EQ(dictionary.NumberOf("value" + std::to_string(i)), i);
    ASSERT_EQ(dictionary.value(i), "value" + std::to_string(i));
  }
}

TEST(Dictionary, NumbersValuesTheSameWhetherForeseenOrNot) {
  Dictionary dictionary(Dictionary::Form::kBehindLength);
  for (uint32_t i = 0; i < 1000; i += 10) {
    for (uint32_t j = i / 2; j < i + 10; ++j) {
      dictionary.Foresee("value" + std::to_string(j));
    }
    dictionary.FetchForeseen();
    for (uint32_t j = i / 2; j < i + 10; ++j) {
      ASSERT_EQ(dictionary.NumberOf("value" + std::to_string(j)), j);
    }
  }
  dictionary.Clear();
  EXPECT_EQ(dictionary.NumberOf("value7"), 0u);
  EXPECT_EQ(dictionary.bytes(), std::string_view("\6\0\0\0value7", 10));
}

TEST(Dictionary, TakesNoMoreThanItsSizeButFindsWhatItHas) {
  Dictionary dictionary(Dictionary::Form::kBare);
  const std::string half(Dictionary::kMaxBytes / 2, 'a');
  EXPECT_EQ(dictionary.NumberOf(half), 0u);
  EXPECT_EQ(dictionary.NumberOf(half + 'b'), std::nullopt);
  EXPECT_EQ(dictionary.NumberOf(half), 0u);
  EXPECT_EQ(dictionary.NumberOf("c"), 1u);
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

const Leaf kTexts = {{"texts"}, PhysicalType::kByteArray, 1, 0};

TEST(ColumnChunk, OfNullsHasNoDictionaryAndNoNumberedPage) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  for (int i = 0; i < 100; ++i) {
    chunk.AddNull(0, 0);
    chunk.EndRows(1);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_EQ(sealed.dictionary_page, "");
  EXPECT_EQ(sealed.numbered_pages, 0);
  EXPECT_EQ(sealed.values, 100);
  EXPECT_EQ(sealed.statistics.nulls, 100);
  EXPECT_FALSE(sealed.statistics.least.has_value());
}

TEST(ColumnChunk, WithoutRepeatedValuesHasNoDictionary) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  for (int64_t i = 0; i < 2 * ColumnChunk::kPageRows; ++i) {
    chunk.AddText("value" + std::to_string(i), 0);
    chunk.EndRows(1);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_EQ(sealed.dictionary_page, "");
  EXPECT_EQ(sealed.numbered_pages, 0);
  ASSERT_EQ(sealed.pages.size(), 2u);
  EXPECT_EQ(sealed.pages[1].first_row, ColumnChunk::kPageRows);
}

TEST(ColumnChunk, GoesOnPlainlyWhenItsDictionaryIsFull) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  const int64_t rows = 4 * ColumnChunk::kPageRows;
  for (int64_t i = 0; i < rows; ++i) {  // First few, then ever more values.
    const int64_t kinds = i < ColumnChunk::kPageRows ? 10 : rows;
    chunk.AddText(std::string(30, 'v') + std::to_string(i % kinds), 0);
    chunk.EndRows(1);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_NE(sealed.dictionary_page, "");
  EXPECT_EQ(sealed.numbered_pages, 2);
  EXPECT_EQ(sealed.pages.size(), 4u);
  EXPECT_EQ(chunk.Seal().values, 0) << "Seal begins a new chunk";
}

// A row of `text`, as the sink adds it.
void AddRowOf(std::string_view text, ColumnChunk& chunk) {
  if (!chunk.AddKnownText(text, 0)) chunk.AddText(text, 0);
  chunk.EndRows(1);
}

std::string BoundsOf(const ValueStatistics& statistics) {
  return statistics.least->bytes + ".." + statistics.greatest->bytes;
}

TEST(ColumnChunk, BoundsAPageByItsOwnTextsWithNumbersAndWithout) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  for (int64_t i = 0; i < ColumnChunk::kPageRows; ++i) {
    AddRowOf(std::string(1, static_cast<char>('a' + i % 5)), chunk);
  }
  for (int64_t i = 0; i < ColumnChunk::kPageRows; ++i) {
    AddRowOf(i % 2 == 0 ? "d" : "b", chunk);
  }
  AddRowOf("c", chunk);  // Then more than the dictionary has room for.
  for (int64_t i = 1; i < 2 * ColumnChunk::kPageRows; ++i) {
    AddRowOf(std::string(80, 'k') + std::to_string(i), chunk);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_EQ(sealed.numbered_pages, 2);
  ASSERT_GT(sealed.pages.size(), 3u);
  const std::string longest = std::string(kLongestBound, 'k');
  const std::string above = std::string(kLongestBound - 1, 'k') + "l";
  EXPECT_EQ(BoundsOf(sealed.pages[0].statistics), "a..e");
  EXPECT_EQ(BoundsOf(sealed.pages[1].statistics), "b..d");
  EXPECT_EQ(BoundsOf(sealed.pages[2].statistics), "c.." + above);
  EXPECT_EQ(BoundsOf(sealed.pages[3].statistics), longest + ".." + above);
  EXPECT_EQ(BoundsOf(sealed.statistics), "a.." + above);
}

TEST(ColumnChunk, EndsPagesWithRowsHoweverLongTheseAre) {
  ZstdBlocks compressor;
  Leaf leaf = kTexts;
  leaf.max_repetition = 1;
  ColumnChunk chunk(leaf, compressor);
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 400; ++i) {
      chunk.AddText(std::string(10'000, 'a') + std::to_string(i),
                    i == 0 ? 0 : 1);
    }
    chunk.EndRows(1);
  }
  const SealedChunk sealed = chunk.Seal();
  ASSERT_EQ(sealed.pages.size(), 3u);
  EXPECT_EQ(sealed.pages[1].first_row, 1);
  EXPECT_EQ(sealed.pages[2].first_row, 2);
}

TEST(ParquetSchema, HasThreeLevelsForAListAndCountsTheLevels) {
  const ParquetSchema schema = ParquetSchemaOf(ColumnsOf({}));
  for (const Leaf& leaf : schema.leaves) {
    if (leaf.path[0] != "mx" || leaf.path[3] != "addresses") continue;
    EXPECT_THAT(leaf.path, ElementsAre("mx", "list", "element", "addresses",
                                       "list", "element"));
    EXPECT_EQ(leaf.max_definition, 3);
    EXPECT_EQ(leaf.max_repetition, 2);
    return;
  }
  FAIL() << "no leaf for the addresses of an exchange";
}

std::string ParquetOf(int rows, const ParquetOptions& options) {
  MemoryBytes::Log log;
  ParquetSink sink(std::make_unique<MemoryBytes>(log), RunShape(), options);
  Record record;
  record.domain = "example.com";
  for (int i = 0; i < rows; ++i) EXPECT_TRUE(sink.Write({&record, 1}).ok());
  EXPECT_TRUE(sink.Flush().ok());
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_TRUE(log.closed);
  return log.text();
}

TEST(ParquetSink, MakesTheSameFileHoweverManyRowsComeAtOnce) {
  // Some values again and again, some in every row, and a row of each shape.
  std::vector<std::string> names;
  for (int i = 0; i < 10'700; ++i) names.push_back("mx" + std::to_string(i));
  std::vector<std::string_view> views(names.begin(), names.end());
  std::vector<MxRecord> exchanges(names.size());
  std::vector<Record> records(names.size());
  for (size_t i = 0; i < records.size(); ++i) {
    exchanges[i].exchange = names[i / 2];
    exchanges[i].ttl = static_cast<int64_t>(i / 7 % 5);
    exchanges[i].addresses = std::span(views).subspan(i / 3, i % 4);
    records[i].line = static_cast<int64_t>(i);
    records[i].status = i % 3 == 0 ? "ok" : "nodata";
    if (i % 5 > 0) records[i].domain = names[i];
    if (i % 4 > 0) {
      records[i].mx = std::span(exchanges).subspan(i - i % 3, i % 3);
    }
  }
  const auto file_of = [&](size_t at_once) {
    MemoryBytes::Log log;
    ParquetOptions options;
    options.group_rows = 10'321;
    ParquetSink sink(std::make_unique<MemoryBytes>(log), RunShape(), options);
    for (std::span<const Record> left = records; !left.empty();) {
      const size_t count = std::min(at_once, left.size());
      EXPECT_TRUE(sink.Write(left.first(count)).ok());
      left = left.subspan(count);
    }
    EXPECT_TRUE(sink.Finish().ok());
    return log.text();
  };
  const std::string one_by_one = file_of(1);
  EXPECT_TRUE(file_of(7) == one_by_one);
  EXPECT_TRUE(file_of(records.size()) == one_by_one);
}

TEST(ParquetSink, NamesItsWriterSchemaAndTables) {
  ParquetOptions options;
  options.version = "1.2.3";
  options.key_values = {{"mxscan.providers", "xxh3:1"}};
  const std::string file = ParquetOf(1, options);
  EXPECT_THAT(file, StartsWith("PAR1"));
  EXPECT_THAT(file, EndsWith("PAR1"));
  EXPECT_THAT(file, HasSubstr("mxscan version 1.2.3 (build 1.2.3)"));
  EXPECT_THAT(file, HasSubstr("mxscan.schema"));
  EXPECT_THAT(file, HasSubstr("xxh3:1"));
}

TEST(ParquetSink, LeavesInputFileOutWhenThereIsOneInput) {
  EXPECT_THAT(ParquetOf(1, {}), Not(HasSubstr("input_file")));
}

TEST(ParquetSink, HoldsOneRowGroupAndNoMore) {
  MemoryBytes::Log log;
  ParquetOptions options;
  options.group_rows = 10;
  ParquetSink sink(std::make_unique<MemoryBytes>(log), RunShape(), options);
  const Record record;
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(sink.Write({&record, 1}).ok());
  const size_t before = log.chunks.size();
  ASSERT_TRUE(sink.Write({&record, 1}).ok());
  EXPECT_GT(log.chunks.size(), before) << "a whole group is written at once";
}

TEST(ParquetSink, EndsARowGroupOfLargeRowsEarly) {
  MemoryBytes::Log log;
  ParquetSink sink(std::make_unique<MemoryBytes>(log), RunShape(), {});
  Record record;
  std::string noise(size_t{3} << 19, 'a');
  uint32_t state = 1;
  for (int i = 0; i < 64; ++i) {
    for (char& letter : noise) {  // Other noise, or it would compress.
      state = state * 1'664'525 + 1'013'904'223;
      letter = static_cast<char>(' ' + (state >> 24) % 95);
    }
    record.input = noise;
    ASSERT_TRUE(sink.Write({&record, 1}).ok());
  }
  EXPECT_GT(log.text().size(), ParquetSink::kGroupBytes / 2);
}

// Fails at the `left`-th write.
class FailingBytes final : public ByteSink {
 public:
  explicit FailingBytes(int left) : left_(left) {}
  absl::Status Write(std::string_view) override {
    if (left_-- > 0) return absl::OkStatus();
    return absl::ResourceExhaustedError("no space");
  }
  absl::StatusOr<FileMark> Checkpoint() override { return FileMark(); }
  absl::Status Close() override { return absl::UnknownError("closed"); }

 private:
  int left_;
};

TEST(ParquetSink, ReportsTheFirstFailureAndNeverTakesTheFilesPlaceAfterIt) {
  ParquetOptions options;
  options.group_rows = 2;
  for (int left = 0; left < 60; ++left) {
    ParquetSink sink(std::make_unique<FailingBytes>(left), RunShape(), options);
    const Record record;
    for (int i = 0; i < 4; ++i) sink.Write({&record, 1}).IgnoreError();
    EXPECT_EQ(sink.Finish().code(), absl::StatusCode::kResourceExhausted);
  }
}

}  // namespace
}  // namespace mxscan
