// RateGovernor says how many queries a second may go to one upstream, and how
// many may be open there. Time goes in, decisions come out; no clock, no
// socket.
//
// What operators limit is queries per second, and a recursive server answers
// from its cache in microseconds and from the network in seconds: a number in
// flight would mean another rate every moment. So this governs a rate, and
// learns it by experiment, after PCC ("Performance-oriented Congestion
// Control", NSDI 2015); how it looks for more is BBR's way (RFC-to-be
// draft-cardwell-iccrg-bbr-congestion-control). TCP's way (RFC 5681), to fall
// at a loss, cannot serve: one name in a hundred is answered by nobody, and a
// path may lose a third of everything, whatever the rate.
//
//   hold  the rate found. More loss than is usual brings it down at once.
//   up    a higher rate for a short while: from the start half as much again,
//         near a limit three per cent. Borne, it is kept, and the next step is
//         larger; not borne, the old rate returns and the next look waits
//         twice as long.
//   down  a lower rate for a short while, by as much as must take the loss
//         away if it is ours. If less is lost then, the rate falls by what
//         was lost beyond that; if not, the old rate returns, after a second
//         and deeper look where much is lost. What is lost during the look is
//         what is usual from now on. So every fall is an experiment, and loss
//         is taken for usual only after it was seen not to be ours.
//   drain a lower rate for a short while, when answers take much longer than
//         usual (queue_drain.h). If the queue was ours, the rate becomes a
//         little less than what is answered while there is one; if not, slow
//         answers become usual. A queue at the server gains nothing, delays
//         all who ask there, and what waits in it leaves our own processor's
//         caches. A step up that makes one is cut short by such a look.
//
// What is lost is known long before a time-out (epoch_ledger.h), and what is
// more than usual is told by loss_alarm.h. Whether a look down has helped is
// told by the two shares, before and during it, and what chance makes of so
// many.
//
// Shards that ask the same server have a governor each. What one of them adds
// or gives up is then a small part of all, so their looks down are deeper and
// longer, their steps up stay small, and only looks down raise what is usual:
// otherwise each would take for chance what the others do.
//
// What is open is bounded by the rate and the round-trip, so that a server
// that stands still does not find a flood when it wakes. After an outage the
// rate begins as low as at first.

#pragma once

#include <chrono>
#include <cstdint>

#include "resolver/pacing/epoch_ledger.h"
#include "resolver/pacing/loss_alarm.h"
#include "resolver/pacing/pacer.h"
#include "resolver/pacing/queue_drain.h"
#include "resolver/pacing/round_trip.h"
#include "resolver/pacing/service_rate.h"
#include "resolver/pacing/usual.h"

namespace mxscan {

class RateGovernor {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr double kFirst = 500;  // Queries per second, of all sharers.
  static constexpr double kLeast = 5;
  static constexpr double kMost = 1e6;
  // What a loop that slept may send at once.
  static constexpr Nanos kSlack = std::chrono::milliseconds(8);

  // At most `window` are open at once. `sharers` of our own, this one
  // included, ask the same upstream. REQUIRES: window >= 1 and sharers >= 1.
  explicit RateGovernor(int window, int sharers = 1);

  // Whether one more may leave: by number open, and by time.
  int free() const { return most_open_ - ledger_.open(); }
  Nanos ready_at() const { return pacer_.ready_at(); }
  bool MaySend(Nanos now) const { return free() > 0 && ready_at() <= now; }

  using Ticket = EpochLedger::Ticket;
  using Try = EpochLedger::Try;

  // An attempt left. It may even when MaySend says no (follow-ups to the same
  // server are never held up); the next ones wait the longer.
  Ticket OnSent(Nanos now, Try which) {
    pacer_.Debit(now);
    const Ticket ticket = ledger_.OnSent(now, which);
    held_back_ |= free() <= 0;
    return ticket;
  }

  // What became of it, if anything (epoch_ledger.h). Silence needs no call.
  void OnAnswer(Ticket ticket, Nanos rtt) {
    ledger_.OnAnswer(ticket, rtt);
    service_.OnAnswer();
  }
  void OnRefused(Ticket ticket) { ledger_.OnRefused(ticket); }
  void OnWithdrawn(Ticket ticket) { ledger_.OnWithdrawn(ticket); }

  // Replies were lost on this machine: that was nobody's limit.
  void OnLocalDrop(Nanos now);

  // Once a turn, after its replies: judges what is due.
  void Tick(Nanos now, const RoundTrip& round_trip);

  // When Tick is due, though nothing else happens; Nanos::max() for never.
  Nanos tick_at() const { return ledger_.due_at(); }

  double rate() const { return pace_; }
  // The share of first tries that is usually not answered in good time.
  double usual_loss() const { return usual_.loss(); }
  int open() const { return ledger_.open(); }
  int most_open() const { return most_open_; }

 private:
  enum class Phase : uint8_t { kHold, kUp, kDown, kDrain };

  void Judge(const Epoch& epoch, Nanos now);
  void Learn(const EpochSum& tally);
  double Improvement() const;
  bool Alarmed() const;
  bool Suspicious() const;
  bool IsToDrain(const EpochSum& tally, Nanos now) const;
  double Bearable(double asked, Nanos now) const;
  double Delivered(const EpochSum& tally) const;

  void Decide(Nanos now);
  void DecideHold(Nanos now);
  void DecideUp(Nanos now);
  void DecideDown(Nanos now);
  void DecideDrain(Nanos now);
  void Begin(Phase phase, double pace, Nanos now);
  void Hold(double rate, Nanos rest, Nanos now);
  void Up(Nanos now);
  void EndLook(Nanos now);
  void Borne(Nanos now);
  void NotBorne(double delivered, Nanos now);
  void Down(double share, double counted, Nanos now);
  void Ours(double share, double served, Nanos now);
  void NotOurs(double news, Nanos now);
  void Fall(Nanos now);
  void Drain(const EpochSum& before, Nanos now);
  void EndDrain(Nanos now);
  void Stall(Nanos now);
  void Resume(Nanos now);
  void SetPace(double rate);
  double LostOpen() const;
  void BoundOpen();

  const int window_;
  const int sharers_;
  int most_open_;
  double rate_;         // Borne, as far as we know,
  Nanos rate_since_{};  // and since when.
  double pace_;         // Of this round.
  Pacer pacer_;

  EpochLedger ledger_;
  Nanos usual_wait_{};  // The mean round-trip.

  // This round: what was sent since the pace was set.
  Phase phase_ = Phase::kHold;
  uint32_t round_ = 1;
  Nanos round_began_{};
  EpochSum tally_;
  ServiceRate service_;
  bool held_back_ = false;  // By the bound of what is open.
  LossAlarm alarm_;
  EpochSum lesson_;  // Not learnt from yet.

  Usual usual_;

  // The next step up, what the present run of steps began with, and a rate
  // that we fell from and would regain.
  bool starting_ = true;
  bool failed_once_ = false;
  bool restarted_ = false;
  bool stalled_ = false;
  double step_;
  double base_ = 0;
  double former_ = 0;
  Nanos rest_;
  Nanos next_up_{};
  Nanos next_down_{};

  // The present look: its rate, its length and, for one up, the last epoch of
  // it once it is over (0 before).
  double trial_ = 0;
  Nanos look_length_{};
  uint32_t look_ended_ = 0;
  // For one down: what was lost before it, of how many; and how many it takes.
  double share_before_ = 0;
  double counted_before_ = 0;
  double wanted_ = 0;
  double doubted_ = 0;  // For a second one, deeper: the rate before the first.
  QueueDrain drain_;
};

}  // namespace mxscan
