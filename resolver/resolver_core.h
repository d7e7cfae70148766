// ResolverCore is the resolver without its loop: it takes questions and what
// the engine reports, and decides what follows. The time comes from a Clock,
// sending is an Engine's, so that a test owns both and runs hours in
// milliseconds.
//
// How a question goes:
//
//   Ask ─► asked ─ known? ─► remembered ─────► answer, on the next turn
//            │       └ in flight? ─► joins it
//            ▼
//   fresh ─► [window, rate, room for the reply, an upstream] ─► asking ─►
//   answer
//              ▲                    │ all out           │
//            ready ◄──────────── outage              failed: retry_policy.h
//              └────────────────────────────────────────┘
//
// Nothing is sent but in OnTurn, where what became ready in the turn leaves
// together: first what is to be asked again, for it is older, then fresh
// questions, first come first served. A follow-up to the same server (TCP,
// without EDNS, in plain case) does not wait for room in its window, but for
// the ceilings of rate like everything else, held back in a queue of its
// upstream's so that it keeps up no other. When all
// upstreams are out, questions wait for one to return, without spending their
// tries (those already spent on silence do not count either), for a minute at
// most, or ten seconds where none has ever answered. Once that long has passed
// since the last one went out, a question waits no longer than until the next
// probe has failed too: a list of any length comes to its end, at the pace of
// the probes, and the first one that is answered sets everything going again.
//
// A question that names its server is asked of that one only, and neither
// coalesced nor remembered.
//
// One thread.

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "resolver/cache/hash_index.h"
#include "resolver/cache/recent_answers.h"
#include "resolver/inquiry.h"
#include "resolver/pacing/rate_ceiling.h"
#include "resolver/pacing/refusal_drip.h"
#include "resolver/pacing/reply_room.h"
#include "resolver/resolver.h"

namespace mxscan {

class Clock {
 public:
  virtual Nanos now() const = 0;
  virtual int64_t UnixMicros() const = 0;
  // Where now() began, on a clock that all shards share.
  virtual Nanos epoch() const { return Nanos(0); }

 protected:
  ~Clock() = default;
};

// True for questions that share one answer with their equals.
inline bool Coalesces(const Question& question) {
  return question.cacheable && question.upstream == Question::kAnyUpstream;
}

class ResolverCore final : public AttemptReceiver {
 public:
  // How long a question waits for an upstream to return.
  static constexpr Nanos kOutage = std::chrono::seconds(60);
  static constexpr Nanos kOutageFromTheStart = std::chrono::seconds(10);
  // How long a failure is remembered.
  static constexpr Nanos kFailureLife = std::chrono::seconds(30);

  // How many attempts are alive at once at most, for the engine.
  static int MostAttempts(const ResolverOptions& options);

  // `clock` must outlive the core. REQUIRES: options.upstreams is not empty.
  ResolverCore(const ResolverOptions& options, const Clock& clock);

  // `engine` must outlive the core's last turn. Before the first turn.
  void Connect(Engine& engine) {
    engine_ = &engine;
    reply_room_.SetFitting(engine.replies_that_fit());
  }

  // As Resolver::Ask.
  void Ask(const Question& question, AnswerReceiver& receiver, uint64_t token);

  // Something was asked since the last turn, from outside of what the core
  // itself reports: a turn must follow, which nothing else may bring.
  bool turn_wanted() const { return turn_wanted_; }

  // The ceiling of the run holds questions back, of this core or of another.
  bool at_ceiling() const { return rate_.HoldsBack(clock_.now()); }

  // Once a turn, after the engine's reports. Returns when to be called again
  // at the latest.
  Nanos OnTurn(Nanos now);

  void OnReply(AttemptId id, uint32_t token,
               const Reply& reply) noexcept override;
  void Foresee(absl::Span<const uint32_t> tokens) noexcept override;
  void OnSilence(AttemptId id, uint32_t token) noexcept override;

  int outstanding() const { return outstanding_; }
  // As Resolver's.
  int waiting() const { return asked_.size() + fresh_.size(); }
  std::optional<Nanos> LongestWait() const;
  const ResolverStats& counters();
  const ResolverStats& stats();

 private:
  enum class Launched { kYes, kSetAside, kHeld, kNoRoom, kNoAttempts };

  // Coming in.
  uint32_t TagOf(const Question& question) const;
  uint32_t InFlight(uint32_t tag, const Question& question);
  void Admit(Nanos now);
  void Join(uint32_t slot, Waiter waiter);

  // Going out.
  void AnswerFromMemory(Nanos now);
  void EndRests(Nanos now);
  void EndOutages(Nanos now);
  bool IsPastHope(const Inquiry& inquiry, Nanos now) const;
  Nanos OutageBound() const;
  void SendProbes(Nanos now);
  bool StartProbe(int upstream, Nanos now);
  void AskForAbsentName(Nanos now);
  bool StartAside(const Question& question, int upstream, Nanos now,
                  uint32_t& token);
  Nanos Pump(Nanos now);
  void PumpHeld(Nanos now);
  void PumpHeld(int upstream, Nanos now);
  Nanos HeldUntil() const;
  bool DropSettled(InquiryQueue& queue);
  InquiryQueue* NextQueue();
  Launched Launch(uint32_t slot, Nanos now);
  void Hold(uint32_t slot);
  int ChooseFor(const Inquiry& inquiry, Nanos now);
  void Begin(Inquiry& inquiry);
  void SetAside(uint32_t slot, Nanos now);
  bool Start(uint32_t slot, int upstream, Nanos now);
  void Describe(Inquiry& inquiry, LiveAttempt& attempt);
  void LimitLive(Inquiry& inquiry);

  // Coming back.
  Upstream::Said SaidBy(const LiveAttempt& attempt, Outcome outcome);
  void HeedDrops(Nanos now);
  void Land(LiveAttempt& attempt);
  void Account(LiveAttempt& attempt, const Reply& reply);
  void EndProbe(uint32_t token, bool alive);
  void EndAbsentName(uint32_t token, const Reply& reply);
  void Judge(const LiveAttempt& attempt, const Reply& reply);
  Outcome Read(Inquiry& inquiry, const Reply& reply);
  void Learn(const LiveAttempt& attempt, Outcome outcome);
  void Note(Inquiry& inquiry, const LiveAttempt& attempt, Outcome outcome,
            Nanos rtt);
  void Follow(const LiveAttempt& attempt, Outcome outcome,
              bool case_changed = false);
  void AskSame(uint32_t slot, int upstream);
  void AskAnother(uint32_t slot);
  void Rest(uint32_t slot);
  void AskChainsEnd(uint32_t slot);
  void MakeReady(uint32_t slot);

  // Ending.
  void Settle(uint32_t slot);
  void Remember(const Inquiry& inquiry, const Answer& answer);
  void Deliver(Waiter waiter, const Answer& answer);
  AnswerBuilder& BuilderOf(Inquiry& inquiry);
  void Drop(uint32_t token);
  void Release(uint32_t token);
  void ReleaseAll(Inquiry& inquiry);

  const ResolverOptions options_;
  const Clock& clock_;
  Engine* engine_ = nullptr;
  Upstreams upstreams_;
  RateShare rate_;
  ReplyRoom reply_room_;
  int64_t drops_seen_ = 0;
  RetryLimits limits_;

  Slots<Inquiry> inquiries_;
  Slots<Waiter> waiters_;
  Slots<LiveAttempt> attempts_;
  Slots<AnswerBuilder> builders_;
  HashIndex in_flight_;  // Cacheable inquiries, by tag.
  RecentAnswers recent_;

  InquiryQueue asked_;  // Those that may be known, or in flight.
  InquiryQueue remembered_;
  InquiryQueue fresh_;
  InquiryQueue ready_;
  std::vector<InquiryQueue> held_;  // Follow-ups, by upstream;
  std::vector<int> holding_;        // those that are not empty.
  InquiryQueue resting_;  // Refused; all rest equally long, so it is in order.
  RefusalDrip drip_;
  InquiryQueue outage_;
  Nanos all_out_since_ = Nanos::max();  // Nanos::max() while one is usable.
  Nanos failed_probe_sent_at_{};        // The latest such.

  const Question probe_;
  const Question absent_;  // Of absent_name, where there is one.
  Nanos ask_absent_at_{};
  int outstanding_ = 0;
  int begun_ = 0;
  bool busy_ = false;  // In a call from the loop, so that a turn follows.
  bool turn_wanted_ = false;
  ResolverStats stats_;
};

}  // namespace mxscan
