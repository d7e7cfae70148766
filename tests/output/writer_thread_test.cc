#include "output/writer_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "output/csv_sink.h"
#include "output/file_writer.h"
#include "tests/output/fake_sink.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;

// Pushes one row. REQUIRES: the writer has room.
void PushLine(WriterThread& writer, int64_t line) {
  std::unique_ptr<RecordBatch> batch = writer.TakeEmpty();
  ASSERT_NE(batch, nullptr);
  ASSERT_TRUE(batch->empty());
  batch->Add().line = line;
  writer.Push(std::move(batch));
}

TEST(WriterThread, WritesRowsInOrderIntoEverySink) {
  Script one;
  Script two;
  WriterThread writer(SinksOf(one, two), nullptr);
  for (int64_t line = 1; line <= 3; ++line) PushLine(writer, line);
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_THAT(one.lines(), ElementsAre(1, 2, 3));
  EXPECT_THAT(two.lines(), ElementsAre(1, 2, 3));
  EXPECT_EQ(one.finishes(), 1);
  EXPECT_EQ(two.finishes(), 1);
}

TEST(WriterThread, FinishesEvenWithoutAnyRow) {
  Script script;
  WriterThread writer(SinksOf(script), nullptr);
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_EQ(script.finishes(), 1);
}

TEST(WriterThread, WritesWhatItWasGivenWhenItGoesAway) {
  Script script;
  {
    WriterThread writer(SinksOf(script), nullptr);
    PushLine(writer, 1);
  }
  EXPECT_THAT(script.lines(), ElementsAre(1));
  EXPECT_EQ(script.suspensions(), 1);
}

TEST(WriterThread, FlushesWhenItsQueueRunsDry) {
  Script script;
  WriterThread writer(SinksOf(script), nullptr);
  PushLine(writer, 1);
  script.AwaitFlushOf(1);  // Without this the test would never end.
  PushLine(writer, 2);
  script.AwaitFlushOf(2);
  EXPECT_TRUE(writer.Finish().ok());
}

TEST(WriterThread, DoesNotFlushForEachBatchWhenBusy) {
  Script script;
  script.Close();
  WriterThread writer(SinksOf(script), nullptr);
  for (int64_t line = 1; line <= 20; ++line) PushLine(writer, line);
  script.AwaitAWaitingWriter();
  script.Open();
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_EQ(script.lines().size(), 20u);
  EXPECT_LE(script.flushes(), 2);  // At the start and when dry.
}

TEST(WriterThread, TellsShardsToHoldBackWhileTheReaderIsSlow) {
  Script script;
  script.Close();
  Bell bell;
  WriterThread writer(SinksOf(script), &bell, {.batches = 3});
  for (int64_t line = 1; line <= 3; ++line) {
    EXPECT_TRUE(writer.HasRoom());
    PushLine(writer, line);
  }
  script.AwaitAWaitingWriter();
  EXPECT_FALSE(writer.HasRoom());
  EXPECT_EQ(writer.TakeEmpty(), nullptr);
  EXPECT_EQ(bell.rings(), 0);
  script.Open();
  bell.AwaitMoreThan(0);
  EXPECT_TRUE(writer.HasRoom());
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_EQ(bell.rings(), 1);  // Once for each refusal, not for each batch.
  EXPECT_THAT(script.lines(), ElementsAre(1, 2, 3));
}

TEST(WriterThread, GoesRoundWithTheSameFewBatches) {
  Script script;
  Bell bell;
  WriterThread writer(SinksOf(script), &bell, {.batches = 3});
  std::set<const RecordBatch*> seen;
  for (int64_t line = 1; line <= 200; ++line) {
    int rings = bell.rings();
    std::unique_ptr<RecordBatch> batch;
    while ((batch = writer.TakeEmpty()) == nullptr) {
      rings = bell.AwaitMoreThan(rings);
    }
    seen.insert(batch.get());
    batch->Add().line = line;
    writer.Push(std::move(batch));
  }
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_EQ(script.lines().size(), 200u);
  EXPECT_LE(seen.size(), 3u);
}

TEST(WriterThread, LatchesTheFirstErrorAndKeepsOthersWhole) {
  Script bad;
  Script good;
  bad.FailAtLine(2, absl::ResourceExhaustedError("no space left"));
  Bell bell;
  WriterThread writer(SinksOf(good, bad), &bell);
  PushLine(writer, 1);
  PushLine(writer, 2);
  bell.AwaitMoreThan(0);
  EXPECT_EQ(writer.status(), absl::ResourceExhaustedError("no space left"));
  good.FailAtLine(Script::kAtFinish, absl::UnknownError("a later one"));
  for (int64_t line = 3; line <= 300; ++line) {
    // Batches still come back, so nobody waits for ever.
    while (!writer.HasRoom()) std::this_thread::yield();
    PushLine(writer, line);
  }
  EXPECT_EQ(writer.Finish(), absl::ResourceExhaustedError("no space left"));
  EXPECT_THAT(good.lines(), ElementsAre(1, 2));
  EXPECT_THAT(bad.lines(), ElementsAre(1));
  EXPECT_EQ(good.suspensions(), 1);  // Lines are left without a row.
  EXPECT_EQ(good.finishes() + bad.finishes() + bad.suspensions(), 0);
}

TEST(WriterThread, ReportsAnErrorThatComesOnlyAtTheEnd) {
  Script script;
  script.FailAtLine(Script::kAtFinish, absl::UnknownError("late"));
  WriterThread writer(SinksOf(script), nullptr);
  PushLine(writer, 1);
  EXPECT_EQ(writer.Finish(), absl::UnknownError("late"));
}

TEST(WriterThread, OutlivesAReaderThatGoesAway) {
  signal(SIGPIPE, SIG_DFL);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<CsvSink>(
      FileWriter::Borrow(ends[1], "standard output"), RunShape()));
  WriterThread writer(std::move(sinks), nullptr);
  PushLine(writer, 1);
  EXPECT_EQ(writer.Finish().code(), absl::StatusCode::kCancelled);
  close(ends[1]);
}

// One shard's life: fills a batch, swaps it for an empty one when there is
// one, and goes on filling the same when there is none.
void RunShard(WriterThread& writer, Bell& bell, int64_t first_line,
              int64_t lines) {
  int rings = bell.rings();
  std::unique_ptr<RecordBatch> batch;
  while ((batch = writer.TakeEmpty()) == nullptr) {
    rings = bell.AwaitMoreThan(rings);
  }
  for (int64_t i = 0; i < lines; ++i) {
    Record& record = batch->Add();
    record.line = first_line + i;
    record.input = batch->Keep(std::string(i % 50, 'x'));
    if (batch->size() < 5) continue;
    if (auto next = writer.TakeEmpty()) {
      writer.Push(std::exchange(batch, std::move(next)));
    }
  }
  writer.Push(std::move(batch));
}

TEST(WriterThread, LosesNoRowOfManyShardsBehindASlowSink) {
  constexpr int kShards = 4;
  constexpr int64_t kLines = 3'000;
  Script script;
  Bell bell;
  WriterThread writer(SinksOf(script), &bell, {.batches = kShards + 1});
  std::vector<std::thread> shards;
  for (int64_t shard = 0; shard < kShards; ++shard) {
    shards.emplace_back(
        [&, shard] { RunShard(writer, bell, shard * kLines, kLines); });
  }
  for (std::thread& shard : shards) shard.join();
  EXPECT_TRUE(writer.Finish().ok());
  std::vector<int64_t> lines = script.lines();
  std::ranges::sort(lines);
  ASSERT_EQ(lines.size(), size_t{kShards * kLines});
  for (size_t i = 0; i < lines.size(); ++i) {
    ASSERT_EQ(lines[i], static_cast<int64_t>(i));
  }
}

TEST(WriterThread, InOrderWritesByPlaceAndAlwaysHasRoom) {
  Script script;
  WriterThread writer(SinksOf(script), nullptr, {.batches = 2, .ordered = 10});
  for (const int64_t place : {3, 2, 4, 1}) {
    EXPECT_TRUE(writer.HasRoom());
    writer.Push(Ordered(writer, {place}));
  }
  writer.Push(Ordered(writer, {5, 0}));
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_THAT(script.lines(), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(WriterThread, InOrderAStragglerHoldsUpWhatIsFarAheadOfIt) {
  Script script;
  Bell bell;
  WriterThread writer(SinksOf(script), &bell, {.batches = 2, .ordered = 3});
  writer.Push(Ordered(writer, {1, 2}));
  EXPECT_TRUE(writer.MayStart(2));
  EXPECT_FALSE(writer.MayStart(3));
  EXPECT_EQ(bell.rings(), 0);
  writer.Push(Ordered(writer, {0}));
  bell.AwaitMoreThan(0);  // Without this the test would never end.
  EXPECT_TRUE(writer.MayStart(5));
  EXPECT_FALSE(writer.MayStart(6));
  EXPECT_TRUE(writer.Finish().ok());
}

TEST(WriterThread, InOrderWritesWhatStandsBehindAGapAtTheEnd) {
  Script script;
  WriterThread writer(SinksOf(script), nullptr, {.batches = 2, .ordered = 10});
  writer.Push(Ordered(writer, {4, 2}));
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_THAT(script.lines(), ElementsAre(2, 4));
}

TEST(WriterThread, WithoutOrderAnyPlaceMayStart) {
  Script script;
  WriterThread writer(SinksOf(script), nullptr);
  EXPECT_TRUE(writer.MayStart(1'000'000'000));
}

}  // namespace
}  // namespace mxscan
