#include "resolver/pacing/send_window.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mxscan {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// A server that bears `capacity` queries a round-trip and loses a share of
// the rest, in whole round-trips of `rtt`. Losses are spread evenly.
class Path {
 public:
  Path(SendWindow& window, int capacity, double random_loss)
      : window_(window), capacity_(capacity), random_loss_(random_loss) {}

  void RoundTrip(bool first_tries = true) {
    now_ += kRtt;
    int sent = 0;
    while (window_.free() > 0) {
      window_.OnSent(now_);
      ++sent;
    }
    const double borne = std::min(1.0, static_cast<double>(capacity_) / sent);
    const double answered = borne * (1 - random_loss_);
    double owed = 0;
    for (; sent > 0; --sent) {
      owed += answered;
      if (owed >= 1) {
        window_.OnAnswer(first_tries, kRtt);
        owed -= 1;
      } else {
        window_.OnSilence(first_tries);
      }
    }
  }

 private:
  static constexpr nanoseconds kRtt = milliseconds(20);
  SendWindow& window_;
  int capacity_;
  double random_loss_;
  nanoseconds now_ = seconds(1);
};

TEST(SendWindow, BeginsGently) {
  EXPECT_EQ(SendWindow(20000).size(), SendWindow::kFirst);
  EXPECT_EQ(SendWindow(5).size(), 5);
}

TEST(SendWindow, GrowsWhileAnswersComeUpToItsBound) {
  SendWindow window(5000);
  Path path(window, 1 << 20, 0);
  for (int i = 0; i < 15; ++i) path.RoundTrip();
  EXPECT_EQ(window.size(), 5000);
}

TEST(SendWindow, DoesNotGrowWhenSomethingElseHoldsUsBack) {
  SendWindow window(5000);
  for (int i = 0; i < 10000; ++i) {
    window.OnSent(seconds(i));
    window.OnAnswer(true, milliseconds(1));
  }
  EXPECT_EQ(window.size(), SendWindow::kFirst);
}

TEST(SendWindow, BearsTheOneInAHundredThatNeverAnswers) {
  SendWindow window(5000);
  Path path(window, 1 << 20, .01);
  for (int i = 0; i < 30; ++i) path.RoundTrip();
  EXPECT_GT(window.size(), 4000);
}

TEST(SendWindow, BearsAPathThatLosesThreeInTen) {
  SendWindow window(5000);
  Path path(window, 1 << 20, .3);
  for (int i = 0; i < 30; ++i) path.RoundTrip();
  EXPECT_GT(window.size(), 2000);
}

TEST(SendWindow, SettlesNearWhatTheServerBears) {
  SendWindow window(20000);
  Path path(window, 1000, 0);
  for (int i = 0; i < 50; ++i) path.RoundTrip();
  int smallest = window.size(), largest = window.size();
  for (int i = 0; i < 200; ++i) {
    path.RoundTrip();
    smallest = std::min(smallest, window.size());
    largest = std::max(largest, window.size());
  }
  EXPECT_GE(smallest, 500);
  EXPECT_LE(largest, 1600);
}

TEST(SendWindow, ShrinksToItsLeastWhenNothingComesBackAndRecovers) {
  SendWindow window(20000);
  Path dead(window, 0, 0);
  for (int i = 0; i < 100; ++i) dead.RoundTrip();
  EXPECT_EQ(window.size(), SendWindow::kSmallest);
  Path alive(window, 1 << 20, 0);
  for (int i = 0; i < 90; ++i) alive.RoundTrip();
  EXPECT_GT(window.size(), 1000);
}

TEST(SendWindow, LearnsNothingFromRetriesThatGoUnanswered) {
  SendWindow window(20000);
  Path tail(window, 0, 0);
  for (int i = 0; i < 100; ++i) tail.RoundTrip(/*first_tries=*/false);
  EXPECT_EQ(window.size(), SendWindow::kFirst);
}

// How many leave at one moment, after a rest.
int BurstAt(SendWindow& window, nanoseconds now) {
  int sent = 0;
  for (; window.MaySend(now); ++sent) window.OnSent(now);
  return sent;
}

TEST(SendWindow, NeverLeavesAsOneBurst) {
  SendWindow window(20000);
  EXPECT_LE(BurstAt(window, seconds(1)), SendWindow::kFirst / 2);
  SendWindow warm(20000);
  Path path(warm, 1 << 20, 0);
  for (int i = 0; i < 20; ++i) path.RoundTrip();
  EXPECT_EQ(warm.size(), 20000);
  EXPECT_LE(BurstAt(warm, seconds(100)), 20000 / 4);
}

TEST(SendWindow, LetsTheWholeWindowLeaveWithinARoundTrip) {
  SendWindow window(20000);
  int sent = 0;
  for (nanoseconds now = seconds(1); now < seconds(1) + milliseconds(10);
       now += microseconds(100)) {
    for (; window.MaySend(now); ++sent) window.OnSent(now);
  }
  EXPECT_EQ(sent, SendWindow::kFirst);
}

}  // namespace
}  // namespace mxscan
