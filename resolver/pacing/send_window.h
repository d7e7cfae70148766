// SendWindow says how many attempts may be in flight to one upstream, and how
// densely they may leave. It begins gently, grows by half or more each
// round-trip while answers come and the window is what holds us back, and
// gives way when queries get lost. Time goes in, decisions come out; no clock,
// no socket.
//
// Two things set it apart from TCP's congestion control, on which it is
// modelled (RFC 5681). A lost segment means congestion; an unanswered name
// often means that nobody anywhere answers for it: about one in a hundred.
// So one loss is no signal. Losses are counted over a window's worth of
// attempts, and the window shrinks when the share of them is much larger than
// what this upstream has shown when it was doing well (which on a lossy path
// is never zero), or is large outright. And only first tries count: retries
// are mostly of names that nobody answers, and at the end of a run only those
// are left.
//
// Within a window attempts leave at most twice as densely as the window's
// round-trip pace, so that the window never leaves as one burst.

#pragma once

#include <chrono>

#include "resolver/pacing/pacer.h"

namespace mxscan {

class SendWindow {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr int kFirst = 128;
  static constexpr int kSmallest = 16;

  // REQUIRES: largest >= 1.
  explicit SendWindow(int largest);

  // Room for one more attempt, as far as the number in flight goes.
  int free() const { return size_ - in_flight_; }

  // When the next attempt may leave, as far as density goes.
  Nanos ready_at() const { return pacer_.ready_at(); }

  bool MaySend(Nanos now) const { return free() > 0 && ready_at() <= now; }

  // An attempt left. It may: follow-ups to the same server are never held up.
  void OnSent(Nanos now);

  // An attempt has left the flight, because ...
  void OnAnswer(bool first_try, Nanos smoothed_round_trip);
  void OnSilence(bool first_try);
  void OnWithdrawn() { --in_flight_; }  // ... of something that tells nothing.

  int size() const { return size_; }
  int in_flight() const { return in_flight_; }

 private:
  void Grow();
  void Count(bool lost);
  void Judge(double lost_share);
  void SetPace(Nanos smoothed_round_trip);

  int largest_;
  int size_;
  int in_flight_ = 0;
  bool starting_ = true;
  int answers_since_growth_ = 0;
  // The present period, and the loss of a good one.
  int counted_ = 0;
  int lost_ = 0;
  double usual_loss_ = 1;
  Pacer pacer_;
};

}  // namespace mxscan
