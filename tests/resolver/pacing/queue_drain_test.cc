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

// Of 20 ms, at a server that answers 10,000 a second and 1 ms away.
constexpr QueueDrain::Before kQueue = {.rtt = milliseconds(21),
                                       .usual = milliseconds(1),
                                       .open = 210,
                                       .bearable = 10'000,
                                       .sharers = 1,
                                       .found = true};

QueueDrain DrainOf(const QueueDrain::Before& before) {
  QueueDrain drain;
  drain.Begin(kNow, before);
  return drain;
}

// Of a queue of `before`, in questions, by the time it is looked.
double GoneBy(const QueueDrain& drain, const QueueDrain::Before& before) {
  const QueueDrain::Nanos length = drain.empty_at() - kNow;
  return (before.bearable - drain.pace()) / before.sharers *
         std::chrono::duration<double>(length).count();
}

TEST(QueueDrain, LooksOnlyWhenTheQueueMustBeGone) {
  for (const int sharers : {1, 2}) {
    QueueDrain::Before before = kQueue;
    before.sharers = sharers;
    // Each of them is a share of what is asked, and asks that much less.
    const QueueDrain drain = DrainOf(before);
    EXPECT_GT(GoneBy(drain, before), 200) << sharers;
    EXPECT_LT(drain.empty_at() - kNow, milliseconds(200)) << sharers;
  }
}

TEST(QueueDrain, WaitsForAQueueThatHasGrownSinceTheRepliesThatToldOfIt) {
  QueueDrain::Before before = kQueue;
  before.open = 1010;
  EXPECT_GT(GoneBy(DrainOf(before), before), 1000);
}

TEST(QueueDrain, TellsAQueueFromAnUpstreamThatHasBecomeSlow) {
  const QueueDrain drain = DrainOf(kQueue);
  EXPECT_TRUE(drain.Helped(Replies(milliseconds(2))));
  EXPECT_FALSE(drain.Helped(Replies(milliseconds(20))));
  EXPECT_FALSE(drain.Helped(EpochSum())) << "nothing heard";
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
