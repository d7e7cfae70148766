#include "output/record.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace mxscan {
namespace {

TEST(RecordBatch, KeepsTextAfterItsSourceIsGone) {
  RecordBatch batch;
  std::string source = "example.com";
  Record& record = batch.Add();
  record.input = batch.Keep(source);
  source = "overwritten";
  EXPECT_EQ(batch.rows()[0].input, "example.com");
}

TEST(RecordBatch, TakesNoMoreRoomForAWrittenTextThanItHas) {
  RecordBatch batch;
  const std::string_view written = batch.KeepWritten(46, [](char* text) {
    return static_cast<int>(std::string_view("192.0.2.1").copy(text, 46));
  });
  EXPECT_EQ(written, "192.0.2.1");
  EXPECT_EQ(batch.Keep("next").data(), written.data() + written.size());
  EXPECT_EQ(written, "192.0.2.1");
  const size_t room = RecordBatch::kFullBytes / 50;
  for (int i = 0; i < 100; ++i)
    batch.KeepWritten(room, [](char*) { return 0; });
  EXPECT_FALSE(batch.full());
}

TEST(RecordBatch, KeepsEmptyPiecesEvenBeforeAnyOther) {
  RecordBatch batch;
  EXPECT_EQ(batch.Keep(""), "");
  EXPECT_NE(batch.Keep("").data(), nullptr);
  EXPECT_EQ(batch.Allocate<MxRecord>(0).size(), 0u);
}

TEST(RecordBatch, StartsEveryRowAllNull) {
  RecordBatch batch;
  batch.Add().detail = "left over";
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_FALSE(batch.Add().detail.has_value());
}

TEST(RecordBatch, KeepsManySmallAndLargePiecesApart) {
  RecordBatch batch;
  std::vector<std::string_view> kept;
  std::vector<std::string> sources;
  for (size_t i = 0; i < 3'000; ++i) {
    sources.emplace_back(i % 97 == 0 ? 70'000 : i % 100, char('a' + i % 26));
  }
  for (const std::string& source : sources) kept.push_back(batch.Keep(source));
  for (size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i], sources[i]);
}

TEST(RecordBatch, AlignsListsBetweenOddStrings) {
  RecordBatch batch;
  for (int i = 0; i < 100; ++i) {
    batch.Keep("odd");
    const auto list = batch.Allocate<MxRecord>(3);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(list.data()) % alignof(MxRecord), 0u);
    EXPECT_EQ(list[2].preference, 0);
  }
}

TEST(RecordBatch, IsFullByRowsOrByBytes) {
  RecordBatch by_rows;
  while (!by_rows.full()) by_rows.Add();
  EXPECT_EQ(by_rows.size(), RecordBatch::kFullRows);

  RecordBatch by_bytes;
  by_bytes.Keep(std::string(RecordBatch::kFullBytes, 'x'));
  EXPECT_TRUE(by_bytes.full());
  by_bytes.clear();
  EXPECT_FALSE(by_bytes.full());
}

TEST(RecordBatch, UsesTheSameMemoryAgainOnceWarm) {
  RecordBatch batch;
  const char* first = batch.Keep("warm").data();
  const Record* row = &batch.Add();
  for (int round = 0; round < 3; ++round) {
    batch.clear();
    EXPECT_EQ(batch.Keep("warm").data(), first);
    EXPECT_EQ(&batch.Add(), row);
  }
}

}  // namespace
}  // namespace mxscan
