// What time-outs cost over paths of many kinds, in simulated time: the share of
// queries that are sent again though their reply is on its way, and how long
// a lost one waits. RFC 6298 §2, within the same bounds, is there to compare.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <random>
#include <utility>
#include <vector>

#include "resolver/pacing/round_trip.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanos = std::chrono::nanoseconds;

constexpr Nanos kFirst = seconds(1);

class Dice {
 public:
  // Between 0 and 1, neither of them.
  double Draw() { return (engine_() + .5) / 4294967296.0; }

 private:
  std::mt19937 engine_{7};
};

Nanos Millis(double ms) {
  return Nanos(static_cast<int64_t>(std::min(ms, 60e3) * 1e6));
}

// The round-trip of one query.
using Path = std::function<Nanos(Dice&)>;

Path Even(double from, double to) {
  return [=](Dice& dice) { return Millis(from + (to - from) * dice.Draw()); };
}

// A share of the replies comes by `slow`, the others by `quick`.
Path TwoKinds(double share, const Path& slow, const Path& quick) {
  return [=](Dice& dice) {
    return dice.Draw() < share ? slow(dice) : quick(dice);
  };
}

Path LogNormal(double median, double sigma) {
  return [=](Dice& dice) {  // Box and Muller.
    const double radius = std::sqrt(-2 * std::log(dice.Draw()));
    const double normal = radius * std::cos(6.283185307 * dice.Draw());
    return Millis(median * std::exp(sigma * normal));
  };
}

Path Pareto(double least, double exponent) {
  return [=](Dice& dice) {
    return Millis(least * std::pow(dice.Draw(), -1 / exponent));
  };
}

class Rfc6298 {
 public:
  void Sample(Nanos rtt) {
    if (smoothed_ == Nanos(0)) {
      smoothed_ = rtt;
      variation_ = rtt / 2;
      return;
    }
    variation_ += (std::max(rtt - smoothed_, smoothed_ - rtt) - variation_) / 4;
    smoothed_ += (rtt - smoothed_) / 8;
  }
  Nanos Timeout() const {
    if (smoothed_ == Nanos(0)) return kFirst;
    return std::clamp<Nanos>(smoothed_ + 4 * variation_, RoundTrip::kShortest,
                             RoundTrip::kLongest);
  }

 private:
  Nanos smoothed_{};
  Nanos variation_{};
};

// Whether a reply that comes after its time-out is still a sample. It is not
// where the second try has brought the answer sooner.
enum class Late { kSeen, kUnseen };

struct Cost {
  double spurious = 0;  // Sent again though not lost, of those answered.
  double wait_ms = 0;   // Until one that is lost is sent again, in the mean.
};

// Sends a query each millisecond, of which a tenth is lost, and counts from
// the second half on.
template <typename Estimator>
Cost CostOf(const Path& path, Late late, Estimator estimator,
            const std::function<Nanos(const Estimator&)>& timeout_of) {
  constexpr int kQueries = 40000;
  using Reply = std::pair<Nanos, Nanos>;  // When, and its round-trip.
  std::priority_queue<Reply, std::vector<Reply>, std::greater<>> replies;
  Dice dice;
  double answered = 0, spurious = 0, waited = 0, lost = 0;
  for (int i = 0; i < kQueries; ++i) {
    const Nanos now = milliseconds(i);
    while (!replies.empty() && replies.top().first <= now) {
      estimator.Sample(replies.top().second);
      replies.pop();
    }
    const Nanos timeout = timeout_of(estimator);
    const Nanos rtt = path(dice);
    const bool is_lost = dice.Draw() < .1;
    if (!is_lost && (rtt <= timeout || late == Late::kSeen)) {
      replies.emplace(now + rtt, rtt);
    }
    if (i < kQueries / 2) continue;
    if (is_lost) {
      lost += 1;
      waited += static_cast<double>(timeout.count()) * 1e-6;
    } else {
      answered += 1;
      spurious += rtt > timeout;
    }
  }
  return {spurious / answered, waited / lost};
}

Cost OursOf(const Path& path, Late late = Late::kSeen) {
  return CostOf<RoundTrip>(
      path, late, RoundTrip(kFirst),
      [](const RoundTrip& trip) { return trip.TimeoutAfter(0); });
}

Cost TheirsOf(const Path& path, Late late = Late::kSeen) {
  return CostOf<Rfc6298>(path, late, Rfc6298(),
                         [](const Rfc6298& trip) { return trip.Timeout(); });
}

TEST(TimeOuts, WaitTheShortestWhereAllRepliesAreQuick) {
  for (const Path& path :
       {Even(1, 2), Even(50, 150), TwoKinds(.2, Even(80, 90), Even(1, 2))}) {
    const Cost cost = OursOf(path);
    EXPECT_EQ(cost.spurious, 0);
    EXPECT_LT(cost.wait_ms, 210);
  }
}

TEST(TimeOuts, WaitForTheSlowKindOfReplyAndNotMuchLonger) {
  const Path path = TwoKinds(.2, Even(700, 900), Even(5, 15));
  const Cost ours = OursOf(path), theirs = TheirsOf(path);
  EXPECT_LT(ours.spurious, .005);
  EXPECT_LT(ours.wait_ms, 1200);
  // A run of quick replies makes it forget the slow ones.
  EXPECT_GT(theirs.spurious, .02);
}

TEST(TimeOuts, WaitForAKindOfReplyThatIsSeldom) {
  const Path path = TwoKinds(.03, Even(1400, 1600), Even(5, 15));
  EXPECT_LT(OursOf(path).spurious, .005);
  EXPECT_LT(OursOf(path).wait_ms, 2200);
  EXPECT_GT(TheirsOf(path).spurious, .015);
}

TEST(TimeOuts, DoNotWaitForLessThanAHundredth) {
  const Path path = TwoKinds(.003, Even(3000, 3500), Even(5, 15));
  EXPECT_LT(OursOf(path).spurious, .005);
  EXPECT_LT(OursOf(path).wait_ms, 400);
}

TEST(TimeOuts, SendTheLostAgainSoonerWhereTimesAreEven) {
  const Path path = Even(100, 500);
  EXPECT_LT(OursOf(path).spurious, .001);
  EXPECT_LT(OursOf(path).wait_ms, 700);
  EXPECT_GT(TheirsOf(path).wait_ms, OursOf(path).wait_ms);
}

TEST(TimeOuts, AreWrongOnceInAHundredTimesUnderHeavyTails) {
  for (const Path& path :
       {LogNormal(50, 1), LogNormal(150, 1), Pareto(20, 1.5), Pareto(60, 2)}) {
    const Cost ours = OursOf(path), theirs = TheirsOf(path);
    EXPECT_LT(ours.spurious, .012);
    EXPECT_LT(ours.wait_ms, 4000);
    EXPECT_GT(theirs.spurious, ours.spurious);
  }
}

TEST(TimeOuts, DoNotShrinkThoughLateRepliesAreNeverSeen) {
  for (const Path& path : {LogNormal(150, 1), Pareto(60, 2), Even(100, 500)}) {
    EXPECT_LT(OursOf(path, Late::kUnseen).spurious, .03);
  }
}

TEST(TimeOuts, FollowAnUpstreamThatBecomesSlowWithinADozenReplies) {
  RoundTrip trip(kFirst);
  for (int i = 0; i < 5000; ++i) trip.Sample(milliseconds(10));
  EXPECT_EQ(trip.TimeoutAfter(0), RoundTrip::kShortest);
  for (int i = 0; i < 32; ++i) trip.Sample(milliseconds(600));
  EXPECT_GT(trip.TimeoutAfter(0), milliseconds(600));
}

TEST(TimeOuts, ForgetThatAnUpstreamWasSlowOnceItHasBeenQuickForLong) {
  RoundTrip trip(kFirst);
  for (int i = 0; i < 5000; ++i) trip.Sample(milliseconds(600));
  for (int i = 0; i < 5000; ++i) trip.Sample(milliseconds(10));
  EXPECT_EQ(trip.TimeoutAfter(0), RoundTrip::kShortest);
}

}  // namespace
}  // namespace mxscan
