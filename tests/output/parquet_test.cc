// What no reader would notice, or notice too late, of chunks and files; what
// these are made of is in parquet_parts_test.cc. Whether files load at all, and
// say what was written, other programs judge: parquet_check.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/parquet/column_chunk.h"
#include "output/parquet/parquet_schema.h"
#include "output/parquet/parquet_sink.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const Leaf kTexts = {{"texts"}, PhysicalType::kByteArray, 1, 0};

// A row of `text`, as the sink adds it.
void AddRowOf(std::string_view text, ColumnChunk& chunk) {
  const uint8_t definition = 1;
  const uint8_t repetition = 0;
  chunk.AddLevels({&definition, 1}, {&repetition, 1});
  chunk.AddTexts({&text, 1});
  chunk.ForgetTexts();
  chunk.EndRows(1);
}

TEST(ColumnChunk, OfNullsHasNoDictionaryAndNoNumberedPage) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  for (int i = 0; i < 100; ++i) {
    const uint8_t level = 0;
    chunk.AddLevels({&level, 1}, {&level, 1});
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
    AddRowOf("value" + std::to_string(i), chunk);
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
    AddRowOf(std::string(30, 'v') + std::to_string(i % kinds), chunk);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_NE(sealed.dictionary_page, "");
  EXPECT_EQ(sealed.numbered_pages, 2);
  EXPECT_EQ(sealed.pages.size(), 4u);
  EXPECT_EQ(chunk.Seal().values, 0) << "Seal begins a new chunk";
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
  std::vector<uint8_t> definitions(400, 1);
  std::vector<uint8_t> repetitions(400, 1);
  repetitions[0] = 0;
  for (int row = 0; row < 3; ++row) {
    std::vector<std::string> texts;
    for (int i = 0; i < 400; ++i) {
      texts.push_back(std::string(10'000, 'a') + std::to_string(i));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    chunk.AddLevels(definitions, repetitions);
    chunk.AddTexts(views);
    chunk.ForgetTexts();
    chunk.EndRows(1);
  }
  const SealedChunk sealed = chunk.Seal();
  ASSERT_EQ(sealed.pages.size(), 3u);
  EXPECT_EQ(sealed.pages[1].first_row, 1);
  EXPECT_EQ(sealed.pages[2].first_row, 2);
}

// Rows that share a text's memory are numbered by that; what it held in an
// earlier call, or the number that it had in an earlier chunk, must not show.
TEST(ColumnChunk, NumbersTextsByTheirPlaceOnlyAsLongAsTheyHold) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  std::string memory = "a";
  AddRowOf(memory, chunk);
  memory[0] = 'b';
  AddRowOf(memory, chunk);
  const std::vector<uint8_t> definitions(2, 1);
  const std::vector<uint8_t> repetitions(2, 0);
  const std::vector<std::string_view> texts = {"z", memory};
  for (int i = 0; i < 2; ++i) {
    chunk.AddLevels(definitions, repetitions);
    chunk.AddTexts(texts);
    chunk.EndRows(2);
  }
  const SealedChunk first = chunk.Seal();
  EXPECT_EQ(BoundsOf(first.statistics), "a..z");
  EXPECT_THAT(first.dictionary_page, HasSubstr("b"));
  chunk.AddLevels(definitions, repetitions);
  chunk.AddTexts({&texts[1], 1});
  chunk.AddTexts({&texts[0], 1});
  chunk.EndRows(2);
  const SealedChunk second = chunk.Seal();
  EXPECT_EQ(BoundsOf(second.statistics), "b..z");
  EXPECT_EQ(second.statistics.nulls, 0);
}

TEST(ColumnChunk, TakesABrokenTextForTheOneThatItBecomes) {
  ZstdBlocks compressor;
  ColumnChunk chunk(kTexts, compressor);
  for (int i = 0; i < 3; ++i) {
    AddRowOf("a\xFF", chunk);
    AddRowOf("a\xEF\xBF\xBD", chunk);
    AddRowOf("a\xFE", chunk);
  }
  const SealedChunk sealed = chunk.Seal();
  EXPECT_EQ(BoundsOf(sealed.statistics), "a\xEF\xBF\xBD..a\xEF\xBF\xBD");
  EXPECT_EQ(sealed.numbered_pages, 1);
}

TEST(ColumnChunk, BoundsIntegersByTheirOwnWidth) {
  ZstdBlocks compressor;
  for (const PhysicalType type : {PhysicalType::kInt32, PhysicalType::kInt64}) {
    ColumnChunk chunk({{"numbers"}, type}, compressor);
    const std::vector<uint8_t> levels(4, 0);
    const std::vector<int64_t> values = {7, -2, -2, 7};
    chunk.AddLevels(levels, levels);
    chunk.AddIntegers(values);
    chunk.EndRows(4);
    const SealedChunk sealed = chunk.Seal();
    const size_t size = type == PhysicalType::kInt32 ? 4 : 8;
    EXPECT_EQ(sealed.statistics.least->bytes,
              "\xFE" + std::string(size - 1, '\xFF'));
    EXPECT_EQ(sealed.statistics.greatest->bytes,
              "\7" + std::string(size - 1, '\0'));
    EXPECT_EQ(sealed.numbered_pages, 1);
    EXPECT_EQ(sealed.statistics.nulls, 0);
  }
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
  const std::string large(40'001, 'x');
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
    if (i > 10'000) {  // Pages are full in between.
      records[i].input = std::string_view(large).substr(i - 10'000);
    }
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
