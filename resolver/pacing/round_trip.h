// RoundTrip measures one upstream and says how long to wait for it: until all
// but the slowest hundredth of its replies have come (tail_histogram.h), and a
// quarter longer, bounded. Until there are enough of them to know, and for the
// governor, it keeps the smoothed round-trip and its variation of RFC 6298 §2,
// and waits as that says.
//
// Why not always so: a recursive server's replies come in two kinds, from its
// cache and from the network, and the smoothed values follow each run of quick
// ones, after which the next slow one looks lost; while few are slow, they
// never cover them, and where the times are even they wait too long for what
// is lost (time_outs_test.cc has the figures).
//
// Every attempt has an id of its own, so that a reply always tells which
// sending it answers: there is no ambiguity to guard against (Karn's rule),
// and late replies are samples too. They are what lengthens the wait for a
// server that has become slow. One that comes when its question has been
// settled by another try is not seen; the quarter keeps what is not seen from
// shortening the wait further and further.

#pragma once

#include <chrono>

#include "resolver/pacing/tail_histogram.h"

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

  // Within which nearly all replies come, after RFC 6298; zero without a
  // sample, and to be trusted only once it is known.
  Nanos nearly_all() const { return smoothed_ + 4 * variation_; }
  bool nearly_all_known() const { return unknown_for_ == 0; }

  // Zero without a sample.
  Nanos smoothed() const { return smoothed_; }

 private:
  // Looking for the tail takes longer than a sample should.
  static constexpr int kSamplesPerLook = 16;

  // A resolver may have the first few answers in its cache.
  static constexpr int kFew = 16;

  void SetWait();

  Nanos first_;
  Nanos smoothed_{};
  Nanos variation_{};
  TailHistogram times_;
  int samples_ = 0;         // Since the last look at the tail.
  int unknown_for_ = kFew;  // So many samples more.
  Nanos wait_;              // For a first attempt.
};

}  // namespace mxscan
