#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "output/dataset_check.h"
#include "output/dataset_merge.h"
#include "output/dataset_sink.h"
#include "output/sha256.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

constexpr std::string_view kPartition = "scan_date=2025-11-22/";

// A run whose input has `lines` lines, of which shard `shard` has every
// `shards`-th.
SinkOptions OptionsFor(int64_t lines, int64_t shard = 0, int64_t shards = 1) {
  SinkOptions options;
  options.version = "1.2.3";
  DatasetOptions& dataset = options.dataset;
  dataset.started_at_us = 1'763'770'235'000'001;
  dataset.rows_per_part = 2;
  dataset.shard = shard;
  dataset.shards = shards;
  dataset.flags = {{"--skip", "0"}};
  dataset.run = [=] {
    DatasetRun run;
    run.finished_at_us = 1'763'770'236'000'000;
    run.input.names = {"list.txt"};
    run.input.bytes = 100;
    for (int64_t line = 1; line <= lines; ++line) {
      run.input.lines += line % shards == shard ? 1 : 0;
    }
    run.input.lines_of_all_shards = lines;
    run.input.checksum = "1";
    return run;
  };
  return options;
}

absl::Status WriteLine(int64_t line, Sink& sink) {
  Record record;
  record.line = line;
  record.input = "example.com";
  record.status = "ok";
  return sink.Write({&record, 1});
}

// Writes the dataset of a run, or of one of its shards.
void WriteDataset(const std::string& directory, const SinkOptions& options,
                  const FileFormat& format = {Format::kNdjson}) {
  auto sink = OpenSink(directory + "/", format, options);
  ASSERT_TRUE(sink.ok()) << sink.status();
  const DatasetOptions& dataset = options.dataset;
  const int64_t lines = dataset.run().input.lines_of_all_shards;
  for (int64_t line = 1; line <= lines; ++line) {
    if (line % dataset.shards != dataset.shard) continue;
    ASSERT_TRUE(WriteLine(line, **sink).ok());
  }
  ASSERT_TRUE((*sink)->Finish().ok());
}

// All files below `directory`, in order.
std::vector<std::string> FilesOf(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_directory()) continue;
    files.push_back(fs::relative(entry.path(), directory).string());
  }
  std::ranges::sort(files);
  return files;
}

std::string PartName(std::string_view name) {
  return std::string(kPartition).append(name);
}

TEST(DatasetSink, WritesPartsThenTheManifestAndThatItIsComplete) {
  const TempDir dir;
  WriteDataset(dir / "set", OptionsFor(5));
  EXPECT_THAT(FilesOf(dir / "set"), ElementsAre("_SUCCESS", "_manifest.json",
                                                PartName("part-00000.ndjson"),
                                                PartName("part-00001.ndjson"),
                                                PartName("part-00002.ndjson")));
  const absl::StatusOr<Manifest> manifest = ReadManifest(dir / "set");
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->rows(), 5);
  EXPECT_EQ(manifest->kind.version, "1.2.3");
  EXPECT_EQ(manifest->kind.format, "ndjson");
  EXPECT_EQ(manifest->started_at, "2025-11-22T00:10:35.000001Z");
  const DatasetPart& part = manifest->parts[1];
  EXPECT_EQ(part.rows, 2);
  EXPECT_EQ(part.first_line, 3);
  EXPECT_EQ(part.last_line, 4);
  const std::string text = ReadFile(dir / ("set/" + part.path));
  EXPECT_EQ(part.bytes, static_cast<int64_t>(text.size()));
  Sha256 sum;
  sum.Add(text);
  EXPECT_EQ(part.sha256, sum.Finish());
}

TEST(DatasetSink, HidesAPartUntilItIsWhole) {
  const TempDir dir;
  auto sink = OpenSink(dir / "set/", {Format::kParquet}, OptionsFor(2));
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE(WriteLine(1, **sink).ok());
  EXPECT_THAT(FilesOf(dir / "set"),
              ElementsAre(PartName("_part-00000.parquet.tmp")));
  ASSERT_TRUE(WriteLine(2, **sink).ok());
  EXPECT_THAT(FilesOf(dir / "set"),
              ElementsAre(PartName("part-00000.parquet")));
}

TEST(DatasetSink, HasAPartWithTheSchemaWhenThereAreNoRows) {
  const TempDir dir;
  WriteDataset(dir / "set", OptionsFor(0), {Format::kCsv});
  EXPECT_THAT(ReadFile(dir / ("set/" + PartName("part-00000.csv"))),
              ::testing::StartsWith("line,input,"));
  EXPECT_THAT(CheckDataset(dir / "set").faults, IsEmpty());
}

TEST(DatasetSink, KeepsALineInOnePartAndCountsItsRows) {
  const TempDir dir;
  SinkOptions options = OptionsFor(2);
  options.shape.layout = Layout::kLong;
  auto sink = OpenSink(dir / "set/", {Format::kCsv}, options);
  ASSERT_TRUE(sink.ok()) << sink.status();
  const std::vector<MxRecord> exchanges(5);
  for (int64_t line = 1; line <= 2; ++line) {
    Record record;
    record.line = line;
    record.mx = exchanges;
    ASSERT_TRUE((*sink)->Write({&record, 1}).ok());
  }
  ASSERT_TRUE((*sink)->Finish().ok());
  const absl::StatusOr<Manifest> manifest = ReadManifest(dir / "set");
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  ASSERT_EQ(manifest->parts.size(), 2u);
  EXPECT_EQ(manifest->parts[0].rows, 5);
  EXPECT_EQ(manifest->parts[0].lines, 1);
}

TEST(DatasetSink, RefusesADirectoryThatHoldsAnything) {
  const TempDir dir;
  fs::create_directory(dir / "set");
  std::ofstream(dir / "set/notes.txt") << "mine";
  const auto sink = OpenSink(dir / "set/", {Format::kCsv}, OptionsFor(1));
  EXPECT_THAT(sink.status().ToString(),
              HasSubstr("is not empty; name another directory"));
  EXPECT_THAT(FilesOf(dir / "set"), ElementsAre("notes.txt"));
}

TEST(DatasetSink, RefusesADirectoryThatAnotherRunIsWriting) {
  const TempDir dir;
  const auto first = OpenSink(dir / "set/", {Format::kCsv}, OptionsFor(1));
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = OpenSink(dir / "set/", {Format::kCsv}, OptionsFor(1));
  EXPECT_THAT(second.status().ToString(),
              HasSubstr("another process is writing it"));
}

TEST(DatasetSink, SuspendedKeepsItsRowsAndIsNotComplete) {
  const TempDir dir;
  auto sink = OpenSink(dir / "set/", {Format::kNdjson}, OptionsFor(3));
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE(WriteLine(1, **sink).ok());
  ASSERT_TRUE((*sink)->Suspend().ok());
  EXPECT_THAT(FilesOf(dir / "set"), ElementsAre(PartName("part-00000.ndjson")));
  EXPECT_THAT(
      CheckDataset(dir / "set").faults,
      ElementsAre(HasSubstr("_SUCCESS: is missing"), HasSubstr("cannot open")));
}

// A run that was killed after a checkpoint, gone on with, is the dataset that
// an undisturbed one leaves: whatever it had begun since is gone.
TEST(DatasetSink, GoesOnBehindAMark) {
  const TempDir dir;
  const SinkOptions options = OptionsFor(5);
  DurableMark mark;
  {
    auto sink = OpenSink(dir / "set/", {Format::kNdjson}, options);
    ASSERT_TRUE(sink.ok()) << sink.status();
    EXPECT_EQ((*sink)->ripeness(), Sink::Ripeness::kRipe);
    ASSERT_TRUE(WriteLine(1, **sink).ok());
    EXPECT_EQ((*sink)->ripeness(), Sink::Ripeness::kUnripe);
    mark.Append(*(*sink)->Checkpoint());
    ASSERT_TRUE(WriteLine(2, **sink).ok());
    ASSERT_TRUE(WriteLine(3, **sink).ok());
    mark.Append(*(*sink)->Checkpoint());
    ASSERT_TRUE(WriteLine(4, **sink).ok());
    ASSERT_TRUE(WriteLine(5, **sink).ok());  // A part without a mark.
  }
  SinkOptions later = options;
  later.dataset.started_at_us += int64_t{86'400'000'000};
  auto sink = ReopenSink(dir / "set/", {Format::kNdjson}, later, mark);
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE(WriteLine(5, **sink).ok());
  ASSERT_TRUE(WriteLine(4, **sink).ok());
  ASSERT_TRUE((*sink)->Finish().ok());
  EXPECT_THAT(CheckDataset(dir / "set").faults, IsEmpty());
  EXPECT_THAT(FilesOf(dir / "set"), ElementsAre("_SUCCESS", "_manifest.json",
                                                PartName("part-00000.ndjson"),
                                                PartName("part-00001.ndjson"),
                                                PartName("part-00002.ndjson")));
  EXPECT_EQ(ReadManifest(dir / "set")->lines(), 5);
}

// The run before was killed before its first checkpoint.
TEST(DatasetSink, BeginsAnewOnWhatARunWithoutAMarkLeft) {
  const TempDir dir;
  SinkOptions options = OptionsFor(3);
  fs::create_directory(dir / "set");
  std::ofstream(dir / "set/_journal") << "mine";
  {
    auto sink = OpenSink(dir / "set/", {Format::kNdjson}, options);
    ASSERT_TRUE(sink.ok()) << sink.status();
    for (int64_t line = 1; line <= 3; ++line) {
      ASSERT_TRUE(WriteLine(line, **sink).ok());
    }
  }
  EXPECT_FALSE(OpenSink(dir / "set/", {Format::kNdjson}, options).ok());
  options.dataset.resumed = true;
  WriteDataset(dir / "set", options);
  EXPECT_THAT(CheckDataset(dir / "set").faults, IsEmpty());
  EXPECT_THAT(ReadFile(dir / "set/_journal"), "mine");
}

TEST(DatasetSink, DoesNotGoOnWhereAPartIsNotAsItWas) {
  const TempDir dir;
  DurableMark mark;
  {
    auto sink = OpenSink(dir / "set/", {Format::kNdjson}, OptionsFor(2));
    ASSERT_TRUE(WriteLine(1, **sink).ok());
    mark.Append(*(*sink)->Checkpoint());
  }
  std::ofstream(dir / ("set/" + PartName("part-00000.ndjson")), std::ios::app)
      << "more";
  const auto sink =
      ReopenSink(dir / "set/", {Format::kNdjson}, OptionsFor(2), mark);
  EXPECT_EQ(sink.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(sink.status().ToString(), HasSubstr("part-00000.ndjson"));
}

class CheckTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteDataset(dir_ / "set", OptionsFor(4)); }

  std::vector<std::string> Faults() const {
    return CheckDataset(dir_ / "set/").faults;
  }
  std::string Part(std::string_view name) const {
    return dir_ / ("set/" + PartName(name));
  }

  const TempDir dir_;
};

TEST_F(CheckTest, FindsNothingInADatasetAsItWasWritten) {
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(CheckTest, NamesEveryPartThatIsNotAsItWas) {
  fs::remove(Part("part-00000.ndjson"));
  std::fstream file(Part("part-00001.ndjson"));
  file.put('[');
  file.close();
  std::ofstream(Part("part-00002.ndjson")) << "{}\n";
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr("part-00000.ndjson: is missing"),
                          HasSubstr("part-00001.ndjson: its SHA-256 is "),
                          HasSubstr("part-00002.ndjson: is not in the")));
}

TEST_F(CheckTest, NamesAPartThatIsCutShort) {
  fs::resize_file(Part("part-00001.ndjson"), 7);
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("has 7 bytes, not ")));
}

TEST_F(CheckTest, SaysThatADatasetWithoutSuccessIsNotComplete) {
  fs::remove(dir_ / "set/_SUCCESS");
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("_SUCCESS: is missing")));
}

TEST_F(CheckTest, SaysWhatIsWrongWithAManifest) {
  std::ofstream(dir_ / "set/_manifest.json") << "{";
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr("_manifest.json: it is not JSON")));
}

TEST_F(CheckTest, FindsLinesThatHaveNoRow) {
  const std::string path = dir_ / "set/_manifest.json";
  absl::StatusOr<Manifest> manifest = ReadManifest(dir_ / "set");
  manifest->input.lines = 5;
  std::ofstream(path) << ToJson(*manifest);
  EXPECT_THAT(
      Faults(),
      ElementsAre(HasSubstr("parts hold 4 lines, and its input has 5")));
}

class MergeTest : public ::testing::Test {
 protected:
  static constexpr int64_t kLines = 10;
  static constexpr int64_t kShards = 3;

  void WriteShard(
      int64_t shard,
      const std::function<void(SinkOptions&)>& change = [](auto&) {}) {
    SinkOptions options = OptionsFor(kLines, shard, kShards);
    change(options);
    WriteDataset(Shard(shard), options);
  }
  void WriteShards() {
    for (int64_t shard = 0; shard < kShards; ++shard) WriteShard(shard);
  }
  std::string Shard(int64_t shard) const {
    return dir_ / ("shard" + std::to_string(shard));
  }
  MergeResult Merge(const std::vector<int64_t>& shards) const {
    std::vector<std::string> directories;
    for (const int64_t shard : shards) directories.push_back(Shard(shard));
    return MergeDatasets(directories, dir_ / "all/");
  }

  const TempDir dir_;
};

TEST_F(MergeTest, MakesOneDatasetOfAllShardsInTheirOrder) {
  WriteShards();
  EXPECT_THAT(Merge({2, 0, 1}).faults, IsEmpty());
  const DatasetVerdict verdict = CheckDataset(dir_ / "all");
  EXPECT_THAT(verdict.faults, IsEmpty());
  EXPECT_EQ(verdict.manifest->lines(), kLines);
  EXPECT_EQ(verdict.manifest->shards, 1);
  std::vector<int64_t> firsts;
  for (const DatasetPart& part : verdict.manifest->parts) {
    firsts.push_back(part.first_line);
  }
  EXPECT_THAT(firsts, ElementsAre(3, 9, 1, 7, 2, 8));
}

TEST_F(MergeTest, LeavesTheShardsAsTheyAre) {
  WriteShards();
  ASSERT_THAT(Merge({0, 1, 2}).faults, IsEmpty());
  EXPECT_THAT(CheckDataset(Shard(1)).faults, IsEmpty());
  fs::remove_all(Shard(1));
  EXPECT_THAT(CheckDataset(dir_ / "all").faults, IsEmpty());
}

TEST_F(MergeTest, NamesShardsThatAreMissingAndThoseThatAreThereTwice) {
  WriteShards();
  WriteDataset(Shard(7), OptionsFor(kLines, 0, kShards));
  EXPECT_THAT(Merge({0, 7, 2}).faults,
              ElementsAre(HasSubstr("shard7: is shard 0/3, as is"),
                          HasSubstr("shard 1/3 is missing")));
  EXPECT_FALSE(fs::exists(dir_ / "all"));
}

TEST_F(MergeTest, NamesWhatDiffersBetweenShards) {
  WriteShard(0);
  WriteShard(1, [](SinkOptions& options) {
    options.version = "1.2.4";
    options.provider_table_version = "other";
    options.shape.several_inputs = true;
    options.dataset.flags = {{"--skip", "5"}, {"--unique", "yes"}};
  });
  SinkOptions longer = OptionsFor(kLines + 3, 2, kShards);
  longer.dataset.run = [run = longer.dataset.run] {
    DatasetRun other = run();
    other.input.checksum = "2";
    return other;
  };
  WriteDataset(Shard(2), longer);
  EXPECT_THAT(
      Merge({0, 1, 2}).faults,
      ElementsAre(
          HasSubstr("shard1: the version of mxscan is 1.2.4, but 1.2.3"),
          HasSubstr("the table of providers is other, but none"),
          HasSubstr("the list of columns is line,input_file,input"),
          HasSubstr("--skip is 5, but 0 in"),
          HasSubstr("--unique is yes, but none in"),
          HasSubstr("the number of its lines is 13, but 10 in"),
          HasSubstr("the checksum of its lines is 2, but 1 in")));
}

TEST_F(MergeTest, RefusesShardsThatAreHarmed) {
  WriteShards();
  fs::remove(Shard(2) + "/_SUCCESS");
  EXPECT_THAT(Merge({0, 1, 2}).faults,
              ElementsAre(HasSubstr("shard2/_SUCCESS: is missing")));
}

TEST_F(MergeTest, RefusesLinesThatDoNotAddUp) {
  WriteShard(0);
  WriteShard(1);
  WriteShard(2);
  absl::StatusOr<Manifest> manifest = ReadManifest(Shard(0));
  for (int64_t shard = 0; shard < kShards; ++shard) {
    manifest = ReadManifest(Shard(shard));
    manifest->input.lines_of_all_shards = kLines + 1;
    std::ofstream(Shard(shard) + "/_manifest.json") << ToJson(*manifest);
  }
  EXPECT_THAT(Merge({0, 1, 2}).faults,
              ElementsAre("the shards hold 10 lines, and the input has 11"));
}

TEST_F(MergeTest, DoesNotMergeIntoADirectoryThatHoldsAnything) {
  WriteShards();
  fs::create_directories(dir_ / "all/scan_date=2020-01-01");
  std::ofstream(dir_ / "all/scan_date=2020-01-01/part-00000.csv") << "x";
  EXPECT_THAT(Merge({0, 1, 2}).faults,
              ElementsAre(HasSubstr("is not empty; name another directory")));
}

TEST(Sha256, SumsAsTheStandardSays) {
  Sha256 sum;
  sum.Add("a");
  sum.Add("bc");
  EXPECT_EQ(sum.Finish(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256().Finish(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace mxscan
