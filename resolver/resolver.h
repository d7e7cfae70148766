// Resolver turns a Question into exactly one Answer. It coalesces equal
// questions in flight, keeps recent answers, decides whom to ask, how fast and
// how often (upstreams.h, pacing/), follows alias chains to their end, and
// asks over TCP what was truncated. It knows DNS and nothing of mail.
//
// Failure of a server is never an answer: an outcome is kNoData or kNxDomain
// only if a working server said so; kServFail, kRefused, kMalformed and
// kSilence say that nobody did, and name the last thing heard.
//
// One thread: that of its loop. Addresses of mail hosts, which are shared by
// many domains and by all shards, are asked through HostDirectory.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "resolver/address.h"
#include "resolver/answer.h"
#include "resolver/engine.h"
#include "resolver/net/loop.h"
#include "resolver/pacing/rate_ceiling.h"
#include "resolver/question.h"

namespace mxscan {

struct ResolverOptions {
  std::vector<Endpoint> upstreams;
  // Of rates, shared by all shards of a run; null for none. Must outlive the
  // resolver.
  const RateCeilings* ceilings = nullptr;
  int shards = 1;                // Of the run, asking the same upstreams.
  int window = 20000;            // Questions in flight at most.
  int receive_buffer = 4 << 20;  // Octets to ask for, for each socket.
  int attempts_spoken = 5;       // Tries where some server spoke.
  int attempts_silent = 10;      // Tries where all was silence.
  Nanos first_timeout = std::chrono::milliseconds(1000);
  // A name that cannot exist, for each upstream to be asked once for its
  // address: who gives one rewrites NXDOMAIN. None asks nobody.
  std::optional<Name> absent_name;
  uint64_t seed = 0;  // Of everything random. Must be unpredictable.
};

// What has happened so far, for the summary and the status line.
struct ResolverStats {
  struct Upstream {
    Endpoint endpoint;
    int64_t sent = 0;
    int64_t answered = 0;
    int64_t silent = 0;
    int64_t rtt_p50_us = 0, rtt_p95_us = 0, rtt_p99_us = 0;
    double peak_rate = 0;  // Answers per second, best second.
    int64_t refused = 0;   // Of those answered,
    int64_t failed = 0;    // and SERVFAIL.
    int64_t wrong = 0;     // Replies to other questions than were asked.
    int outs = 0;          // How often it went out after it had answered.
    bool changes_case = false;
    bool without_edns = false;
    bool rewrites = false;  // Gives addresses to names that do not exist.
    // As it stands now.
    bool out = false;  // Asked nothing, but probed.
    double rate = 0;   // Queries per second that it may be asked at most,
    Nanos wait{};      // and how long it has to answer a first one.
  };

  int64_t questions = 0;  // Asked of the network, after coalescing.
  int64_t coalesced = 0;  // Joined one in flight, or answered from memory.
  int64_t sent = 0;       // Queries that left.
  int64_t answered = 0;   // Replies that counted.
  int64_t retried = 0;    // Queries beyond the first per question.
  int64_t retried_in_vain = 0;  // Of those, for questions without an answer.
  int64_t tcp = 0;
  int64_t strays = 0;
  int64_t kernel_drops = 0;  // Replies that found no room in a buffer.
  // Since when no upstream answers, on the clock that all loops share;
  // Nanos::max() while one does.
  Nanos out_since = Nanos::max();
  int64_t by_outcome[8] = {};  // Questions, by their final Outcome.
  std::vector<Upstream> upstreams;
};

class Resolver {
 public:
  // `loop` must outlive the resolver.
  static absl::StatusOr<std::unique_ptr<Resolver>> Open(
      const ResolverOptions& options, Loop& loop);
  virtual ~Resolver() = default;

  // How many UDP ports one with these options opens.
  static int UdpPortsFor(const ResolverOptions& options);

  // `receiver` must outlive the answer, which comes exactly once and never
  // from inside Ask. Takes every question; those beyond the window wait.
  // Called before the loop runs, from a turn's events or from hooks before
  // TurnPhase::kSend.
  virtual void Ask(const Question& question, AnswerReceiver& receiver,
                   uint64_t token) = 0;

  // Questions asked and not yet answered. Whoever starts new work of his own
  // accord does so only while this is below the window.
  virtual int outstanding() const = 0;

  // Of these, those that could not be sent yet. First come, first served: who
  // keeps them few has what follows from an answer asked soon.
  virtual int waiting() const = 0;

  // How long the tries at any question take if nobody answers, for people who
  // wait for the last of them. One that is refused now and silent then, or an
  // alias chain, whose end is asked anew, may take longer. nullopt while some
  // wait for room, for their rate or for an upstream that is out, since nobody
  // can tell how long that takes.
  virtual std::optional<Nanos> LongestWait() const = 0;

  // The counters cost next to nothing; of upstreams they have what the last
  // call of stats() made out, which looks through all that was measured.
  virtual const ResolverStats& counters() = 0;
  virtual const ResolverStats& stats() = 0;
};

}  // namespace mxscan
