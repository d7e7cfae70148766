#include "output/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mxscan {
namespace {

using ::testing::HasSubstr;

Manifest Example() {
  Manifest manifest;
  manifest.kind = {.version = "1.2.3",
                   .schema = 1,
                   .layout = "long",
                   .format = "csv.gz",
                   .provider_table = "xxh3:0123456789abcdef",
                   .columns = {"line", "input"},
                   .flags = {{"--skip", "0"}, {"--column", "\"a\n"}}};
  manifest.started_at = "2026-11-22T00:10:35.000001Z";
  manifest.finished_at = "2026-11-22T00:11:35.000001Z";
  manifest.input = {.names = {"list.txt", "-"},
                    .bytes = 100,
                    .lines = 7,
                    .lines_of_all_shards = 14,
                    .checksum = "0123456789abcdef",
                    .unique = true};
  manifest.shard = 1;
  manifest.shards = 2;
  for (int number = 0; number < 2; ++number) {
    DatasetPart& part = manifest.parts.emplace_back();
    part.path = PartPath("2026-11-22", static_cast<size_t>(number), "csv.gz");
    part.rows = 5;
    part.lines = 3 + number;
    part.first_line = 1;
    part.last_line = 9;
    part.bytes = 1000;
    part.sha256 = std::string(64, 'a');
  }
  return manifest;
}

// The example with `from` replaced by `to`; what is said of it.
std::string SaidOf(const std::string& from, const std::string& to) {
  std::string json = ToJson(Example());
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  json.replace(at, from.size(), to);
  return ParseManifest(json).status().ToString();
}

TEST(Manifest, IsReadAsItWasWritten) {
  const std::string json = ToJson(Example());
  const absl::StatusOr<Manifest> read = ParseManifest(json);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToJson(*read), json);
  EXPECT_EQ(read->kind.flags, Example().kind.flags);
  EXPECT_EQ(read->parts, Example().parts);
  EXPECT_EQ(read->input.names, Example().input.names);
  EXPECT_EQ(read->shard, 1);
}

TEST(Manifest, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(SaidOf("\"manifest\": 1", "\"manifest\": 2"),
              HasSubstr("`manifest` is a form that this mxscan does not know"));
  EXPECT_THAT(SaidOf("\"schema\": 1,", ""), HasSubstr("`schema` is missing"));
  EXPECT_THAT(SaidOf("\"schema\": 1", "\"schema\": -1"),
              HasSubstr("`schema` is no count"));
  EXPECT_THAT(SaidOf("\"schema\": 1", "\"schema\": 1e30"),
              HasSubstr("`schema` is no count"));
  EXPECT_THAT(SaidOf("\"layout\": \"long\"", "\"layout\": 3"),
              HasSubstr("`layout` is no text"));
  EXPECT_THAT(SaidOf("\"rows\": 10", "\"rows\": 11"),
              HasSubstr("`rows` is not what parts add up to"));
  EXPECT_THAT(SaidOf("\"index\": 1", "\"index\": 2"),
              HasSubstr("`index` is too large"));
  EXPECT_THAT(SaidOf("part-00001", "part-00000"),
              HasSubstr("`parts` has one twice"));
  EXPECT_THAT(SaidOf("aaaa", "AAAA"), HasSubstr("`sha256` is no SHA-256"));
}

TEST(Manifest, NamesNoPartOutsideOfItsDataset) {
  EXPECT_TRUE(IsPartPath("scan_date=2026-11-22/part-00007.parquet"));
  EXPECT_TRUE(IsPartPath("scan_date=2026-11-22/part-1000000.csv.gz"));
  for (const std::string_view path :
       {"", "part-00007.parquet", "/etc/passwd", "../part-00000.csv",
        "scan_date=2026-11-22/../../part-00007.parquet",
        "scan_date=2026-11-22/part-00007.parquet/x",
        "scan_date=2026-11-22/part-00007/../x.csv",
        "scan_date=2026-11-22/_part-00007.parquet",
        "scan_date=2026-11-22/part-00007..csv",
        "scan_date=2026-11-22/part-7.parquet", "scan_date=2026-11-22/part-.csv",
        "scan_date=2026-11-2x/part-00007.parquet",
        "scan_date=2026-11-22/part-00007"}) {
    EXPECT_FALSE(IsPartPath(path)) << path;
  }
  EXPECT_THAT(SaidOf("scan_date=2026-11-22/part-00000.csv.gz", "../../secret"),
              HasSubstr("`path` is not that of a part"));
}

TEST(Manifest, ReadsAPartAloneAsItWasWritten) {
  const DatasetPart part = Example().parts[1];
  const std::string json = ToJson(part);
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_EQ(*ParsePart(json), part);
  EXPECT_FALSE(ParsePart("[]").ok());
  EXPECT_FALSE(ParsePart(json.substr(1)).ok());
}

}  // namespace
}  // namespace mxscan
