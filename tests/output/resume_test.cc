// A run that ends at any moment, and one that goes on behind its last mark.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "output/atomic_file.h"
#include "output/locked_file.h"
#include "output/open_sink.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

const std::array<Record, 1> kEmptyRow;

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(FileMark, IsReadBackFromItsTextAndFromNoOther) {
  const FileMark mark{1'234'567'890'123, 0xABC};
  EXPECT_EQ(ToText(mark), "1234567890123 0000000000000abc");
  EXPECT_EQ(*ParseFileMark(ToText(mark)), mark);
  EXPECT_EQ(*ParseFileMark(ToText(FileMark())), FileMark());
  for (const char* text :
       {"", "1", "1 ", "1 abc", "x 0000000000000abc", "-1 0000000000000abc",
        "1 0000000000000abg", "1  000000000000abc", "1 00000000000000abc",
        "99999999999999999999 0000000000000abc"}) {
    EXPECT_EQ(ParseFileMark(text).status().code(), absl::StatusCode::kDataLoss)
        << text;
  }
}

TEST(DurableMark, TakesTheLastStateAndAllThatWasAdded) {
  DurableMark mark{"a", {"1"}};
  mark.Append({"b", {"2", "3"}});
  mark.Append({"c", {}});
  EXPECT_EQ(mark, (DurableMark{"c", {"1", "2", "3"}}));
}

TEST(LockedFile, IsForOneAtATime) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  const auto first = OpenLocked(path, O_WRONLY | O_CREAT);
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::Status second = OpenLocked(path, O_WRONLY | O_CREAT).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.ToString(),
              AllOf(HasSubstr(path), HasSubstr("another process")));
  close(*first);
  const auto third = OpenLocked(path, O_WRONLY | O_CREAT);
  EXPECT_TRUE(third.ok());
  const auto directory = OpenLocked(dir.path(), O_RDONLY | O_DIRECTORY);
  EXPECT_TRUE(directory.ok());
  EXPECT_FALSE(OpenLocked(dir.path(), O_RDONLY | O_DIRECTORY).ok());
  close(*third);
  close(*directory);
}

TEST(FileWriter, DoesNotEmptyAFileThatAnotherWrites) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  const auto file = FileWriter::Create(path);
  ASSERT_TRUE((*file)->Write("row\n").ok());
  EXPECT_FALSE(FileWriter::Create(path).ok());
  EXPECT_FALSE(FileWriter::Reopen(path, FileMark()).ok());
  EXPECT_EQ(ReadFile(path), "row\n");
}

// A file with a mark behind "whole\n", and more after it.
FileMark LeaveHalf(const std::string& path) {
  const auto file = FileWriter::Create(path);
  EXPECT_TRUE((*file)->Write("whole\n").ok());
  const absl::StatusOr<FileMark> mark = (*file)->Checkpoint();
  EXPECT_TRUE((*file)->Write("and more\n").ok());
  EXPECT_EQ(mark->bytes, 6);
  return *mark;
}

TEST(FileWriter, GoesOnBehindAMark) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  FileMark mark = LeaveHalf(path);
  {
    const auto file = FileWriter::Reopen(path, mark);
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(ReadFile(path), "whole\n");
    ASSERT_TRUE((*file)->Write("next\n").ok());
    mark = *(*file)->Checkpoint();
    ASSERT_TRUE((*file)->Write("lost").ok());
  }
  const auto file = FileWriter::Reopen(path, mark);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(ReadFile(path), "whole\nnext\n");
}

TEST(FileWriter, LeavesAloneWhatIsNotAsItsMarkSays) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  const FileMark mark = LeaveHalf(path);
  for (const char* content : {"", "whol\n", "wholE\nand more\n"}) {
    std::ofstream(path) << content;
    const absl::Status status = FileWriter::Reopen(path, mark).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(status.ToString(),
                AllOf(HasSubstr(path), HasSubstr("not as the interrupted run "
                                                 "left it")));
    EXPECT_EQ(ReadFile(path), content);
  }
  std::filesystem::remove(path);
  EXPECT_THAT(FileWriter::Reopen(path, mark).status().ToString(),
              HasSubstr("it is gone"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(FileWriter, KnowsAFileByItsLastKilobyteHoweverItWasWritten) {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += static_cast<char>('a' + i % 23);
  const auto whole = FileWriter::Create(dir / "whole");
  ASSERT_TRUE((*whole)->Write(text).ok());
  const auto pieces = FileWriter::Create(dir / "pieces");
  size_t at = 0;
  for (size_t size = 0; at < text.size(); size = (size + 97) % 1'100) {
    ASSERT_TRUE((*pieces)->Write(text.substr(at, size)).ok());
    at += size;
  }
  EXPECT_EQ(*(*whole)->Checkpoint(), *(*pieces)->Checkpoint());
}

TEST(AtomicFile, IsKeptForARunThatGoesOn) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  FileMark mark;
  {
    const auto file = AtomicFile::Create(path, AtomicFile::Unfinished::kKept);
    ASSERT_TRUE((*file)->Write("one ").ok());
    mark = *(*file)->Checkpoint();
    ASSERT_TRUE((*file)->Write("lost").ok());
  }
  EXPECT_EQ(ReadFile(path + ".tmp"), "one lost");
  const auto file = AtomicFile::Reopen(path, mark);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write("two").ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(ReadFile(path), "one two");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, GoesOnWithWhatWasCommittedAlready) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  std::filesystem::create_symlink("real.parquet", path);
  FileMark mark;
  {
    const auto file = AtomicFile::Create(path);
    ASSERT_TRUE((*file)->Write("one ").ok());
    mark = *(*file)->Checkpoint();
    ASSERT_TRUE((*file)->Write("end").ok());
    ASSERT_TRUE((*file)->Commit().ok());
  }
  {
    const auto file = AtomicFile::Reopen(path, mark);
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_FALSE(std::filesystem::exists(path));  // Not before it is whole.
  }
  const auto file = AtomicFile::Reopen(path, mark);
  ASSERT_TRUE((*file)->Write("two end").ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(ReadFile(dir / "real.parquet"), "one two end");
  EXPECT_TRUE(std::filesystem::is_symlink(path));
}

TEST(AtomicFile, LeavesAnothersFileInItsPlace) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  std::ofstream(path) << "another's";
  EXPECT_FALSE(AtomicFile::Reopen(path, {4, 123}).ok());
  EXPECT_EQ(ReadFile(path), "another's");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

class InterruptedSink : public ::testing::TestWithParam<const char*> {
 protected:
  using OpenedSink = absl::StatusOr<std::unique_ptr<Sink>>;

  InterruptedSink() { options_.resumable = true; }

  static void WriteRows(Sink& sink, int64_t first, int64_t end) {
    for (int64_t line = first; line < end; ++line) {
      const std::string domain = "d" + std::to_string(line) + ".example";
      Record record;
      record.line = line;
      record.input = domain;
      record.domain = domain;
      record.status = "ok";
      ASSERT_TRUE(sink.Write({&record, 1}).ok());
    }
  }

  // Rows 0 to 90, with a checkpoint after every tenth. Before some of these
  // the run is lost, with rows that no mark tells of.
  void WriteAll(const std::string& path, bool interrupted) {
    const FileFormat format = *FormatFor(path);
    OpenedSink sink = OpenSink(path, format, options_);
    ASSERT_TRUE(sink.ok()) << sink.status();
    DurableMark mark;
    for (int64_t row = 0; row < 90; row += 10) {
      if (interrupted && row % 30 == 20) {
        WriteRows(**sink, row, row + 7);
        ASSERT_TRUE((*sink)->Flush().ok());
        sink->reset();
        sink = ReopenSink(path, format, options_, mark);
        ASSERT_TRUE(sink.ok()) << sink.status();
      }
      WriteRows(**sink, row, row + 10);
      absl::StatusOr<DurableMark> next = (*sink)->Checkpoint();
      ASSERT_TRUE(next.ok()) << next.status();
      mark.Append(*std::move(next));
    }
    ASSERT_TRUE((*sink)->Finish().ok());
  }

  SinkOptions options_;
};

TEST_P(InterruptedSink, EndsAsIfNothingHadHappened) {
  const TempDir dir;
  const std::string name = GetParam();
  WriteAll(dir / ("calm." + name), /*interrupted=*/false);
  WriteAll(dir / ("torn." + name), /*interrupted=*/true);
  const std::string calm = ReadFile(dir / ("calm." + name));
  EXPECT_GT(calm.size(), 500u);
  EXPECT_EQ(ReadFile(dir / ("torn." + name)), calm);
}

INSTANTIATE_TEST_SUITE_P(Formats, InterruptedSink,
                         ::testing::Values("csv", "ndjson", "csv.gz",
                                           "ndjson.zst", "parquet"));

TEST(ReopenSink, RefusesAMarkThatIsNone) {
  const TempDir dir;
  const std::string path = dir / "rows.parquet";
  const SinkOptions options;
  auto sink = OpenSink(path, {Format::kParquet}, options);
  ASSERT_TRUE((*sink)->Write(kEmptyRow).ok());
  const DurableMark mark = *(*sink)->Checkpoint();
  ASSERT_TRUE((*sink)->Finish().ok());
  sink->reset();
  for (const DurableMark& bad :
       {DurableMark(), DurableMark{mark.state, {"x"}},
        DurableMark{mark.state, {"12"}}, DurableMark{mark.state, {""}}}) {
    EXPECT_EQ(
        ReopenSink(path, {Format::kParquet}, options, bad).status().code(),
        absl::StatusCode::kDataLoss);
  }
}

TEST(CanBeResumed, IsTrueOfFilesOnly) {
  const TempDir dir;
  std::ofstream(dir / "rows.csv") << "x";
  EXPECT_TRUE(CanBeResumed(dir / "rows.csv"));
  EXPECT_TRUE(CanBeResumed(dir / "new.csv"));
  EXPECT_FALSE(CanBeResumed("-"));
  EXPECT_FALSE(CanBeResumed("/dev/null"));
}

TEST(ParquetSink, IsRipeShortlyBeforeItsRowGroupIsFull) {
  const TempDir dir;
  const auto sink =
      OpenSink(dir / "rows.parquet", {Format::kParquet}, SinkOptions());
  EXPECT_EQ((*sink)->ripeness(), Sink::Ripeness::kUnripe);
  for (int i = 0; i < 234'375; ++i) {
    ASSERT_EQ((*sink)->ripeness(), Sink::Ripeness::kUnripe) << i;
    ASSERT_TRUE((*sink)->Write(kEmptyRow).ok());
  }
  EXPECT_EQ((*sink)->ripeness(), Sink::Ripeness::kRipe);
  ASSERT_TRUE((*sink)->Checkpoint().ok());
  EXPECT_EQ((*sink)->ripeness(), Sink::Ripeness::kUnripe);
}

}  // namespace
}  // namespace mxscan
