// Upstreams are the recursive servers that may be asked: what is known of each
// (round-trip, rate, health, what it chokes on), and whom to ask next. They
// decide and count; sending is the resolver's.
//
// Questions spread by free window, so that whoever answers faster is asked
// more. A retry goes to a server that has not been asked yet where there is
// one with room. A server that is out (pacing/health.h) is not asked.
//
// One thread; the time is passed in.

#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/pacing/health.h"
#include "resolver/pacing/log_histogram.h"
#include "resolver/pacing/rate_ceiling.h"
#include "resolver/pacing/rate_governor.h"
#include "resolver/pacing/round_trip.h"
#include "resolver/resolver.h"

namespace mxscan {

class Upstream {
 public:
  using Nanos = std::chrono::nanoseconds;

  Upstream(const Endpoint& endpoint, Nanos first_timeout, int window,
           int shards);

  // How to ask it: with EDNS unless it choked on EDNS and answered without;
  // in mixed letter case unless it has been seen to change the letters.
  bool edns() const { return edns_ != Edns::kBad; }
  bool mixed_case() const { return lost_cases_ < kLostCases; }

  // An attempt left, or came to an end. The ticket is the governor's; probes
  // have none. There is no round-trip to learn from over TCP, nor of a probe.
  using Ticket = RateGovernor::Ticket;
  static constexpr Nanos kNoSample{-1};
  Ticket OnSent(Nanos now, Protocol protocol, bool first_try);
  // Some names are refused always, and at the end of a run only they are left:
  // a question that was refused before says nothing of the rate.
  enum class Said : uint8_t { kAnswer, kRefused, kRefusedAgain };
  void OnReply(Nanos now, Nanos rtt, Said said, Ticket ticket);
  void OnSilence(Nanos now, Protocol protocol);
  void OnWithdrawn(Ticket ticket) { governor_.OnWithdrawn(ticket); }

  void OnLocalDrop(Nanos now) { governor_.OnLocalDrop(now); }

  // Once a turn: judges how fast it may be asked.
  void Tick(Nanos now) { governor_.Tick(now, round_trip_); }

  // Word came that nobody listens there.
  void OnUnreachable(Nanos now) { health_.OnUnreachable(now); }

  // A reply to a probe is a reply.
  void OnProbeSent();
  void OnProbeFailed(Nanos now) { health_.OnProbeFailed(now); }

  // What a definitive reply showed: it came to a query with or without EDNS;
  // in the mix of letters sent, or to a query in plain letters after the mix
  // had come back changed.
  void OnEdns(bool asked_with_edns);
  void OnCasePreserved() { lost_cases_ = 0; }
  void OnCaseLost() { ++lost_cases_; }

  void OnRefused() { ++refused_; }
  void OnServFail() { ++failed_; }

  // It is asked once for a name that cannot exist, and again only when it was
  // silent. Who rewrites NXDOMAIN is asked only when all others are out.
  bool AbsentNameIsDue() const {
    return absent_tries_ < kAbsentTries && health_.ever_answered();
  }
  void OnAbsentNameAsked() {
    ++absent_tries_;
    ++sent_;
  }
  void OnAbsentNameAnswered(bool with_address) {
    absent_tries_ = kAbsentTries;
    rewrites_ = with_address;
  }
  bool rewrites() const { return rewrites_; }

  // Its part in the ceiling of its rate: what is sent to it is taken there.
  RateShare& share() { return share_; }
  const RateShare& share() const { return share_; }
  void SetCeiling(RateCeiling* ceiling, Nanos epoch) {
    share_ = RateShare(ceiling, epoch);
  }

  const Health& health() const { return health_; }
  const RateGovernor& governor() const { return governor_; }
  const RoundTrip& round_trip() const { return round_trip_; }

  void FillStats(ResolverStats::Upstream& stats) const;

 private:
  enum class Edns : uint8_t { kUnknown, kGood, kBad };
  // A server that changes letters once may have been impersonated.
  static constexpr int kLostCases = 3;
  static constexpr int kAbsentTries = 3;

  void CountAnswer(Nanos now);

  Endpoint endpoint_;
  RoundTrip round_trip_;
  RateGovernor governor_;
  Health health_;
  RateShare share_;
  Edns edns_ = Edns::kUnknown;
  int lost_cases_ = 0;
  int absent_tries_ = 0;
  bool rewrites_ = false;
  int64_t refused_ = 0;
  int64_t failed_ = 0;
  int64_t sent_ = 0;
  int64_t answered_ = 0;
  int64_t silent_ = 0;
  LogHistogram round_trips_us_;
  std::chrono::seconds this_second_{};
  int64_t answers_this_second_ = 0;
  int64_t answers_best_second_ = 0;
};

class Upstreams {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr int kNoRoom = -1;  // Later: all are as busy as may be.
  static constexpr int kAllOut = -2;

  // Whom a question has been asked of: a bit for index mod 64, and the last.
  struct Asked {
    uint64_t set = 0;
    int last = -1;

    bool Has(int i) const { return (set >> (i & 63) & 1) != 0; }
    void Add(int i) {
      set |= uint64_t{1} << (i & 63);
      last = i;
    }
  };

  // REQUIRES: !endpoints.empty(), window >= 1.
  Upstreams(absl::Span<const Endpoint> endpoints, Nanos first_timeout,
            int window, int shards = 1);

  // `ceilings` must outlive the upstreams; their clock began `epoch` before.
  void SetCeilings(const RateCeilings& ceilings, Nanos epoch);

  int size() const { return static_cast<int>(all_.size()); }
  Upstream& at(int i) { return all_[i]; }
  const Upstream& at(int i) const { return all_[i]; }

  // The upstream to ask at `now`, kNoRoom or kAllOut. Where `refused` says that
  // who was asked had nothing to say, it waits for room at one that has not
  // been asked rather than ask one of them again.
  int Choose(Nanos now, const Asked& asked, bool refused = false) {
    const int chosen = ChooseAmong(false, now, asked, refused);
    if (chosen != kAllOut) return chosen;
    return ChooseAmong(/*rewriters=*/true, now, asked, refused);
  }

  // Replies were dropped on this machine, of whichever upstream.
  void OnLocalDrop(Nanos now);

  // Once a turn, before anything is sent.
  void Tick(Nanos now);
  // Once in every turn: what was not sent may be by others.
  void EndTurn();

  // After kNoRoom: when time alone will make room; Nanos::max() for never.
  Nanos RoomAt() const;

  bool AnyUsable() const;
  bool EverAnswered() const;
  // When the first probe is due; Nanos::max() for never.
  Nanos NextProbeAt() const;

 private:
  int ChooseAmong(bool rewriters, Nanos now, const Asked& asked, bool refused);
  int Rank(int i, const Asked& asked) const;

  std::vector<Upstream> all_;
  bool capped_ = false;
  int next_ = 0;  // Where the next search begins.
};

}  // namespace mxscan
