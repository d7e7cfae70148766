// ServiceRate tells how many queries a second an upstream answers while it
// answers at all: pauses, in which it stood still or our own loop slept, are
// left out. Where a queue stands all the while, that is what it can do.
//
// Time goes in; no clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mxscan {

class ServiceRate {
 public:
  using Nanos = std::chrono::nanoseconds;

  // Counts from `now` on, where `asked` a second are asked. REQUIRES: asked >
  // 0.
  void Begin(Nanos now, double asked) {
    const Nanos gap(static_cast<int64_t>(1e9 / asked));
    pause_ = std::max(kPause, kGaps * gap);
    began_ = heard_at_ = now;
    pauses_ = Nanos(0);
    answers_ = heard_ = 0;
  }

  // Of any kind but a refusal.
  void OnAnswer() { ++answers_; }

  // Once a turn, after its replies.
  void OnTurn(Nanos now) {
    if (answers_ == heard_) return;
    if (now - heard_at_ > pause_) pauses_ += now - heard_at_;
    heard_ = answers_;
    heard_at_ = now;
  }

  // Answers a second, since the beginning.
  double At(Nanos now) const {
    const Nanos busy =
        std::max<Nanos>(now - began_ - pauses_, std::chrono::milliseconds(1));
    return static_cast<double>(answers_) /
           std::chrono::duration<double>(busy).count();
  }

 private:
  // Longer than a loop with little to do sleeps, and than there is nothing to
  // hear by chance.
  static constexpr Nanos kPause = std::chrono::milliseconds(5);
  static constexpr int kGaps = 20;

  Nanos pause_ = kPause;
  Nanos began_{};
  Nanos heard_at_{};
  Nanos pauses_{};
  int64_t answers_ = 0;
  int64_t heard_ = 0;
};

}  // namespace mxscan
