// A simulated Internet in small: one upstream with limits, losses, distance
// and hiccups, and those who ask it as fast as their governors let them. All
// in simulated time, a millisecond a step, from one seed.

#pragma once

#include <cstdint>
#include <queue>
#include <random>
#include <vector>

#include "resolver/pacing/rate_governor.h"
#include "resolver/pacing/round_trip.h"

namespace mxscan {

// What it is like; may change while the simulation runs.
struct UpstreamNature {
  double capacity = 1e9;  // Queries a second, over a bucket of
  double bucket = .02;    // so many seconds; beyond that silence
  bool refuses = false;   // or REFUSED.
  double loss = 0;        // Share, by chance.
  bool dead = false;
  std::chrono::nanoseconds round_trip = std::chrono::microseconds(800);
  std::chrono::nanoseconds jitter{};
  double serves = 0;  // Queries a second, one after the other; 0: at once.
  // It stands still so often a second, for so long.
  double halts = 0;
  std::chrono::nanoseconds halt{};
};

// One who asks: a shard of a scan, for instance.
struct Asker {
  Asker(int window, int askers) : governor(window, askers) {}

  RateGovernor governor;
  RoundTrip round_trip{std::chrono::seconds(1)};
  // Queries a second that it has at most, and whether they are first tries.
  double demand = 1e9;
  bool first_tries = true;
  // Whether probes of the upstream's health are answered now and then.
  bool probes = false;
  // Its loop sleeps so often a second, for so long.
  double sleeps = 0;
  std::chrono::nanoseconds sleep{};

  int64_t sent = 0;
  int64_t answered = 0;
  int64_t turned_away = 0;  // By the limit.

  struct Event {
    std::chrono::nanoseconds at;
    std::chrono::nanoseconds sent;
    RateGovernor::Ticket ticket;
    enum Kind { kAnswer, kRefusal, kTimeout } kind;
    bool operator<(const Event& other) const { return at > other.at; }
  };
  std::priority_queue<Event> events;
  int64_t to_retry = 0;
  double owed = 0;
  std::chrono::nanoseconds asleep_until{};
};

class SimulatedUpstream {
 public:
  explicit SimulatedUpstream(int askers = 1, uint64_t seed = 1,
                             int window = 20000);

  void Run(std::chrono::nanoseconds length);

  // Forgets what was counted.
  void Reset();

  double Answered() const;  // All askers', a second since Reset.
  // The share of all queries since Reset that the limit turned away.
  double TurnedAway() const;
  Asker& asker() { return askers[0]; }

  UpstreamNature nature;
  std::vector<Asker> askers;

 private:
  using Nanos = std::chrono::nanoseconds;

  double Chance() { return std::uniform_real_distribution<>()(random_); }
  void Step(Asker& asker);
  void Hear(Asker& asker);
  void Send(Asker& asker);
  Nanos ArrivalOf(Nanos sent);
  bool TakeToken(Nanos at);

  std::mt19937_64 random_;
  Nanos now_ = std::chrono::seconds(1);
  Nanos counted_since_ = now_;
  double tokens_ = 0;
  Nanos filled_at_{};
  Nanos halted_until_{};
  Nanos next_halt_{};
  Nanos served_until_{};
};

}  // namespace mxscan
