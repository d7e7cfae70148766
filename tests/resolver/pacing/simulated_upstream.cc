#include "tests/resolver/pacing/simulated_upstream.h"

#include <algorithm>
#include <cmath>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds kTurn = milliseconds(1);

double Seconds(nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

nanoseconds ToNanos(double seconds) {
  return nanoseconds(static_cast<int64_t>(1e9 * seconds));
}

}  // namespace

SimulatedUpstream::SimulatedUpstream(int askers_count, uint64_t seed,
                                     int window)
    : random_(seed) {
  for (int i = 0; i < askers_count; ++i)
    askers.emplace_back(window, askers_count);
}

void SimulatedUpstream::Run(nanoseconds length) {
  const nanoseconds end = now_ + length;
  for (; now_ < end; now_ += kTurn) {
    // Nobody is always the first.
    const size_t first = random_() % askers.size();
    for (size_t i = 0; i < askers.size(); ++i) {
      Step(askers[(first + i) % askers.size()]);
    }
  }
}

void SimulatedUpstream::Reset() {
  counted_since_ = now_;
  for (Asker& asker : askers) {
    asker.sent = asker.answered = asker.turned_away = 0;
  }
}

double SimulatedUpstream::Answered() const {
  int64_t answered = 0;
  for (const Asker& asker : askers) answered += asker.answered;
  return static_cast<double>(answered) / Seconds(now_ - counted_since_);
}

double SimulatedUpstream::TurnedAway() const {
  int64_t sent = 0, turned_away = 0;
  for (const Asker& asker : askers) {
    sent += asker.sent;
    turned_away += asker.turned_away;
  }
  return static_cast<double>(turned_away) / std::max<int64_t>(sent, 1);
}

void SimulatedUpstream::Step(Asker& asker) {
  if (now_ < asker.asleep_until) return;
  if (Chance() < asker.sleeps * Seconds(kTurn)) {
    asker.asleep_until = now_ + asker.sleep;
    return;
  }
  Hear(asker);
  if (asker.probes) {
    asker.governor.OnAnswer(RateGovernor::Ticket::kNone, nature.round_trip);
  }
  asker.governor.Tick(now_, asker.round_trip);
  asker.owed = std::min(asker.owed + asker.demand * Seconds(kTurn),
                        1 + asker.demand / 20);
  while (asker.owed >= 1 && asker.governor.MaySend(now_)) {
    asker.owed -= 1;
    Send(asker);
  }
}

void SimulatedUpstream::Hear(Asker& asker) {
  while (!asker.events.empty() && asker.events.top().at <= now_) {
    const Asker::Event event = asker.events.top();
    asker.events.pop();
    if (event.kind != Asker::Event::kAnswer) ++asker.to_retry;
    if (event.kind == Asker::Event::kRefusal) {
      asker.governor.OnRefused(event.ticket);
    }
    if (event.kind != Asker::Event::kAnswer) continue;
    ++asker.answered;
    asker.round_trip.Sample(now_ - event.sent);
    asker.governor.OnAnswer(event.ticket, now_ - event.sent);
  }
}

void SimulatedUpstream::Send(Asker& asker) {
  const bool first = asker.first_tries && asker.to_retry == 0;
  if (asker.to_retry > 0) --asker.to_retry;
  ++asker.sent;
  Asker::Event event{
      now_, now_,
      asker.governor.OnSent(
          now_, first ? RateGovernor::Try::kFirst : RateGovernor::Try::kLater),
      Asker::Event::kAnswer};
  nanoseconds at = ArrivalOf(now_);
  const bool over = !nature.dead && !TakeToken(at);
  if (over) ++asker.turned_away;
  if (nature.serves > 0) {
    at = std::max(served_until_, at) + ToNanos(1 / nature.serves);
    served_until_ = at;
  }
  event.at = at + nature.round_trip / 2 +
             ToNanos(Seconds(nature.jitter) * (2 * Chance() - 1));
  if (over && nature.refuses) {
    event.kind = Asker::Event::kRefusal;
  } else if (over || nature.dead || Chance() < nature.loss) {
    event.kind = Asker::Event::kTimeout;
    event.at = now_ + asker.round_trip.TimeoutAfter(0);
  }
  asker.events.push(event);
}

// Nothing overtakes on the way there.
nanoseconds SimulatedUpstream::ArrivalOf(nanoseconds sent) {
  const nanoseconds at = sent + nature.round_trip / 2;
  if (nature.halts > 0) {
    while (next_halt_ <= at) {
      if (next_halt_ > nanoseconds(0)) halted_until_ = next_halt_ + nature.halt;
      next_halt_ = std::max(next_halt_, sent) +
                   ToNanos(-std::log(1 - Chance()) / nature.halts);
    }
  }
  return std::max(at, halted_until_);
}

bool SimulatedUpstream::TakeToken(nanoseconds at) {
  const double most = std::max(1.0, nature.capacity * nature.bucket);
  if (filled_at_ == nanoseconds(0)) tokens_ = most;
  tokens_ =
      std::min(most, tokens_ + nature.capacity * Seconds(at - filled_at_));
  filled_at_ = at;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace mxscan
