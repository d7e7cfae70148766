// RoundTrip measures one upstream and says how long to wait for it: the
// smoothed round-trip plus four times its variation (RFC 6298 §2), bounded.
// Every attempt has an id of its own, so that a reply always tells which
// sending it answers: there is no ambiguity to guard against (Karn's rule),
// and late replies are samples too. They are what lengthens the wait for a
// server that has become slow.
//
// A recursive server's replies come in two kinds, from its cache and from the
// network. The variation between the two is large, which is what makes the
// wait long enough for the second kind.

#pragma once

#include <chrono>

namespace mxscan {

class RoundTrip {
 public:
  using Nanos = std::chrono::nanoseconds;

  // Not below: a recursive server must be given time to ask in its turn.
  static constexpr Nanos kShortest = std::chrono::milliseconds(200);
  static constexpr Nanos kLongest = std::chrono::seconds(4);

  // Waits `first` until there is a sample. A `first` outside the bounds moves
  // them: whoever asks for 50 ms gets 50 ms.
  explicit RoundTrip(Nanos first);

  void Sample(Nanos rtt);

  // How long to wait for an attempt at a question whose `silences` earlier
  // ones went unanswered: half as long again after each, but not beyond the
  // first time-out unless the server's own round-trip demands it. Ten tries
  // at a name that nobody answers take six to ten seconds by default.
  Nanos TimeoutAfter(int silences) const;

  // Within which nearly all replies come; zero without a sample.
  Nanos nearly_all() const { return smoothed_ + 4 * variation_; }

  // Zero without a sample.
  Nanos smoothed() const { return smoothed_; }

 private:
  Nanos first_;
  Nanos smoothed_{};
  Nanos variation_{};
};

}  // namespace mxscan
