#include "output/open_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/output/support.h"

namespace mxscan {
namespace {

const std::array<Record, 1> kEmptyRow;

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr FileFormat kCsv = {Format::kCsv};
constexpr FileFormat kCsvGzip = {Format::kCsv, Compression::kGzip};
constexpr FileFormat kNdjson = {Format::kNdjson};
constexpr FileFormat kNdjsonZstd = {Format::kNdjson, Compression::kZstd};
constexpr FileFormat kParquet = {Format::kParquet};

TEST(OpenSink, TakesTheFormatFromTheExtension) {
  for (const FileFormat& asked : {kCsv, kNdjson, kParquet, kCsvGzip}) {
    EXPECT_EQ(*FormatFor("rows.csv", asked), kCsv);
    EXPECT_EQ(*FormatFor("out.d/rows.CSV", asked), kCsv);
    EXPECT_EQ(*FormatFor("rows.ndjson", asked), kNdjson);
    EXPECT_EQ(*FormatFor("/tmp/rows.jsonl", asked), kNdjson);
    EXPECT_EQ(*FormatFor("rows.Parquet", asked), kParquet);
    EXPECT_EQ(*FormatFor("rows.csv.gz", asked), kCsvGzip);
    EXPECT_EQ(*FormatFor("rows.jsonl.ZST", asked), kNdjsonZstd);
    EXPECT_EQ(ToText(*FormatFor("found.sarif", asked)), "sarif");
    EXPECT_EQ(ToText(*FormatFor("found.sarif.gz", asked)), "sarif.gz");
  }
  EXPECT_EQ(*FormatFor("rows.gz", kCsv), kCsvGzip);
  EXPECT_EQ(*FormatFor("rows.zst", kNdjson), kNdjsonZstd);
  EXPECT_FALSE(FormatFor("rows.zst", kParquet).ok());
}

TEST(OpenSink, TakesTheGivenFormatWhenTheNameDoesNotSay) {
  for (const std::string_view path :
       {"-", "rows", "rows.txt", "dir.csv/rows", "/dev/null", "scan.2026-11"}) {
    EXPECT_EQ(*FormatFor(path), kCsv) << path;
    EXPECT_EQ(*FormatFor(path, kNdjsonZstd), kNdjsonZstd) << path;
  }
}

TEST(OpenSink, TakesParquetForADatasetUnlessAskedForAnother) {
  EXPECT_EQ(*FormatFor("out/"), kParquet);
  EXPECT_EQ(*FormatFor("out.csv/"), kParquet);
  EXPECT_EQ(*FormatFor("out/", kCsvGzip), kCsvGzip);
}

TEST(OpenSink, RefusesWhatItCannotWriteAndNamesWhatItCan) {
  for (const std::string_view path :
       {"rows.JSON", "rows.xlsx", "rows.json.gz", "rows.parquet.zst", ""}) {
    const absl::Status status = FormatFor(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(status.ToString(),
                HasSubstr("supported are .csv, .ndjson and .jsonl, each also "
                          "with .gz or .zst, and .parquet"));
  }
}

TEST(OpenSink, KnowsItsFormatsByName) {
  for (const FileFormat& format :
       {kCsv, kCsvGzip, kNdjson, kNdjsonZstd, kParquet}) {
    EXPECT_EQ(*ParseFormat(ToText(format)), format);
  }
  EXPECT_EQ(ToText(kNdjsonZstd), "ndjson.zst");
  for (const std::string_view name : {"xml", "", "gz", ".gz", "parquet.gz"}) {
    EXPECT_THAT(ParseFormat(name).status().ToString(),
                HasSubstr("supported are csv and ndjson, each also with .gz or "
                          ".zst, and parquet"))
        << name;
  }
}

TEST(OpenSink, WritesTheFormatIntoTheFile) {
  const TempDir dir;
  Record record;
  record.line = 1;
  for (const FileFormat& format : {kCsv, kNdjson}) {
    const std::string path = dir / "rows";
    auto sink = OpenSink(path, format, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write({&record, 1}).ok());
    ASSERT_TRUE((*sink)->Finish().ok());
    EXPECT_THAT(ReadFile(path),
                StartsWith(format == kCsv ? "line,input," : "{\"line\""));
  }
}

TEST(OpenSink, ShowsAParquetFileOnlyWhenItIsWhole) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  for (const bool finished : {false, true}) {
    auto sink = OpenSink(path, kParquet, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(kEmptyRow).ok());
    ASSERT_TRUE((*sink)->Flush().ok());
    EXPECT_FALSE(std::filesystem::exists(path));
    if (finished) {
      ASSERT_TRUE((*sink)->Finish().ok());
    }
    sink->reset();
    EXPECT_EQ(std::filesystem::exists(path), finished);
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  }
  EXPECT_THAT(ReadFile(path), StartsWith("PAR1"));
}

TEST(OpenSink, CompressesTextAsItsNameSays) {
  const TempDir dir;
  for (const std::string name : {"rows.csv.gz", "rows.ndjson.zst"}) {
    auto sink = OpenSink(dir / name, *FormatFor(name), {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(kEmptyRow).ok());
    ASSERT_TRUE((*sink)->Finish().ok());
    EXPECT_THAT(
        ReadFile(dir / name),
        StartsWith(name.ends_with("gz") ? "\x1F\x8B" : "\x28\xB5\x2F\xFD"));
  }
}

TEST(OpenSink, SaysWhyAFileCannotBeOpened) {
  const TempDir dir;
  const auto sink = OpenSink(dir / "none/rows.csv", kCsv, {});
  EXPECT_THAT(sink.status().ToString(),
              HasSubstr("create its directory first"));
}

}  // namespace
}  // namespace mxscan
