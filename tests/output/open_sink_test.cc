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
  for (const std::string_view path :
       {"rows.parquet", "rows.csv.gz", "rows.ndjson.zst", "rows.JSON",
        "rows.xlsx", "out/", ""}) {
    const absl::Status status = FormatFor(path, Format::kCsv).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(status.ToString(),
                HasSubstr("supported are .csv, .ndjson and .jsonl"));
  }
}

TEST(OpenSink, KnowsItsFormatsByName) {
  EXPECT_EQ(*ParseFormat("csv"), Format::kCsv);
  EXPECT_EQ(*ParseFormat("ndjson"), Format::kNdjson);
  EXPECT_THAT(ParseFormat("xml").status().ToString(),
              HasSubstr("unknown format xml; supported are csv and ndjson"));
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

TEST(OpenSink, SaysWhyAFileCannotBeOpened) {
  const TempDir dir;
  const auto sink = OpenSink(dir / "none/rows.csv", Format::kCsv, {});
  EXPECT_THAT(sink.status().ToString(),
              HasSubstr("create its directory first"));
}

}  // namespace
}  // namespace mxscan
