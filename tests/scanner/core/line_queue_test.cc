#include "scanner/run/line_queue.h"

#include <atomic>
#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

class CountingWaiter final : public LineQueue::Waiter {
 public:
  void OnLines() noexcept override { ++calls; }
  std::atomic<int> calls{0};
};

InputLine Line(int64_t number, std::string_view text) {
  InputLine line;
  line.line = number;
  line.input = text;
  return line;
}

TEST(LineQueue, GivesEveryLineOnceAndInOrder) {
  LineQueue queue(8);
  CountingWaiter waiter;
  std::thread pusher([&queue] {
    for (int i = 1; i <= 10000; ++i) {
      queue.Push(Line(i, "line " + std::to_string(i)));
    }
    queue.Close();
  });
  LineBatch batch;
  int64_t expected = 1;
  LineQueue::Taken taken;
  while ((taken = queue.Take(batch, waiter)) != LineQueue::Taken::kClosed) {
    for (int i = 0; i < batch.size(); ++i, ++expected) {
      EXPECT_EQ(batch.line(i).line, expected);
      EXPECT_EQ(batch.line(i).input, "line " + std::to_string(expected));
    }
  }
  pusher.join();
  EXPECT_EQ(expected, 10001);
}

TEST(LineQueue, TellsAWaitingShardOnceAndOnlyIfItFoundNothing) {
  LineQueue queue(8);
  CountingWaiter waiter;
  LineBatch batch;
  queue.Push(Line(1, "a"));
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kLines);
  queue.Push(Line(2, "b"));
  EXPECT_EQ(waiter.calls, 0);
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kLines);
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kNothingYet);
  queue.Push(Line(3, "c"));
  queue.Push(Line(4, "d"));
  EXPECT_EQ(waiter.calls, 1);
}

TEST(LineQueue, TellsAWaitingShardThatNoMoreWillCome) {
  LineQueue queue(8);
  CountingWaiter waiter;
  LineBatch batch;
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kNothingYet);
  queue.Close();
  EXPECT_EQ(waiter.calls, 1);
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kClosed);
}

TEST(LineQueue, StillGivesWhatWasInWhenItWasClosed) {
  LineQueue queue(8);
  CountingWaiter waiter;
  LineBatch batch;
  queue.Push(Line(1, "a"));
  queue.Close();
  EXPECT_FALSE(queue.Push(Line(2, "b")));
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kLines);
  EXPECT_EQ(batch.size(), 1);
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kClosed);
}

TEST(LineQueue, CancelDropsWhatIsInAndFreesAPusherThatWaitsForRoom) {
  LineQueue queue(1);
  CountingWaiter waiter;
  queue.Push(Line(1, "a"));
  std::atomic<bool> taken{true};
  std::thread pusher([&] { taken = queue.Push(Line(2, "b")); });
  queue.Cancel();
  pusher.join();
  EXPECT_FALSE(taken);
  LineBatch batch;
  EXPECT_EQ(queue.Take(batch, waiter), LineQueue::Taken::kClosed);
  EXPECT_TRUE(queue.cancelled());
}

TEST(LineQueue, ThatIsOnlyClosedIsNotCancelled) {
  LineQueue queue(1);
  queue.Close();
  EXPECT_FALSE(queue.cancelled());
}

}  // namespace
}  // namespace mxscan
