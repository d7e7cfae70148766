// EpochLedger tells what became of the queries sent to one upstream, long
// before their time-outs. Queries are gathered in epochs of some ten
// milliseconds. An epoch is judged when all its replies are in; or when nearly
// all must have come and something that was sent later has been answered,
// which is how RFC 8985 finds losses. The latter is what tells a loss from a
// pause, for it makes no difference whether our own loop slept or the server
// stood still. Without any such sign an epoch is given up after the time-out,
// and is evidence for nothing but silence.
//
// Time goes in; no clock, no socket. Fixed size, and a few nanoseconds a call.

#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "resolver/pacing/round_trip.h"

namespace mxscan {

// Attempts sent within a short time, in one round (the caller's own count).
//
// Only first tries are counted: later ones are mostly of names that nobody
// answers, and at the end of a run only those are left. Over TCP each one is,
// for the server has just said of the name that it has an answer. A refusal
// counts as a loss, for REFUSED is how many servers say "too fast"; and where a
// server refuses, later tries are counted as well, for that is no name's doing.
struct Epoch {
  using Nanos = std::chrono::nanoseconds;

  Nanos began{};
  Nanos ended{};
  Nanos rtt_sum{};  // Of the good ones over UDP.
  uint32_t round = 0;
  int sent = 0;  // All tries.
  int open = 0;
  bool over_tcp = false;  // Some of them.
  int first = 0;          // First tries, and those over TCP; of them,
  int good = 0;           // answered, but not REFUSED; or
  int timed = 0;          // (of these, over UDP)
  int gone = 0;           // withdrawn.
  int later_good = 0;     // Later tries answered, or refused.
  int later_refused = 0;

  bool empty() const { return sent == 0; }
  int counted() const {
    return first - gone + (later_refused > 0 ? later_good + later_refused : 0);
  }
  int lost() const { return first - gone - good + later_refused; }
};

// The sum of epochs that follow each other.
struct EpochSum {
  using Nanos = std::chrono::nanoseconds;

  Nanos began{};
  Nanos ended{};
  Nanos rtt_sum{};
  int64_t sent = 0;
  int64_t counted = 0;
  int64_t lost = 0;
  int64_t good = 0;
  int64_t timed = 0;

  void Add(const Epoch& epoch);
  Nanos length() const { return ended - began; }
  double rate() const;   // Sent a second.
  double share() const;  // Lost of those counted; 0 if there are none.
  Nanos mean_rtt() const;
};

class EpochLedger {
 public:
  using Nanos = std::chrono::nanoseconds;

  // Names the epoch of an attempt.
  enum class Ticket : uint32_t { kNone = 0 };

  EpochLedger();

  enum class Try : uint8_t { kFirst, kLater, kOverTcp };
  Ticket OnSent(Nanos now, Try which);

  // What became of it, if anything: an answer of any kind but a refusal; a
  // refusal; or something that proves nothing. Each of them once at most. For
  // kNone, and for what was judged before, it only says that there is life.
  // A round-trip over TCP is not taken.
  void OnAnswer(Ticket ticket, Nanos rtt);
  void OnRefused(Ticket ticket);
  void OnWithdrawn(Ticket ticket);

  // What is sent from now on belongs to `round`. Returns the last epoch before.
  uint32_t BeginRound(Nanos now, uint32_t round);

  // Once a turn, after its replies.
  void BeginTurn(Nanos now, const RoundTrip& round_trip);

  // The next epoch that can be judged, or nullptr; it lives until the next
  // call of anything. Between BeginTurn and EndTurn.
  const Epoch* NextJudged(Nanos now);
  void EndTurn() { evidence_ = heard_newest_; }

  // Nothing has been heard within the time-out of so many queries.
  int silent() const { return silent_; }
  void ForgetSilence();
  // Something was heard, and not before the latest silence was forgotten.
  bool alive() const { return heard_at_ >= Nanos(0); }

  // All epochs up to `number` have been judged.
  bool Judged(uint32_t number) const { return number < oldest_; }

  // Neither landed nor judged.
  int open() const { return open_; }

  // When NextJudged may have something, though nothing else happens;
  // Nanos::max() for never.
  Nanos due_at() const;

  // An epoch is judged so long after an attempt at the latest.
  Nanos judged_after() const { return patience_ + 2 * length_; }

 private:
  static constexpr uint32_t kEpochs = 64;  // A power of two.

  static uint32_t NumberOf(Ticket ticket) {
    return static_cast<uint32_t>(ticket) >> 1;
  }
  static bool IsCounted(Ticket ticket) {
    return (static_cast<uint32_t>(ticket) & 1) != 0;
  }
  Epoch& At(uint32_t number) { return epochs_[number % kEpochs]; }
  Epoch& Newest(Nanos now);
  Epoch* Land(Ticket ticket);
  void Roll(Nanos now);
  // From when on something later that was answered tells what became of it:
  // not after it would have been given up. TCP may have to connect first.
  Nanos TellableAt(const Epoch& epoch) const {
    const Nanos wait = std::min(patience_, timeout_);
    return epoch.ended + (epoch.over_tcp ? 2 * wait : wait);
  }
  Nanos GivenUpAt(const Epoch& epoch) const {
    return epoch.ended + (epoch.over_tcp ? 2 * timeout_ : timeout_);
  }
  void SetPatience(Nanos now, const RoundTrip& round_trip);

  // Epochs oldest_ ... newest_ are not judged yet; newest_ is being filled.
  std::array<Epoch, kEpochs> epochs_{};
  uint32_t oldest_ = 1;
  uint32_t newest_ = 1;
  uint32_t round_ = 0;
  int open_ = 0;

  uint32_t heard_newest_ = 0;  // The newest epoch of which one was answered,
  uint32_t evidence_ = 0;      // and what it was a turn ago.
  bool heard_ = false;         // Anything, since the last turn.
  Nanos heard_at_{-1};
  int silent_ = 0;

  Nanos patience_{};  // Within which nearly all replies come.
  Nanos patience_set_at_{};
  bool measured_ = false;  // The patience is by a round-trip.
  Nanos timeout_{};
  Nanos length_;  // Of an epoch.
};

}  // namespace mxscan
