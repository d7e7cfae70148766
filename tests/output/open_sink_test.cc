#include "output/open_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(OpenSink, TakesTheFormatFromTheExtension) {
  for (const Format unnamed : {Format::kCsv, Format::kNdjson}) {
    EXPECT_EQ(*FormatFor("rows.csv", unnamed), Format::kCsv);
    EXPECT_EQ(*FormatFor("out.d/rows.CSV", unnamed), Format::kCsv);
    EXPECT_EQ(*FormatFor("rows.ndjson", unnamed), Format::kNdjson);
    EXPECT_EQ(*FormatFor("/tmp/rows.jsonl", unnamed), Format::kNdjson);
    EXPECT_EQ(*FormatFor("rows.Parquet", unnamed), Format::kParquet);
    EXPECT_EQ(*FormatFor("rows.csv.gz", unnamed), Format::kCsv);
    EXPECT_EQ(*FormatFor("rows.jsonl.ZST", unnamed), Format::kNdjson);
    EXPECT_EQ(*FormatFor("rows.gz", unnamed), unnamed);
  }
}

TEST(OpenSink, TakesTheGivenFormatWhenTheNameDoesNotSay) {
  for (const std::string_view path :
       {"-", "rows", "rows.txt", "dir.csv/rows", "/dev/null", "scan.2026-11"}) {
    EXPECT_EQ(*FormatFor(path, Format::kCsv), Format::kCsv) << path;
    EXPECT_EQ(*FormatFor(path, Format::kNdjson), Format::kNdjson) << path;
  }
}

TEST(OpenSink, RefusesWhatItCannotWriteAndNamesWhatItCan) {
  for (const std::string_view path : {"rows.JSON", "rows.xlsx", "rows.json.gz",
                                      "rows.parquet.zst", "out/", ""}) {
    const absl::Status status = FormatFor(path, Format::kCsv).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(status.ToString(),
                HasSubstr("supported are .csv, .ndjson and .jsonl, each also "
                          "with .gz or .zst, and .parquet"));
  }
}

TEST(OpenSink, KnowsItsFormatsByName) {
  EXPECT_EQ(*ParseFormat("csv"), Format::kCsv);
  EXPECT_EQ(*ParseFormat("ndjson"), Format::kNdjson);
  EXPECT_EQ(*ParseFormat("parquet"), Format::kParquet);
  EXPECT_THAT(
      ParseFormat("xml").status().ToString(),
      HasSubstr("unknown format xml; supported are csv, ndjson and parquet"));
}

TEST(OpenSink, WritesTheFormatIntoTheFile) {
  const TempDir dir;
  Record record;
  record.line = 1;
  for (const Format format : {Format::kCsv, Format::kNdjson}) {
    const std::string path = dir / "rows";
    auto sink = OpenSink(path, format, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(record).ok());
    ASSERT_TRUE((*sink)->Finish().ok());
    EXPECT_THAT(
        ReadFile(path),
        StartsWith(format == Format::kCsv ? "line,input," : "{\"line\""));
  }
}

TEST(OpenSink, ShowsAParquetFileOnlyWhenItIsWhole) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  for (const bool finished : {false, true}) {
    auto sink = OpenSink(path, Format::kParquet, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(Record()).ok());
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
    auto sink = OpenSink(dir / name, *FormatFor(name, Format::kCsv), {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(Record()).ok());
    ASSERT_TRUE((*sink)->Finish().ok());
    EXPECT_THAT(
        ReadFile(dir / name),
        StartsWith(name.ends_with("gz") ? "\x1F\x8B" : "\x28\xB5\x2F\xFD"));
  }
}

TEST(OpenSink, SaysWhyAFileCannotBeOpened) {
  const TempDir dir;
  const auto sink = OpenSink(dir / "none/rows.csv", Format::kCsv, {});
  EXPECT_THAT(sink.status().ToString(),
              HasSubstr("create its directory first"));
}

}  // namespace
}  // namespace mxscan
