// Health says whether one upstream is there. Silence alone does not tell: the
// names may be at fault. So an upstream that was silent several times running
// is suspected, and asked something that every recursive server knows (`. NS`,
// the caller's to send): while that is answered, silence is the names' fault.
// Only when that fails too is the upstream out, and is asked nothing but the
// probe until it answers again. Word that nobody listens there (ICMP) puts it
// out at once; a probe soon after corrects a false alarm.
//
// Time goes in, decisions come out; no clock, no socket.

#pragma once

#include <chrono>

namespace mxscan {

class Health {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr int kSilencesToSuspect = 8;
  static constexpr int kProbesToCondemn = 3;
  static constexpr Nanos kFirstRest = std::chrono::milliseconds(250);
  static constexpr Nanos kLongestRest = std::chrono::seconds(2);

  // Questions may be sent to it.
  bool usable() const { return state_ != State::kOut; }
  bool well() const { return state_ == State::kWell; }
  bool ever_answered() const { return ever_answered_; }
  // How often it went out after it had answered.
  int outs() const { return outs_; }

  // When the next probe is due; Nanos::max() for never.
  Nanos probe_at() const;

  // Any reply to anything, a refusal or garbage included.
  void OnAnswer();
  void OnSilence(Nanos now);
  void OnUnreachable(Nanos now);

  // REQUIRES: probe_at() is past.
  void OnProbeSent() { probing_ = true; }
  void OnProbeFailed(Nanos now);

 private:
  enum class State : unsigned char { kWell, kSuspected, kOut };

  void Rest(Nanos now);

  State state_ = State::kWell;
  bool ever_answered_ = false;
  bool probing_ = false;
  int outs_ = 0;
  int silences_ = 0;
  int failed_probes_ = 0;
  Nanos rest_ = kFirstRest;
  Nanos probe_at_{};
};

}  // namespace mxscan
