#include "resolver/pacing/queue_drain.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr QueueDrain::Nanos kNow = seconds(10);

// Of 1,000 replies within a tenth of a second.
EpochSum Replies(milliseconds mean) {
  EpochSum sum;
  sum.ended = milliseconds(100);
  sum.sent = sum.counted = sum.good = sum.timed = 1000;
  sum.rtt_sum = 1000 * mean;
  return sum;
}

// Of 20 ms, at a server that answers 10,000 a second.
QueueDrain DrainOfAQueue(int sharers = 1) {
  QueueDrain drain;
  drain.Begin(kNow, milliseconds(21), milliseconds(1), 10'000, sharers);
  return drain;
}

TEST(QueueDrain, LooksOnlyWhenTheQueueMustBeGone) {
  for (const int sharers : {1, 2}) {
    const QueueDrain drain = DrainOfAQueue(sharers);
    // Each of them is a share of what is asked, and asks that much less.
    const double less = 10'000 - drain.pace();
    const QueueDrain::Nanos length = drain.empty_at() - kNow;
    const double gone =
        less / sharers * std::chrono::duration<double>(length).count();
    EXPECT_GT(gone, 10'000 * .020) << sharers;
    EXPECT_LT(length, milliseconds(250)) << sharers;
  }
}

TEST(QueueDrain, TellsAQueueFromAnUpstreamThatHasBecomeSlow) {
  const QueueDrain drain = DrainOfAQueue();
  EXPECT_TRUE(drain.Helped(Replies(milliseconds(2)), milliseconds(1)));
  EXPECT_FALSE(drain.Helped(Replies(milliseconds(20)), milliseconds(1)));
  EXPECT_FALSE(drain.Helped(EpochSum(), milliseconds(1))) << "nothing heard";
}

TEST(QueueDrain, ComesLessAndLessOftenWhereItIsOfNoHelp) {
  QueueDrain drain;
  EXPECT_TRUE(drain.MayBegin(kNow));
  drain.OnNoHelp(kNow);
  EXPECT_FALSE(drain.MayBegin(kNow + milliseconds(499)));
  EXPECT_TRUE(drain.MayBegin(kNow + milliseconds(500)));
  for (int i = 0; i < 10; ++i) drain.OnNoHelp(kNow);
  EXPECT_FALSE(drain.MayBegin(kNow + milliseconds(7999)));
  EXPECT_TRUE(drain.MayBegin(kNow + seconds(8)));
  drain.OnHelp();
  drain.OnNoHelp(kNow);
  EXPECT_TRUE(drain.MayBegin(kNow + milliseconds(500)));
}

}  // namespace
}  // namespace mxscan
