#include "resolver/pacing/tail_histogram.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using Nanos = TailHistogram::Nanos;

TEST(TailHistogram, KnowsNothingAtFirst) {
  TailHistogram times;
  EXPECT_EQ(times.tail(), Nanos(0));
  for (int i = 0; i < TailHistogram::kEnough; ++i) {
    EXPECT_FALSE(times.knows());
    times.Add(milliseconds(1));
  }
  EXPECT_TRUE(times.knows());
}

TEST(TailHistogram, TellsATimeFromAboveAndToWithinAnEighth) {
  for (Nanos time = microseconds(10); time < milliseconds(8000);
       time += time / 7) {
    TailHistogram times;
    for (int i = 0; i < 300; ++i) times.Add(time);
    EXPECT_GT(times.tail(), time);
    EXPECT_LE(times.tail(), time + time / 8 + milliseconds(2));
  }
}

TEST(TailHistogram, PassesOverAHundredthAndNoMore) {
  for (const int slow : {4, 5, 6, 12}) {  // Of 500.
    TailHistogram times;
    for (int i = 0; i < 500; ++i) {
      times.Add(i < slow ? milliseconds(900) : milliseconds(30));
    }
    EXPECT_EQ(times.tail() > milliseconds(900), slow > 5) << slow;
  }
}

TEST(TailHistogram, HoldsTimesOfAnyLength) {
  TailHistogram times;
  times.Add(Nanos(-5));
  times.Add(Nanos(0));
  EXPECT_GT(times.tail(), Nanos(0));
  times.Add(hours(1000));
  EXPECT_GT(times.tail(), milliseconds(8000));
}

TEST(TailHistogram, KeepsAShareForEverAndForgetsWhatIsSeenNoMore) {
  TailHistogram times;
  for (int i = 0; i < 100000; ++i) {
    times.Add(i % 50 == 0 ? milliseconds(900) : milliseconds(30));
    if (i > TailHistogram::kEnough) {
      ASSERT_GT(times.tail(), milliseconds(900)) << i;
    }
  }
  for (int i = 0; i < 2500; ++i) times.Add(milliseconds(30));
  EXPECT_LT(times.tail(), milliseconds(50));
}

TEST(TailHistogram, NeverLosesCountHoweverManyAreAlike) {
  TailHistogram times;
  for (int i = 0; i < 1000000; ++i) times.Add(milliseconds(30));
  EXPECT_TRUE(times.knows());
  EXPECT_GT(times.tail(), milliseconds(30));
  EXPECT_LT(times.tail(), milliseconds(40));
}

}  // namespace
}  // namespace mxscan
