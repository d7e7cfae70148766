#include "output/row_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace mxscan {
namespace {

using testing::ElementsAre;

RowOrder::Batch BatchOf(const std::vector<int64_t>& places) {
  auto batch = std::make_unique<RecordBatch>();
  for (const int64_t place : places) batch->Add().place = place;
  return batch;
}

// The places of the rows whose turn has come.
std::vector<int64_t> TakeReady(RowOrder& order) {
  std::vector<int64_t> places;
  while (const Record* row = order.Next()) places.push_back(row->place);
  return places;
}

int CountSpent(RowOrder& order) {
  int spent = 0;
  while (order.TakeSpent() != nullptr) ++spent;
  return spent;
}

TEST(RowOrder, KeepsRowsUntilTheirTurnComes) {
  RowOrder order(8);
  order.Add(BatchOf({1, 3}));
  EXPECT_THAT(TakeReady(order), ElementsAre());
  order.Add(BatchOf({0, 2, 5}));
  EXPECT_THAT(TakeReady(order), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(order.next(), 4);
  EXPECT_EQ(CountSpent(order), 1);  // 5 still needs its batch.
  order.Add(BatchOf({4}));
  EXPECT_THAT(TakeReady(order), ElementsAre(4, 5));
  EXPECT_EQ(CountSpent(order), 2);
}

TEST(RowOrder, GivesAnEmptyBatchBackAtOnce) {
  RowOrder order(8);
  order.Add(BatchOf({}));
  EXPECT_EQ(CountSpent(order), 1);
}

TEST(RowOrder, AtTheEndPassesOverWhatNeverCame) {
  RowOrder order(8);
  order.Add(BatchOf({7, 2, 4}));
  std::vector<int64_t> places;
  while (const Record* row = order.NextThereIs()) places.push_back(row->place);
  EXPECT_THAT(places, ElementsAre(2, 4, 7));
  EXPECT_EQ(CountSpent(order), 1);
}

TEST(RowOrder, SortsAnyShuffleWithinItsWindow) {
  constexpr int64_t kRows = 20'000;
  constexpr int64_t kWindow = 64;
  std::mt19937 random(1);
  RowOrder order(kWindow);
  std::vector<int64_t> started;
  std::vector<int64_t> given;
  int64_t next = 0;
  int batches = 0;
  int spent = 0;
  while (static_cast<int64_t>(given.size()) < kRows) {
    while (next < kRows && next < order.next() + kWindow) {
      started.push_back(next++);
    }
    std::ranges::shuffle(started, random);
    const size_t size = 1 + random() % started.size();
    order.Add(
        BatchOf({started.end() - static_cast<int64_t>(size), started.end()}));
    started.resize(started.size() - size);
    ++batches;
    for (const int64_t place : TakeReady(order)) given.push_back(place);
    spent += CountSpent(order);
  }
  std::vector<int64_t> all(kRows);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(given, all);
  EXPECT_EQ(spent, batches);
}

}  // namespace
}  // namespace mxscan
