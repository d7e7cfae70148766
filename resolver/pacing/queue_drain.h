// QueueDrain is the experiment that tells a queue of our making from an
// upstream that has become slow: for a while less is asked than is answered,
// until the queue must be gone. If answers are quicker then, it was ours. If
// not, slow is what this upstream is, and the next experiment waits twice as
// long.
//
// Time goes in, decisions come out; no clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "resolver/pacing/epoch_ledger.h"

namespace mxscan {

class QueueDrain {
 public:
  using Nanos = std::chrono::nanoseconds;

  // What is known when it begins.
  struct Before {
    Nanos rtt;        // Answers take so long, in the mean,
    Nanos usual;      // where this is usual.
    double open;      // So many questions are under way,
    double bearable;  // and so many a second would leave no queue.
    int sharers;      // Of our own, who ask there too.
    bool found;       // This is less than what made the queue.
  };

  // So many replies, over so much time, say how long answers take.
  static bool IsTold(const EpochSum& tally, Nanos least) {
    return tally.timed >= kReplies && tally.length() >= least;
  }

  bool MayBegin(Nanos now) const { return now >= next_; }

  void Begin(Nanos now, const Before& before) {
    before_ = before;
    // The replies that are in tell of a queue that has grown since.
    const Nanos open(static_cast<int64_t>(1e9 * before.open / before.bearable));
    const Nanos wait = std::max(before.rtt, open);
    const auto length = std::chrono::duration_cast<Nanos>(
        (wait - before.usual) * (kReserve * before.sharers / kDepth) + wait);
    empty_at_ = now + std::min(length, kLongest);
  }

  // What may be asked a second meanwhile, and when to look.
  double pace() const { return (1 - kDepth) * before_.bearable; }
  Nanos empty_at() const { return empty_at_; }
  // What may be asked once it has helped, and whether that was found by it.
  double bearable() const { return before_.bearable; }
  bool found() const { return before_.found; }

  // Whether the queue was ours, by what is in `after`.
  bool Helped(const EpochSum& after) const {
    return after.timed > 0 && after.mean_rtt() - before_.usual <
                                  (before_.rtt - before_.usual) * kLeftOver;
  }
  void OnHelp() { rest_ = kFirstRest; }
  void OnNoHelp(Nanos now) {
    rest_ = std::min(2 * rest_, kLongestRest);
    next_ = now + rest_;
  }

 private:
  static constexpr int kReplies = 100;
  static constexpr double kDepth = .4;
  static constexpr double kReserve = 1.1;
  static constexpr double kLeftOver = .7;
  static constexpr Nanos kLongest = std::chrono::seconds(5);
  static constexpr Nanos kFirstRest = std::chrono::milliseconds(250);
  static constexpr Nanos kLongestRest = std::chrono::seconds(8);

  Before before_{};
  Nanos empty_at_{};
  Nanos next_{};
  Nanos rest_ = kFirstRest;
};

}  // namespace mxscan
