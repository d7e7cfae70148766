// QueueDrain is the experiment that tells a queue of our making from an
// upstream that has become slow: for a while less is asked than was answered,
// until the queue must be gone, and then it is looked how long answers take. If
// they are quicker than before, it was ours. If not, slow is what this upstream
// is, and the next experiment waits twice as long.
//
// Time goes in, decisions come out; no clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>

#include "resolver/pacing/epoch_ledger.h"

namespace mxscan {

class QueueDrain {
 public:
  using Nanos = std::chrono::nanoseconds;

  // So many replies, over so much time, say how long answers take before it,
  static bool SaysHowLong(const EpochSum& tally) {
    return tally.timed >= kReplies &&
           tally.length() >= std::chrono::milliseconds(100);
  }
  // and after it.
  static bool IsEnough(const EpochSum& tally) {
    return tally.timed >= kReplies &&
           tally.length() >= std::chrono::milliseconds(25);
  }

  bool MayBegin(Nanos now) const { return now >= next_; }

  // Answers took `rtt` in the mean, where `usual` is usual, and `served` of
  // them came a second. The queue may have grown beyond its mean.
  void Begin(Nanos now, Nanos rtt, Nanos usual, double served, int sharers) {
    rtt_ = rtt;
    served_ = served;
    const auto length = std::chrono::duration_cast<Nanos>(
        (rtt - usual) * (kReserve * sharers / kDepth) + rtt);
    empty_at_ = now + std::min<Nanos>(length, std::chrono::seconds(5));
  }

  // What may be asked a second meanwhile, and from when on it is looked.
  double pace() const { return (1 - kDepth) * served_; }
  Nanos empty_at() const { return empty_at_; }
  double served() const { return served_; }

  // Whether the queue was ours, by what is in `after`.
  bool Helped(const EpochSum& after, Nanos usual) const {
    return after.timed > 0 &&
           after.mean_rtt() - usual < (rtt_ - usual) * kLeftOver;
  }
  void OnHelp() { rest_ = kFirstRest; }
  void OnNoHelp(Nanos now) {
    rest_ = std::min<Nanos>(2 * rest_, std::chrono::seconds(8));
    next_ = now + rest_;
  }

 private:
  static constexpr int kReplies = 100;
  static constexpr double kDepth = .4;
  static constexpr double kReserve = 1.5;
  static constexpr double kLeftOver = .7;
  static constexpr Nanos kFirstRest = std::chrono::milliseconds(250);

  Nanos rtt_{};
  double served_ = 0;
  Nanos empty_at_{};
  Nanos next_{};
  Nanos rest_ = kFirstRest;
};

}  // namespace mxscan
