#include "resolver/resolver_core.h"

#include <algorithm>
#include <utility>

namespace mxscan {
namespace {

constexpr size_t kRecentBytes = 4 << 20;
// Attempts of one question kept for their late replies.
constexpr int kMostLive = 4;
// When the engine has no slot left, or memory has more answers.
constexpr Nanos kAbsentEvery = std::chrono::milliseconds(50);
constexpr Nanos kSoon = std::chrono::milliseconds(1);

RateShare MakeRate(const RateCeilings* ceilings, Nanos epoch) {
  if (ceilings == nullptr) return {};
  return {ceilings->over_all(), epoch};
}

Question MakeProbe() {
  Question question;
  question.type = RrType::kNs;  // Of the root: every recursive server knows.
  question.cacheable = false;
  return question;
}

Question MakeAbsent(const ResolverOptions& options) {
  Question question;
  if (options.absent_name.has_value()) question.name = *options.absent_name;
  question.type = RrType::kA;
  question.cacheable = false;
  return question;
}

bool SameQuestion(const Question& a, const Question& b) {
  return a.type == b.type && a.dnssec_ok == b.dnssec_ok &&
         a.recursion_desired == b.recursion_desired &&
         a.checking_disabled == b.checking_disabled &&
         a.name.view() == b.name.view();
}

}  // namespace

ResolverCore::ResolverCore(const ResolverOptions& options, const Clock& clock)
    : options_(options),
      clock_(clock),
      upstreams_(options.upstreams, options.first_timeout, options.window,
                 options.shards),
      rate_(MakeRate(options.ceilings, clock.epoch())),
      limits_{options.attempts_spoken, options.attempts_silent,
              RefusalDrip::kFree},
      recent_(kRecentBytes),
      held_(options.upstreams.size()),
      probe_(MakeProbe()),
      absent_(MakeAbsent(options)) {
  if (options.ceilings != nullptr) {
    upstreams_.SetCeilings(*options.ceilings, clock.epoch());
  }
}

int ResolverCore::MostAttempts(const ResolverOptions& options) {
  // One more for the moment in which the oldest is replaced.
  const int64_t most = int64_t{options.window} * (kMostLive + 1) +
                       2 * static_cast<int64_t>(options.upstreams.size());
  return static_cast<int>(std::min<int64_t>(most, 1 << 22));
}

uint32_t ResolverCore::TagOf(const Question& question) const {
  const uint64_t type = static_cast<uint64_t>(question.type);
  return static_cast<uint32_t>(question.name.view().Hash(options_.seed + type));
}

uint32_t ResolverCore::InFlight(uint32_t tag, const Question& question) {
  return in_flight_.Find(tag, [&](uint32_t slot) {
    return SameQuestion(inquiries_[slot].question, question);
  });
}

void ResolverCore::Ask(const Question& question, AnswerReceiver& receiver,
                       uint64_t token) {
  ++outstanding_;
  const uint32_t slot = inquiries_.Take();
  Inquiry& inquiry = inquiries_[slot];
  const Inquiry fresh;  // Inquiry() would clear the room for the name first.
  inquiry = fresh;
  inquiry.question = question;
  inquiry.first = {&receiver, token, kNoSlot};
  if (Coalesces(question)) {
    inquiry.tag = TagOf(question);
    in_flight_.Fetch(inquiry.tag);
    recent_.Fetch(inquiry.tag);
    asked_.Push(inquiries_, slot);
  } else {
    fresh_.Push(inquiries_, slot);
  }
  if (!busy_) turn_wanted_ = true;
}

// All that were asked together, so that by the time a question is looked up,
// the memory for that has come.
void ResolverCore::Admit(Nanos now) {
  while (!asked_.empty()) {
    const uint32_t slot = asked_.Pop(inquiries_);
    const Inquiry& inquiry = inquiries_[slot];
    const uint32_t same = InFlight(inquiry.tag, inquiry.question);
    if (same != HashIndex::kNone) {
      Join(same, inquiry.first);
      inquiries_.GiveBack(slot);
      continue;
    }
    in_flight_.Insert(inquiry.tag, slot);
    const bool known =
        !recent_.Find(inquiry.tag, inquiry.question, now).empty();
    (known ? remembered_ : fresh_).Push(inquiries_, slot);
  }
}

void ResolverCore::Join(uint32_t slot, Waiter waiter) {
  ++stats_.coalesced;
  Waiter& first = inquiries_[slot].first;
  waiter.next = first.next;
  first.next = waiters_.Take();
  waiters_[first.next] = waiter;
}

Nanos ResolverCore::OnTurn(Nanos now) {
  busy_ = true;
  turn_wanted_ = false;
  Admit(now);
  AnswerFromMemory(now);
  HeedDrops(now);
  upstreams_.Tick(now);
  EndRests(now);
  EndOutages(now);
  SendProbes(now);
  AskForAbsentName(now);
  PumpHeld(now);
  Admit(now);  // What came out of all this.
  Nanos wake = Pump(now);
  wake = std::min(wake, HeldUntil());
  rate_.EndTurn();
  upstreams_.EndTurn();
  busy_ = false;
  if (!asked_.empty() || !remembered_.empty()) return now;
  if (!resting_.empty()) {
    wake = std::min(wake, std::max(inquiries_[resting_.front()].rest_until,
                                   drip_.ready_at()));
  }
  if (!outage_.empty()) {
    // Later than the bound it is a probe's failure that brings the turn.
    const Nanos bound = all_out_since_ + OutageBound();
    const Nanos give_up_at = inquiries_[outage_.front()].give_up_at;
    wake =
        std::min(wake, now < bound ? std::min(bound, give_up_at) : give_up_at);
  }
  return std::max(std::min(wake, upstreams_.NextProbeAt()), now + kSoon);
}

// Only what is there at the start: receivers may ask for more from memory, and
// the network must not wait for the end of that.
void ResolverCore::AnswerFromMemory(Nanos now) {
  InquiryQueue batch;
  batch.Append(inquiries_, remembered_);
  while (!batch.empty()) {
    const uint32_t slot = batch.Pop(inquiries_);
    const Inquiry& inquiry = inquiries_[slot];
    const RecentAnswers::Block block =
        recent_.Find(inquiry.tag, inquiry.question, now);
    if (block.empty()) {  // Pushed out since it was asked for.
      fresh_.Push(inquiries_, slot);
      continue;
    }
    ++stats_.coalesced;
    in_flight_.Erase(inquiry.tag, slot);
    const Waiter first = inquiry.first;
    inquiries_.GiveBack(slot);
    Deliver(first, Answer(block));
  }
}

void ResolverCore::EndRests(Nanos now) {
  while (!resting_.empty() && drip_.ready_at() <= now &&
         inquiries_[resting_.front()].rest_until <= now) {
    const uint32_t slot = resting_.Pop(inquiries_);
    if (inquiries_[slot].stage != Inquiry::Stage::kSettled) drip_.Take(now);
    ready_.Push(inquiries_, slot);
  }
}

void ResolverCore::EndOutages(Nanos now) {
  if (upstreams_.AnyUsable()) {
    all_out_since_ = Nanos::max();
    stats_.out_since = Nanos::max();
    return ready_.Append(inquiries_, outage_);
  }
  if (all_out_since_ == Nanos::max()) {
    all_out_since_ = now;
    stats_.out_since = clock_.epoch() + now;
  }
  while (!outage_.empty()) {
    if (DropSettled(outage_)) continue;
    const uint32_t slot = outage_.front();
    Inquiry& inquiry = inquiries_[slot];
    if (!IsPastHope(inquiry, now)) return;
    outage_.Pop(inquiries_);
    inquiry.stage = Inquiry::Stage::kAsking;
    Settle(slot);
  }
}

// Nobody has answered for so long that `inquiry` is given up.
bool ResolverCore::IsPastHope(const Inquiry& inquiry, Nanos now) const {
  if (now >= inquiry.give_up_at) return true;
  return now >= all_out_since_ + OutageBound() &&
         failed_probe_sent_at_ > inquiry.set_aside_at;
}

Nanos ResolverCore::OutageBound() const {
  return upstreams_.EverAnswered() ? kOutage : kOutageFromTheStart;
}

void ResolverCore::SendProbes(Nanos now) {
  if (upstreams_.NextProbeAt() > now) return;
  for (int i = 0; i < upstreams_.size(); ++i) {
    if (upstreams_.at(i).health().probe_at() > now) continue;
    if (!upstreams_.at(i).share().Ready(now)) continue;
    if (!rate_.Ready(now) || !StartProbe(i, now)) return;
  }
}

bool ResolverCore::StartProbe(int upstream, Nanos now) {
  uint32_t token = kNoSlot;
  if (!StartAside(probe_, upstream, now, token)) return false;
  upstreams_.at(upstream).OnProbeSent();
  return true;
}

// Once for each upstream in a run, when it is known to be there.
void ResolverCore::AskForAbsentName(Nanos now) {
  if (!options_.absent_name.has_value() || now < ask_absent_at_) return;
  ask_absent_at_ = now + kAbsentEvery;
  for (int i = 0; i < upstreams_.size(); ++i) {
    if (!upstreams_.at(i).AbsentNameIsDue()) continue;
    if (!rate_.Ready(now) || !upstreams_.at(i).share().Ready(now)) continue;
    uint32_t token = kNoSlot;
    if (!StartAside(absent_, i, now, token)) return;
    attempts_[token].absent_name = true;
    upstreams_.at(i).OnAbsentNameAsked();
  }
}

// An attempt that belongs to no inquiry. REQUIRES: both ceilings are ready.
bool ResolverCore::StartAside(const Question& question, int upstream, Nanos now,
                              uint32_t& token) {
  token = attempts_.Take();
  LiveAttempt& attempt = attempts_[token];
  attempt = LiveAttempt();
  attempt.upstream = upstream;
  attempt.sent_at = now;
  Upstream& server = upstreams_.at(upstream);
  AttemptRequest request;
  request.name = question.name;
  request.question = &question;
  request.upstream = upstream;
  request.edns = server.edns();
  request.mixed_case = false;
  request.timeout = server.round_trip().TimeoutAfter(0);
  request.token = token;
  if (!engine_->Start(request, &attempt.id)) {
    attempts_.GiveBack(token);
    return false;
  }
  server.share().Take();
  rate_.Take();
  return true;
}

// Sends what may leave now; returns when time alone will let more leave.
Nanos ResolverCore::Pump(Nanos now) {
  while (InquiryQueue* queue = NextQueue()) {
    const uint32_t slot = queue->front();
    if (DropSettled(*queue)) continue;
    // A reply makes room, or a time-out.
    if (reply_room_.full()) return Nanos::max();
    if (!rate_.Ready(now)) return rate_.ready_at();
    const Launched launched = Launch(slot, now);
    if (launched == Launched::kNoRoom) return upstreams_.RoomAt();
    if (launched == Launched::kNoAttempts) return now + kSoon;
    queue->Pop(inquiries_);
    // Who waited for room in the window may have waited long.
    if (!queue->empty()) inquiries_[queue->front()].Fetch();
    if (launched == Launched::kSetAside) SetAside(slot, now);
    if (launched == Launched::kHeld) Hold(slot);
  }
  return Nanos::max();
}

// Follow-ups whose upstream was at its ceiling go first: they are older.
void ResolverCore::PumpHeld(Nanos now) {
  for (size_t i = 0; i < holding_.size();) {
    const int upstream = holding_[i];
    PumpHeld(upstream, now);
    if (held_[upstream].empty()) {
      holding_[i] = holding_.back();
      holding_.pop_back();
    } else {
      ++i;
    }
  }
}

void ResolverCore::PumpHeld(int upstream, Nanos now) {
  InquiryQueue& queue = held_[upstream];
  while (!queue.empty()) {
    if (DropSettled(queue)) continue;
    if (!rate_.Ready(now)) return;
    if (!upstreams_.at(upstream).share().Ready(now)) return;
    const uint32_t slot = queue.front();
    const Launched launched = Launch(slot, now);
    if (launched == Launched::kNoAttempts) return;
    queue.Pop(inquiries_);
    if (launched == Launched::kSetAside) SetAside(slot, now);
  }
}

// When one that is held back may go.
Nanos ResolverCore::HeldUntil() const {
  Nanos at = Nanos::max();
  for (const int upstream : holding_) {
    at = std::min(at, upstreams_.at(upstream).share().ready_at());
  }
  return holding_.empty() ? at : std::max(at, rate_.ready_at());
}

void ResolverCore::Hold(uint32_t slot) {
  const Inquiry& inquiry = inquiries_[slot];
  const int upstream = inquiry.link.same_server != Question::kAnyUpstream
                           ? inquiry.link.same_server
                           : inquiry.question.upstream;
  if (held_[upstream].empty()) holding_.push_back(upstream);
  held_[upstream].Push(inquiries_, slot);
}

// True when the first one was answered while it waited: it leaves.
bool ResolverCore::DropSettled(InquiryQueue& queue) {
  if (inquiries_[queue.front()].stage != Inquiry::Stage::kSettled) return false;
  inquiries_.GiveBack(queue.Pop(inquiries_));
  return true;
}

InquiryQueue* ResolverCore::NextQueue() {
  if (!ready_.empty()) return &ready_;
  if (!fresh_.empty() && begun_ < options_.window) return &fresh_;
  return nullptr;
}

ResolverCore::Launched ResolverCore::Launch(uint32_t slot, Nanos now) {
  Inquiry& inquiry = inquiries_[slot];
  const int upstream = ChooseFor(inquiry, now);
  if (upstream == Upstreams::kNoRoom) return Launched::kNoRoom;
  if (upstream == Upstreams::kAllOut) {
    Begin(inquiry);
    return Launched::kSetAside;
  }
  // Whoever was chosen has room; a follow-up may have come too soon.
  if (!upstreams_.at(upstream).share().Ready(now)) return Launched::kHeld;
  if (!Start(slot, upstream, now)) return Launched::kNoAttempts;
  Begin(inquiry);
  upstreams_.at(upstream).share().Take();
  rate_.Take();
  return Launched::kYes;
}

int ResolverCore::ChooseFor(const Inquiry& inquiry, Nanos now) {
  if (inquiry.link.same_server != Question::kAnyUpstream) {
    return inquiry.link.same_server;
  }
  const int only = inquiry.question.upstream;
  if (only == Question::kAnyUpstream) {
    return upstreams_.Choose(now, inquiry.link.asked,
                             inquiry.link.failures.spoken > 0);
  }
  return upstreams_.at(only).health().usable() ? only : Upstreams::kAllOut;
}

void ResolverCore::Begin(Inquiry& inquiry) {
  if (inquiry.begun) return;
  inquiry.begun = true;
  ++begun_;
  ++stats_.questions;
}

void ResolverCore::SetAside(uint32_t slot, Nanos now) {
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.give_up_at == Nanos(0)) {
    inquiry.give_up_at = now + OutageBound();
  }
  inquiry.set_aside_at = now;
  // Some of the silence was the upstreams', and nobody knows how much.
  inquiry.link.failures.silent = 0;
  if (inquiry.give_up_at > now) return outage_.Push(inquiries_, slot);
  inquiry.stage = Inquiry::Stage::kAsking;
  Settle(slot);
}

bool ResolverCore::Start(uint32_t slot, int upstream, Nanos now) {
  Inquiry& inquiry = inquiries_[slot];
  Upstream& server = upstreams_.at(upstream);
  const uint32_t token = attempts_.Take();
  LiveAttempt& attempt = attempts_[token];
  attempt = LiveAttempt();
  attempt.inquiry = slot;
  attempt.upstream = upstream;
  Describe(inquiry, attempt);
  AttemptRequest request;
  request.name = inquiry.on_chain ? builders_[inquiry.builder].end().view()
                                  : inquiry.question.name.view();
  request.question = &inquiry.question;
  request.upstream = upstream;
  request.protocol = attempt.how.protocol;
  request.edns = attempt.how.edns;
  request.mixed_case = attempt.mixed_case;
  request.timeout =
      server.round_trip().TimeoutAfter(inquiry.link.failures.silent);
  // TCP may have to connect first, which takes a round-trip of its own.
  if (attempt.how.protocol == Protocol::kTcp) request.timeout *= 2;
  request.token = token;
  if (!engine_->Start(request, &attempt.id)) {
    attempts_.GiveBack(token);
    return false;
  }
  if (attempt.how.protocol == Protocol::kUdp) {
    attempt.takes_room = true;
    reply_room_.OnSent();
  }
  attempt.ticket = server.OnSent(now, attempt.how.protocol, attempt.first_try);
  attempt.next = std::exchange(inquiry.live, token);
  inquiry.stage = Inquiry::Stage::kAsking;
  inquiry.link.asked.Add(upstream);
  ++inquiry.link.tries;
  ++inquiry.sendings;
  if (!attempt.first_try) {
    ++stats_.retried;
    ++inquiry.retries;
  }
  LimitLive(inquiry);
  return true;
}

// How `attempt` is to be asked.
void ResolverCore::Describe(Inquiry& inquiry, LiveAttempt& attempt) {
  const Upstream& server = upstreams_.at(attempt.upstream);
  const Inquiry::Link& link = inquiry.link;
  attempt.how.protocol = link.protocol;
  attempt.how.edns = server.edns() && !link.without_edns;
  attempt.how.case_lost = link.plain_case;
  // Over TCP nobody can forge what he cannot see.
  attempt.mixed_case = server.mixed_case() && !link.plain_case &&
                       link.protocol == Protocol::kUdp;
  attempt.first_try = link.tries == 0;
}

// Forgets the oldest attempts beyond those whose late replies are waited for.
void ResolverCore::LimitLive(Inquiry& inquiry) {
  uint32_t* link = &inquiry.live;
  for (int i = 0; i < kMostLive && *link != kNoSlot; ++i) {
    link = &attempts_[*link].next;
  }
  while (*link != kNoSlot) {
    const uint32_t token = *link;
    *link = attempts_[token].next;
    Release(token);
  }
}

std::optional<Nanos> ResolverCore::LongestWait() const {
  const bool some_queue = waiting() > 0 || !ready_.empty() || !outage_.empty();
  if (some_queue || !upstreams_.AnyUsable()) return std::nullopt;
  // That of a question that is only ever refused.
  Nanos longest = RefusalDrip::kFree * RefusalDrip::kRest;
  for (int i = 0; i < upstreams_.size(); ++i) {
    const RoundTrip& trip = upstreams_.at(i).round_trip();
    Nanos tries{};
    for (int n = 0; n < limits_.silent; ++n) tries += trip.TimeoutAfter(n);
    longest = std::max(longest, tries);
  }
  return longest;
}

}  // namespace mxscan
