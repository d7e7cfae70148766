// RefusalDrip says when a question that was refused may be asked again. REFUSED
// mostly means "too fast": whoever asks again at once, and everything at once,
// is refused again until no try is left. So refused questions rest a while and
// then go out one by one, at a rate that falls by a fifth with each that is
// refused again and grows by a hundredth with each that is answered. New
// questions need no such care: they wait until the window has room, and what
// fills it then are the refused ones.
//
// A refusal can also mean what it says. When nothing but refusals comes, there
// is nothing to wait for, and `hopeless()` says so until something is answered.
//
// Time goes in, decisions come out; no clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>

namespace mxscan {

class RefusalDrip {
 public:
  using Nanos = std::chrono::nanoseconds;

  // A refused question rests so long before it is asked again at all.
  static constexpr Nanos kRest = std::chrono::milliseconds(250);
  // Refusals of one question that spend none of its tries, for they only made
  // its server be asked more slowly; and no more than it has tries.
  static constexpr int kFree = 5;

  // When the next may go.
  Nanos ready_at() const { return ready_at_; }

  // Counts one that goes at `now`. REQUIRES: ready_at() <= now.
  void Take(Nanos now) {
    // Those missed in a late turn are made up for, as far as kSlack goes.
    ready_at_ = std::max(ready_at_, now - kSlack) + interval_;
  }

  // What a server said, to a question that had been refused before or not.
  void OnRefused(bool before) {
    ++refused_running_;
    if (before) interval_ = std::min(interval_ * 5 / 4, kLongest);
  }
  void OnAnswered(bool before) {
    refused_running_ = 0;
    if (before) interval_ = std::max(interval_ * 100 / 101, kShortest);
  }

  bool hopeless() const { return refused_running_ >= kHopeless; }

 private:
  static constexpr Nanos kShortest = std::chrono::microseconds(1);
  static constexpr Nanos kLongest = std::chrono::milliseconds(2);
  static constexpr Nanos kSlack = std::chrono::milliseconds(5);
  static constexpr int kHopeless = 1000;

  Nanos interval_ = std::chrono::milliseconds(1);
  Nanos ready_at_{};
  int refused_running_ = 0;
};

}  // namespace mxscan
