// Pacer says whether one more query may leave now: one per `interval` over
// time, and at most `burst` at once after a rest. It reads no clock and takes
// no lock; the caller passes the time, so a loop owns its pacer and a test
// owns time. (A token bucket in its exact form, without floating point.)

#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>

namespace mxscan {

class Pacer {
 public:
  using Nanos = std::chrono::nanoseconds;  // Since the loop's own start.

  // REQUIRES: interval >= 0 and burst >= 1. An interval of 0 lets all through.
  Pacer(Nanos interval, int burst) { SetPace(interval, burst); }

  // What was let through so far still counts.
  void SetPace(Nanos interval, int burst) {
    assert(interval >= Nanos(0) && burst >= 1);
    interval_ = interval;
    slack_ = (burst - 1) * interval;
  }

  // Counts a query and returns true if one may leave at `now`.
  // REQUIRES: `now` never runs backwards.
  bool Take(Nanos now) {
    if (ready_at_ > now) return false;
    Debit(now);
    return true;
  }

  // Counts a query that leaves whatever Take would say; the next ones wait
  // the longer for it.
  void Debit(Nanos now) {
    ready_at_ = std::max(ready_at_, now - slack_) + interval_;
  }

  // From this time on Take says yes.
  Nanos ready_at() const { return ready_at_; }

 private:
  Nanos interval_{};
  Nanos slack_{};
  Nanos ready_at_{};
};

}  // namespace mxscan
