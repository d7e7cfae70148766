// The second half of resolver_core.h: what comes back, and how it ends.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

#include "resolver/foresight.h"
#include "resolver/resolver_core.h"

namespace mxscan {
namespace {

// The next attempt goes to whom it may, over UDP, with all we know.
void StartAfresh(Inquiry::Link& link) {
  link.same_server = Question::kAnyUpstream;
  link.protocol = Protocol::kUdp;
  link.without_edns = false;
  link.plain_case = false;
}

// What the end of an attempt means for the question when no better follows.
Outcome AsFinal(Outcome outcome) {
  return outcome <= Outcome::kSilence ? outcome : Outcome::kMalformed;
}

bool HasAddress(const Message& message) {
  for (Message::Cursor at = message.records(); auto record = at.Next();) {
    if (record->section != Section::kAnswer) continue;
    if (record->type == RrType::kA) return true;
  }
  return false;
}

}  // namespace

void ResolverCore::OnReply(AttemptId id, uint32_t token,
                           const Reply& reply) noexcept {
  assert(attempts_[token].id == id);
  static_cast<void>(id);
  busy_ = true;
  const LiveAttempt attempt = attempts_[token];
  Account(attempts_[token], reply);
  if (attempt.absent_name) {
    EndAbsentName(token, reply);
  } else if (attempt.inquiry == kNoSlot) {
    EndProbe(token, reply.outcome != Outcome::kUnreachable);
  } else {
    if (reply.outcome == Outcome::kUnreachable) Drop(token);
    Judge(attempt, reply);
  }
  busy_ = false;
}

void ResolverCore::Foresee(absl::Span<const uint32_t> tokens) noexcept {
  for (const uint32_t token : tokens) __builtin_prefetch(&attempts_[token]);
  for (const uint32_t token : tokens) {
    const uint32_t slot = attempts_[token].inquiry;
    if (slot == kNoSlot) continue;
    inquiries_[slot].Fetch();
  }
  for (const uint32_t token : tokens) {
    const uint32_t slot = attempts_[token].inquiry;
    if (slot == kNoSlot || !Coalesces(inquiries_[slot].question)) continue;
    in_flight_.Fetch(inquiries_[slot].tag);
    recent_.Fetch(inquiries_[slot].tag);
  }
  for (int step = 0; step < kForeseeSteps; ++step) {
    for (const uint32_t token : tokens) {
      const uint32_t slot = attempts_[token].inquiry;
      if (slot == kNoSlot) continue;
      const Waiter& first = inquiries_[slot].first;
      first.receiver->Foresee(first.token, step);
    }
  }
}

void ResolverCore::OnSilence(AttemptId id, uint32_t token) noexcept {
  assert(attempts_[token].id == id);
  static_cast<void>(id);
  LiveAttempt& attempt = attempts_[token];
  if (!std::exchange(attempt.waited_for, false)) return;
  Land(attempt);
  busy_ = true;
  Upstream& server = upstreams_.at(attempt.upstream);
  if (attempt.absent_name) {
    Release(token);
  } else if (attempt.inquiry == kNoSlot) {
    EndProbe(token, /*alive=*/false);
  } else {
    server.OnSilence(clock_.now(), attempt.how.protocol);
    Follow(LiveAttempt(attempt), Outcome::kSilence);
  }
  busy_ = false;
}

// What the reply says of its server. Only the first one to an attempt does.
void ResolverCore::Account(LiveAttempt& attempt, const Reply& reply) {
  Land(attempt);
  const bool probe = attempt.inquiry == kNoSlot;
  attempt.waited_for = false;
  if (std::exchange(attempt.replied, true)) return;
  Upstream& server = upstreams_.at(attempt.upstream);
  const bool udp = attempt.how.protocol == Protocol::kUdp;
  if (reply.outcome == Outcome::kUnreachable) {
    server.OnWithdrawn(attempt.ticket);
    if (udp && !probe) server.OnUnreachable(clock_.now());
    return;
  }
  ++stats_.answered;
  reply_room_.OnAnswer();
  server.OnReply(clock_.now(), udp ? reply.rtt : Upstream::kNoSample,
                 SaidBy(attempt, reply.outcome), attempt.ticket);
}

Upstream::Said ResolverCore::SaidBy(const LiveAttempt& attempt,
                                    Outcome outcome) {
  if (outcome != Outcome::kRefused) return Upstream::Said::kAnswer;
  const bool before = attempt.inquiry != kNoSlot &&
                      inquiries_[attempt.inquiry].link.failures.refusals > 0;
  return before ? Upstream::Said::kRefusedAgain : Upstream::Said::kRefused;
}

// Its reply takes no room in a receive buffer any more.
void ResolverCore::Land(LiveAttempt& attempt) {
  if (std::exchange(attempt.takes_room, false)) reply_room_.OnLanded();
}

void ResolverCore::HeedDrops(Nanos now) {
  const int64_t drops = engine_->stats().kernel_drops;
  if (drops == drops_seen_) return;
  drops_seen_ = drops;
  reply_room_.OnDrops(now);
  upstreams_.OnLocalDrop(now);
}

void ResolverCore::EndAbsentName(uint32_t token, const Reply& reply) {
  Upstream& server = upstreams_.at(attempts_[token].upstream);
  if (reply.message != nullptr) {
    server.OnAbsentNameAnswered(reply.message->rcode() == 0 &&
                                HasAddress(*reply.message));
  }
  Release(token);
}

void ResolverCore::EndProbe(uint32_t token, bool alive) {
  Upstream& server = upstreams_.at(attempts_[token].upstream);
  if (!alive) {
    server.OnProbeFailed(clock_.now());
    failed_probe_sent_at_ =
        std::max(failed_probe_sent_at_, attempts_[token].sent_at);
  }
  Release(token);
}

void ResolverCore::Judge(const LiveAttempt& attempt, const Reply& reply) {
  Inquiry& inquiry = inquiries_[attempt.inquiry];
  if (attempt.mixed_case && !reply.case_preserved) {  // Not believed.
    if (attempt.waited_for) Follow(attempt, reply.outcome, true);
    return;
  }
  const Outcome outcome = Read(inquiry, reply);
  Learn(attempt, outcome);
  const bool refused_before = inquiry.link.failures.refusals > 0;
  if (IsDefinitive(outcome)) drip_.OnAnswered(refused_before);
  if (outcome == Outcome::kRefused) drip_.OnRefused(refused_before);
  Note(inquiry, attempt, outcome, reply.rtt);
  if (IsDefinitive(outcome)) {
    const bool moved = builders_[inquiry.builder].MustAskEnd();
    return moved ? AskChainsEnd(attempt.inquiry) : Settle(attempt.inquiry);
  }
  // A failure that comes late changes nothing: another attempt is under way.
  if (attempt.waited_for) Follow(attempt, outcome);
}

Outcome ResolverCore::Read(Inquiry& inquiry, const Reply& reply) {
  if (reply.message == nullptr || reply.outcome == Outcome::kTruncated) {
    return reply.outcome;
  }
  // What an earlier failure left there is no part of this answer.
  const bool stale = inquiry.builder != kNoSlot && !inquiry.on_chain;
  AnswerBuilder& builder = BuilderOf(inquiry);
  if (stale) builder.Begin(inquiry.question);
  const Outcome outcome = builder.Add(*reply.message);
  return reply.outcome == Outcome::kAnswer ? outcome : reply.outcome;
}

void ResolverCore::Learn(const LiveAttempt& attempt, Outcome outcome) {
  Upstream& server = upstreams_.at(attempt.upstream);
  if (outcome == Outcome::kRefused) server.OnRefused();
  if (outcome == Outcome::kServFail) server.OnServFail();
  if (!IsDefinitive(outcome)) return;
  server.OnEdns(attempt.how.edns);
  if (attempt.mixed_case) server.OnCasePreserved();
  if (attempt.how.case_lost) server.OnCaseLost();
}

void ResolverCore::Note(Inquiry& inquiry, const LiveAttempt& attempt,
                        Outcome outcome, Nanos rtt) {
  // Nobody spoke; or "truncated", which is no word on the question yet.
  const bool udp = attempt.how.protocol == Protocol::kUdp;
  if (outcome == Outcome::kUnreachable) return;
  if (outcome == Outcome::kTruncated && udp) return;
  inquiry.heard.outcome = AsFinal(outcome);
  inquiry.heard.protocol = attempt.how.protocol;
  inquiry.heard.upstream = attempt.upstream;
  inquiry.heard.rtt_us = rtt / std::chrono::microseconds(1);
}

// What follows from the end of the attempt that was waited for.
void ResolverCore::Follow(const LiveAttempt& attempt, Outcome outcome,
                          bool case_changed) {
  Inquiry::Link& link = inquiries_[attempt.inquiry].link;
  AttemptEnd end;
  end.outcome = outcome;
  end.how = attempt.how;
  end.case_changed = case_changed;
  end.server_is_out = !upstreams_.at(attempt.upstream).health().usable();
  end.only_refusals = drip_.hopeless();
  switch (Decide(end, limits_, link.failures)) {
    case Next::kDeliver:
    case Next::kGiveUp: return Settle(attempt.inquiry);
    case Next::kRest: return Rest(attempt.inquiry);
    case Next::kAskAnother:
    case Next::kMove: return AskAnother(attempt.inquiry);
    case Next::kAskOverTcp: link.protocol = Protocol::kTcp; break;
    case Next::kAskWithoutEdns: link.without_edns = true; break;
    case Next::kCheckOverTcp:
      link.plain_case = true;
      link.protocol = Protocol::kTcp;
      break;
    case Next::kAskInPlainCase: link.protocol = Protocol::kUdp; break;
  }
  AskSame(attempt.inquiry, attempt.upstream);
}

void ResolverCore::AskSame(uint32_t slot, int upstream) {
  inquiries_[slot].link.same_server = upstream;
  MakeReady(slot);
}

void ResolverCore::AskAnother(uint32_t slot) {
  StartAfresh(inquiries_[slot].link);
  MakeReady(slot);
}

// A refusal is mostly a rate limit, which asking again at once would only feed.
void ResolverCore::Rest(uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  assert(inquiry.stage == Inquiry::Stage::kAsking);
  StartAfresh(inquiry.link);
  inquiry.stage = Inquiry::Stage::kQueued;
  inquiry.rest_until = clock_.now() + RefusalDrip::kRest;
  resting_.Push(inquiries_, slot);
}

// The end of a chain is a name of its own, with tries of its own.
void ResolverCore::AskChainsEnd(uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  ReleaseAll(inquiry);
  inquiry.on_chain = true;
  inquiry.link = Inquiry::Link();
  inquiry.heard = AnswerHeader();
  if (inquiry.stage == Inquiry::Stage::kAsking) MakeReady(slot);
}

void ResolverCore::MakeReady(uint32_t slot) {
  assert(inquiries_[slot].stage == Inquiry::Stage::kAsking);
  inquiries_[slot].stage = Inquiry::Stage::kQueued;
  ready_.Push(inquiries_, slot);
}

void ResolverCore::Settle(uint32_t slot) {
  Inquiry& inquiry = inquiries_[slot];
  AnswerBuilder& builder = BuilderOf(inquiry);
  inquiry.heard.attempts =
      static_cast<uint8_t>(std::min(inquiry.sendings, 255));
  inquiry.heard.received_us = clock_.UnixMicros();
  const Answer answer = builder.Finish(inquiry.heard);
  Remember(inquiry, answer);
  ReleaseAll(inquiry);
  --begun_;
  ++stats_.by_outcome[static_cast<int>(answer.outcome())];
  if (!IsDefinitive(answer.outcome())) {
    stats_.retried_in_vain += inquiry.retries;
  }
  const Waiter first = inquiry.first;
  const uint32_t builder_slot = inquiry.builder;
  if (inquiry.stage == Inquiry::Stage::kQueued) {
    inquiry.stage = Inquiry::Stage::kSettled;
  } else {
    inquiries_.GiveBack(slot);
  }
  Deliver(first, answer);
  builders_.GiveBack(builder_slot);
}

void ResolverCore::Remember(const Inquiry& inquiry, const Answer& answer) {
  if (!Coalesces(inquiry.question)) return;
  in_flight_.Erase(inquiry.tag, InFlight(inquiry.tag, inquiry.question));
  const Nanos until = IsDefinitive(answer.outcome())
                          ? Nanos::max()
                          : clock_.now() + kFailureLife;
  recent_.Insert(inquiry.tag, inquiry.question, answer.block(), until);
}

void ResolverCore::Deliver(Waiter waiter, const Answer& answer) {
  for (;;) {
    --outstanding_;
    waiter.receiver->OnAnswer(waiter.token, answer);
    const uint32_t next = waiter.next;
    if (next == kNoSlot) return;
    waiter = waiters_[next];
    waiters_.GiveBack(next);
  }
}

AnswerBuilder& ResolverCore::BuilderOf(Inquiry& inquiry) {
  if (inquiry.builder == kNoSlot) {
    inquiry.builder = builders_.Take();
    builders_[inquiry.builder].Begin(inquiry.question);
  }
  return builders_[inquiry.builder];
}

void ResolverCore::Drop(uint32_t token) {
  uint32_t* link = &inquiries_[attempts_[token].inquiry].live;
  while (*link != token) link = &attempts_[*link].next;
  *link = attempts_[token].next;
  Release(token);
}

void ResolverCore::Release(uint32_t token) {
  LiveAttempt& attempt = attempts_[token];
  Land(attempt);
  engine_->Release(attempt.id);
  if (!attempt.replied) {
    upstreams_.at(attempt.upstream).OnWithdrawn(attempt.ticket);
  }
  attempts_.GiveBack(token);
}

void ResolverCore::ReleaseAll(Inquiry& inquiry) {
  while (inquiry.live != kNoSlot) {
    const uint32_t token = inquiry.live;
    inquiry.live = attempts_[token].next;
    Release(token);
  }
}

const ResolverStats& ResolverCore::counters() {
  const EngineStats& engine = engine_->stats();
  stats_.sent = engine.sent_udp + engine.sent_tcp;
  stats_.tcp = engine.sent_tcp;
  stats_.strays = engine.strays;
  stats_.kernel_drops = engine.kernel_drops;
  return stats_;
}

const ResolverStats& ResolverCore::stats() {
  counters();
  stats_.upstreams.resize(upstreams_.size());
  for (int i = 0; i < upstreams_.size(); ++i) {
    upstreams_.at(i).FillStats(stats_.upstreams[i]);
    stats_.upstreams[i].wrong = engine_->wrong_replies(i);
  }
  return stats_;
}

}  // namespace mxscan
