// Usual is what an upstream is like when nobody presses it, as far as we know:
// what share of first tries is not answered in good time, and how long answers
// take. The past weighs as much as a bounded number of attempts, so it follows
// what changes.
//
// No clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>

#include "resolver/pacing/epoch_ledger.h"

namespace mxscan {

class Usual {
 public:
  using Nanos = std::chrono::nanoseconds;

  double loss() const { return loss_; }
  // From so many attempts.
  double learned() const { return learned_; }

  // Zero before anything was learnt.
  Nanos rtt() const { return rtt_; }

  // Whether that took longer than is usual, by a queue of `queue` at least.
  bool IsExceededBy(const EpochSum& tally, Nanos queue) const {
    return rtt_ > Nanos(0) && tally.mean_rtt() > 2 * rtt_ + queue;
  }

  // Learns that more is lost than was thought only if it `may_rise`.
  void Learn(const EpochSum& tally, bool may_rise) {
    const auto counted = static_cast<double>(tally.counted);
    if (counted == 0) return;
    learned_ += counted;
    // Not below nothing, by rounding: its root is taken.
    const double change =
        (static_cast<double>(tally.lost) - loss_ * counted) / learned_;
    if (change < 0 || may_rise) loss_ = std::max(loss_ + change, 0.0);
    learned_ = std::min(learned_, kMemory);
    if (tally.timed == 0) return;
    const Nanos rtt = tally.mean_rtt();
    if (rtt_ == Nanos(0)) rtt_ = rtt;
    rtt_ += (rtt - rtt_) / (rtt < rtt_ ? kQuicker : kSlower);
  }

  // What is learnt next counts alone.
  void ForgetLoss() { learned_ = 0; }

  // Answers take so long though less is asked.
  void LearnSlower(Nanos rtt) { rtt_ += (rtt - rtt_) / kQuicker; }

 private:
  static constexpr double kPrior = 2000;    // Weight of "nothing is lost",
  static constexpr double kMemory = 20000;  // and of the past, in attempts.
  // Queues make answers slower than is usual, and nothing makes them quicker.
  static constexpr int kQuicker = 4;
  static constexpr int kSlower = 64;

  double loss_ = 0;
  double learned_ = kPrior;
  Nanos rtt_{};
};

}  // namespace mxscan
