// What the writer tells of rows, and when.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/output/fake_sink.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;

// What a journal would be told, as text: the places and each sink's mark.
class Log final : public CheckpointKeeper, public RowWatcher {
 public:
  void OnRows(std::span<const Record> rows) noexcept override {
    rows_ += rows.size();
  }
  absl::Status Keep(const Checkpoint& checkpoint) noexcept override {
    std::string line = checkpoint.places;
    for (const DurableMark& mark : checkpoint.marks) line += " | " + mark.state;
    lines_.push_back(line + " of " + std::to_string(rows_));
    return answer_;
  }

  void Answer(absl::Status answer) { answer_ = std::move(answer); }
  // REQUIRES: the writer has ended.
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  size_t rows_ = 0;
  std::vector<std::string> lines_;
  absl::Status answer_;
};

WriterOptions KeptBy(Log& log) {
  WriterOptions options;
  options.watcher = &log;
  options.keeper = &log;
  options.checkpoint_every = std::chrono::nanoseconds(0);
  return options;
}

TEST(WriterThread, TellsItsKeeperWhichRowsAreDurableInEverySink) {
  Script one;
  Script two;
  Log log;
  WriterThread writer(SinksOf(one, two), nullptr, KeptBy(log));
  writer.Push(Ordered(writer, {0, 2}));
  writer.Push(Ordered(writer, {1}));
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_THAT(log.lines(), ElementsAre("1 1 1 | 2 | 2 of 2", "3 | 3 | 3 of 3"));
}

TEST(WriterThread, KeepsTheRestOnlyAtTheEndWhenThatComesSoon) {
  Script script;
  Log log;
  WriterOptions options = KeptBy(log);
  options.checkpoint_every = std::chrono::hours(1);
  WriterThread writer(SinksOf(script), nullptr, options);
  for (int64_t place = 0; place < 5; ++place) {
    writer.Push(Ordered(writer, {place}));
  }
  EXPECT_TRUE(writer.Suspend().ok());
  EXPECT_THAT(log.lines(), ElementsAre("5 | 5 of 5"));
  EXPECT_EQ(script.finishes(), 0);
  EXPECT_EQ(script.suspensions(), 1);
}

TEST(WriterThread, GoesOnBehindWhatEarlierRunsWrote) {
  Script script;
  Log log;
  WriterOptions options = KeptBy(log);
  options.ordered = 10;
  options.written = *PlaceSet::Parse("7");
  WriterThread writer(SinksOf(script), nullptr, options);
  EXPECT_TRUE(writer.MayStart(16));
  EXPECT_FALSE(writer.MayStart(17));
  writer.Push(Ordered(writer, {8, 7}));
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_THAT(script.lines(), ElementsAre(7, 8));
  EXPECT_THAT(log.lines(), ElementsAre("9 | 2 of 2"));
}

TEST(WriterThread, InOrderLeavesWhatStandsBehindAGapToARunThatGoesOn) {
  Script script;
  Log log;
  WriterOptions options = KeptBy(log);
  options.ordered = 10;
  WriterThread writer(SinksOf(script), nullptr, options);
  writer.Push(Ordered(writer, {0, 1, 3}));
  EXPECT_TRUE(writer.Suspend().ok());
  EXPECT_THAT(script.lines(), ElementsAre(0, 1));
  EXPECT_THAT(log.lines(), ElementsAre("2 | 2 of 2"));
}

TEST(WriterThread, EndsTheRunWhenACheckpointCannotBeKept) {
  Script script;
  Log log;
  log.Answer(absl::ResourceExhaustedError("no space for the journal"));
  Bell bell;
  WriterThread writer(SinksOf(script), &bell, KeptBy(log));
  writer.Push(Ordered(writer, {0}));
  bell.AwaitMoreThan(0);
  writer.Push(Ordered(writer, {1}));
  EXPECT_EQ(writer.Finish(),
            absl::ResourceExhaustedError("no space for the journal"));
  EXPECT_THAT(script.lines(), ElementsAre(0));
  EXPECT_EQ(log.lines().size(), 1u);
  EXPECT_EQ(script.suspensions(), 1);
  EXPECT_EQ(script.finishes(), 0);
}

}  // namespace
}  // namespace mxscan
