#include "scanner/run/shard.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mxscan {
namespace {

// Rows go to the writer when a batch is full, or the oldest is this old.
constexpr Nanos kRowPatience = std::chrono::milliseconds(100);
// No domain is begun while there are more.
constexpr size_t kMostRows = 2 * RecordBatch::kFullRows;
// Nor while so many questions wait for room in the resolver's window, which
// must never lack for any: more would only put off those that the answers lead
// to, grow cold in the caches, and rows would come in waves of a whole window.
// At a turn a millisecond so many make a quarter of a million domains a second.
constexpr int kMostWaiting = 256;
// Domains are judged and made rows of so many at a time: the code for that and
// that for replies take turns in the processor's caches, which hold either.
constexpr size_t kFinishedTogether = 32;
// While replies are under way, a turn of its own for what is left to do would
// only make for smaller batches.
constexpr Nanos kSoon = std::chrono::milliseconds(1);
constexpr Nanos kStatsEvery = std::chrono::seconds(1);
// How often the end is foreseen, once there is one.
constexpr Nanos kForeseeEvery = std::chrono::milliseconds(200);
constexpr auto kRelaxed = std::memory_order_relaxed;  // Each figure for itself.

// A token names a task's slot and, for a host, its index in the task; for an
// answer, which of these it is, the SOA of the n-th host being kSoaIndex + n.
constexpr int kMxIndex = 0;
constexpr int kTxtIndex = 1;
constexpr int kSoaIndex = 2;
// From here on they are parts of the task's checks, of answers and hosts.
constexpr int kCheckIndex = 1 << 30;
static_assert(CheckTask::kPartLimit <= kCheckIndex);

uint64_t TokenOf(uint32_t slot, int index) {
  return uint64_t{slot} << 32 | static_cast<uint32_t>(index);
}
uint32_t SlotOf(uint64_t token) { return static_cast<uint32_t>(token >> 32); }
int IndexOf(uint64_t token) {
  return static_cast<int>(static_cast<uint32_t>(token));
}

Question About(NameView name, RrType type) {
  Question question;
  question.name = Name(name);
  question.type = type;
  return question;
}

}  // namespace

void ShardGroup::OneDone() {
  if (working_.fetch_sub(1) == 1) WakeAll();
}

void ShardGroup::Abandon() {
  working_.store(0);
  WakeAll();
}

void ShardGroup::WakeAll() {
  for (Loop* loop : loops_) loop->Wake();
}

class Shard::Asking final : public TaskLookups {
 public:
  Asking(Shard& shard, uint32_t slot) : shard_(shard), slot_(slot) {}

  void AskMx(NameView domain) override {
    ++shard_.awaited_mx_;
    shard_.last_mx_at_ = shard_.loop_.now();
    shard_.resolver_->Ask(About(domain, RrType::kMx), shard_,
                          TokenOf(slot_, kMxIndex));
  }

  void AskTxt(NameView domain) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.resolver_->Ask(About(domain, RrType::kTxt), shard_,
                          TokenOf(slot_, kTxtIndex));
  }

  // Exchanges of many domains may lie in the same one.
  void AskSoa(NameView domain, int index) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.answers_->Ask(About(domain, RrType::kSoa), shard_,
                         TokenOf(slot_, kSoaIndex + index));
  }

  void AskHost(NameView host, int index) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.hosts_->Find(host, shard_, TokenOf(slot_, index));
  }

 private:
  Shard& shard_;
  const uint32_t slot_;
};

class Shard::Checking final : public CheckLookups {
 public:
  Checking(Shard& shard, uint32_t slot) : shard_(shard), slot_(slot) {}

  void Ask(NameView name, RrType type, int part) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.resolver_->Ask(About(name, type), shard_,
                          TokenOf(slot_, kCheckIndex + part));
  }

  void AskShared(NameView name, RrType type, int part) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.answers_->Ask(About(name, type), shard_,
                         TokenOf(slot_, kCheckIndex + part));
  }

  void AskUnchecked(NameView name, RrType type, int part) override {
    shard_.last_other_at_ = shard_.loop_.now();
    Question question = About(name, type);
    question.checking_disabled = true;
    shard_.answers_->Ask(question, shard_, TokenOf(slot_, kCheckIndex + part));
  }

  void AskHost(NameView host, int part) override {
    shard_.last_other_at_ = shard_.loop_.now();
    shard_.hosts_->Find(host, shard_, TokenOf(slot_, kCheckIndex + part));
  }

  void FetchFile(std::string_view host, std::string_view path,
                 absl::Span<const IpAddress> addresses, int part) override {
    shard_.fetcher_->Fetch({host, path, addresses}, shard_,
                           TokenOf(slot_, kCheckIndex + part));
  }

 private:
  Shard& shard_;
  const uint32_t slot_;
};

Shard::Shard(const ShardSetting& setting, LineQueue& queue, ShardGroup& group)
    : setting_(setting),
      queue_(queue),
      group_(group),
      made_at_(std::chrono::steady_clock::now().time_since_epoch()),
      classifier_({.table = setting.providers,
                   .suffixes = setting.suffixes,
                   .addresses = setting.addresses,
                   .networks = setting.networks}),
      auditor_(setting.audit),
      rows_(setting.writer->TakeEmpty()),
      turn_end_(*this) {
  // Before the resolver's own hook, so that what a turn starts leaves in it.
  loop_.AddTurnHook(*this);
  loop_.AddTurnHook(turn_end_, TurnPhase::kSend);
}

Shard::~Shard() = default;

absl::StatusOr<std::unique_ptr<Shard>> Shard::Open(const ShardSetting& setting,
                                                   int number, LineQueue& queue,
                                                   ShardGroup& group) {
  std::unique_ptr<Shard> shard(new Shard(setting, queue, group));
  absl::StatusOr<std::unique_ptr<Resolver>> resolver =
      Resolver::Open(setting.resolver, shard->loop_);
  if (!resolver.ok()) return resolver.status();
  shard->resolver_ = *std::move(resolver);
  shard->hosts_ = std::make_unique<HostDirectory>(
      *setting.host_office, number, setting.host_cache_bytes, *shard->resolver_,
      shard->loop_);
  shard->answers_ = std::make_unique<AnswerDirectory>(
      *setting.answer_office, number, setting.answer_cache_bytes,
      *shard->resolver_, shard->loop_);
  if (setting.https != nullptr) {
    absl::StatusOr<std::unique_ptr<HttpsFetcher>> fetcher =
        HttpsFetcher::Open(*setting.https, shard->loop_);
    if (!fetcher.ok()) return fetcher.status();
    shard->fetcher_ = *std::move(fetcher);
  }
  shard->carries_prologue_ = number == 0 && !setting.prologue->over();
  shard->carries_probe_ = number == 0 && !setting.dnssec_probe->over();
  return shard;
}

void Shard::Run() {
  PublishStats();
  // Every directory stands now, whichever owns the hosts.
  if (carries_prologue_) setting_.prologue->Begin(*hosts_, loop_);
  if (carries_probe_) setting_.dnssec_probe->Begin(*resolver_, loop_);
  loop_.Run();
  Publish(stats_due_);
}

Nanos Shard::OnTurn(Nanos now) noexcept {
  FinishEnded();  // Also when the rest is abandoned: nothing is missing there.
  if (group_.MayEnd()) {
    // Rows that are counted are written, also when the rest is abandoned. A
    // writer without room wakes us when it has some.
    if (rows_->empty() || HandOver()) loop_.Stop();
    return Nanos::max();
  }
  StartDomains();
  const bool too_many_rows = rows_->size() >= kMostRows;
  const Nanos wake_at = HandOverRows(now);
  // Without room for them, the writer brings the next turn about.
  ended_unseen_ = !ended_.empty() || (too_many_rows && rows_->empty());
  EndIfDone();
  Publish(now);
  return wake_at;
}

bool Shard::WindowIsOpen() const { return active_ < setting_.resolver.window; }

// In this turn no more was begun, for there were questions enough; and now they
// have left.
bool Shard::MayBeginMore() const {
  return enough_waiting_ && resolver_->waiting() < kMostWaiting / 2;
}

Nanos Shard::NextTurn(Nanos now) const {
  return resolver_->outstanding() > 0 ? now + kSoon : now;
}

void Shard::StartDomains() {
  enough_waiting_ = false;
  if (!setting_.prologue->over() || !setting_.dnssec_probe->over()) return;
  bool has_room = false;
  // What is no domain has its row at once: a list of nothing else would fill
  // the memory before the writer saw the first of them.
  while (WindowIsOpen() && rows_->size() < kMostRows && NextLine()) {
    enough_waiting_ = resolver_->waiting() >= kMostWaiting;
    if (enough_waiting_) return;
    has_room = has_room || setting_.writer->HasRoom();
    if (!has_room) return;
    // In order, what is too far ahead of a late row waits for it.
    if (!setting_.writer->MayStart(lines_.place(next_line_))) return;
    StartTask(lines_.line(next_line_++));
  }
}

// True when there is a line to take.
bool Shard::NextLine() {
  if (next_line_ < lines_.size() && !queue_.cancelled()) return true;
  if (closed_) return false;
  next_line_ = 0;
  const LineQueue::Taken taken = queue_.Take(lines_, *this);
  closed_ = taken == LineQueue::Taken::kClosed;
  return taken == LineQueue::Taken::kLines;
}

void Shard::StartTask(const InputLine& line) {
  const uint32_t slot = tasks_.Take();
  ++active_;
  if (!setting_.checks.OnlyMx() && slot >= checks_.size()) {
    checks_.resize(slot + 1);
  }
  Asking asking(*this, slot);
  tasks_[slot].Start(line, setting_.task, asking);
  EndIfAllIsIn(slot);
}

void Shard::OnAnswer(uint64_t token, const Answer& answer) noexcept {
  const uint32_t slot = SlotOf(token);
  const int index = IndexOf(token);
  if (index >= kCheckIndex) {
    Checking checking(*this, slot);
    checks_[slot]->OnAnswer(index - kCheckIndex, answer, checking);
  } else if (index >= kSoaIndex) {
    tasks_[slot].OnSoa(index - kSoaIndex, answer);
  } else if (index == kTxtIndex) {
    tasks_[slot].OnTxt(answer);
  } else {
    Asking asking(*this, slot);
    --awaited_mx_;
    tasks_[slot].OnMx(answer, *setting_.suffixes, asking);
  }
  EndIfAllIsIn(slot);
}

void Shard::Foresee(uint64_t token, int step) const noexcept {
  const DomainTask& task = tasks_[SlotOf(token)];
  if (step == 0) task.Fetch();
  if (step == 1) task.FetchRest();
}

void Shard::OnHost(uint64_t token, const Host& host) noexcept {
  const uint32_t slot = SlotOf(token);
  const int index = IndexOf(token);
  if (index >= kCheckIndex) {
    Checking checking(*this, slot);
    checks_[slot]->OnHost(index - kCheckIndex, host, checking);
  } else {
    Asking asking(*this, slot);
    tasks_[slot].OnHost(index, host, *setting_.suffixes, asking);
  }
  EndIfAllIsIn(slot);
}

void Shard::OnFile(uint64_t token, const FetchAnswer& answer) noexcept {
  const uint32_t slot = SlotOf(token);
  Checking checking(*this, slot);
  checks_[slot]->OnFile(IndexOf(token) - kCheckIndex, answer, checking);
  EndIfAllIsIn(slot);
}

bool Shard::IsDone(uint32_t slot) {
  if (!tasks_[slot].done()) return false;
  return checks_.empty() || checks_[slot] == nullptr || checks_[slot]->done();
}

void Shard::EndIfAllIsIn(uint32_t slot) {
  if (!IsDone(slot)) return;
  ended_.push_back(slot);
  ended_unseen_ = true;
  if (ended_.size() == kFinishedTogether) FinishEnded();
}

void Shard::FinishEnded() {
  for (const uint32_t slot : ended_) Finish(slot);
  ended_.clear();
  if (rows_->full()) HandOver();
}

// Everything that was asked for is in: the row, or more questions.
void Shard::Finish(uint32_t slot) {
  tasks_[slot].Fill(facts_);
  classifier_.Classify(facts_, verdict_);
  if (AskMore(slot)) return;
  if (!checks_.empty()) AddChecks(slot);
  CountRow(facts_.status);
  if (setting_.learn_addresses) claims_.Learn(facts_, verdict_);
  if (rows_->empty()) oldest_row_ = loop_.now();
  ToRecord(facts_, verdict_, auditor_.Audit(facts_, verdict_),
           *setting_.audit.findings, *setting_.names, *rows_);
  GiveBack(slot);
}

void Shard::CountRow(DomainStatus status) {
  std::atomic<int64_t>& rows = progress_.by_status[static_cast<size_t>(status)];
  rows.store(rows.load(kRelaxed) + 1, kRelaxed);  // Nobody else writes it.
}

// What MX records and hosts lead to: true when there are answers to wait for.
bool Shard::AskMore(uint32_t slot) {
  DomainTask& task = tasks_[slot];
  bool wants_txt =
      verdict_.backend.wants_txt && setting_.task.backend && !task.txt_asked();
  if (!checks_.empty() && facts_.line.valid()) {
    if (checks_[slot] != nullptr) return false;
    wants_txt = !BeginChecks(slot) && wants_txt;
  }
  if (wants_txt) {
    Asking asking(*this, slot);
    task.AskTxt(asking);
  }
  return !IsDone(slot);
}

// True when they ask for the domain's TXT records.
bool Shard::BeginChecks(uint32_t slot) {
  if (idle_checks_.empty()) {
    idle_checks_.push_back(
        std::make_unique<CheckTask>(setting_.checks, setting_.check_seed));
  }
  checks_[slot] = std::move(idle_checks_.back());
  idle_checks_.pop_back();
  const CheckSubject subject = {facts_,
                                verdict_,
                                facts_.line.domain,
                                *setting_.suffixes,
                                *setting_.providers,
                                setting_.dnssec_probe->validates(),
                                fetcher_ != nullptr};
  Checking checking(*this, slot);
  checks_[slot]->Begin(subject, checking);
  return checks_[slot]->asks_txt();
}

// What the checks have learnt; a backend may be seen by their TXT records.
void Shard::AddChecks(uint32_t slot) {
  facts_.checks = CheckFacts();
  if (checks_[slot] == nullptr) return;
  const CheckTask& check = *checks_[slot];
  check.Fill(facts_.checks);
  if (!check.txt().known()) return;
  facts_.txt = check.txt().records();
  if (verdict_.backend.wants_txt && setting_.task.backend) {
    classifier_.Classify(facts_, verdict_);
  }
}

void Shard::GiveBack(uint32_t slot) {
  tasks_.GiveBack(slot);
  --active_;
  if (checks_.empty() || checks_[slot] == nullptr) return;
  idle_checks_.push_back(std::move(checks_[slot]));
}

// Returns when the rows that stay are to be looked at again.
Nanos Shard::HandOverRows(Nanos now) {
  if (rows_->empty()) return Nanos::max();
  const bool all_in = closed_ && active_ == 0;
  const Nanos due = oldest_row_ + kRowPatience;
  if (!rows_->full() && now < due && !all_in) return due;
  // Without room we keep them; the writer wakes us when it has some again.
  HandOver();
  return Nanos::max();
}

// False when the writer has no room.
bool Shard::HandOver() {
  std::unique_ptr<RecordBatch> next = setting_.writer->TakeEmpty();
  if (next == nullptr) return false;
  setting_.writer->Push(std::exchange(rows_, std::move(next)));
  return true;
}

void Shard::EndIfDone() {
  if (done_ || !closed_ || active_ > 0 || !rows_->empty()) return;
  if (next_line_ < lines_.size()) return;
  done_ = true;
  group_.OneDone();
}

void Shard::Publish(Nanos now) {
  const ResolverStats& stats = resolver_->counters();
  progress_.outstanding.store(resolver_->outstanding(), kRelaxed);
  progress_.sent.store(stats.sent, kRelaxed);
  progress_.retried.store(stats.retried, kRelaxed);
  progress_.domains.store(active_, kRelaxed);
  progress_.all_begun.store(closed_ && next_line_ == lines_.size(), kRelaxed);
  progress_.out_since_ns.store(stats.out_since.count(), kRelaxed);
  if (now < stats_due_) return;
  stats_due_ = now + kStatsEvery;
  PublishStats();
}

void Shard::PublishStats() {
  const std::lock_guard lock(stats_mutex_);
  stats_.resolver = resolver_->stats();
  stats_.hosts = hosts_->stats();
  stats_.answers = answers_->stats();
}

Shard::Stats Shard::stats() {
  const std::lock_guard lock(stats_mutex_);
  return stats_;
}

// Once nothing more is begun. A domain asks for its MX and then for hosts, so
// the last that was asked for of each says how long the others can take. (What
// some ask for behind that puts the end off when it is asked for.)
void Shard::ForeseeEnd(Nanos now) {
  const bool all_begun = closed_ && next_line_ == lines_.size();
  if (!all_begun || active_ == 0 || now < foresee_at_) return;
  foresee_at_ = now + kForeseeEvery;
  const std::optional<Nanos> wait = resolver_->LongestWait();
  const Nanos fetched = fetcher_ != nullptr ? fetcher_->LatestEnd() : Nanos();
  // For a moment, mostly: what was said stands.
  if (!wait && fetched <= now) return;
  Nanos end = fetched;
  if (wait) {
    end = std::max(end, awaited_mx_ > 0 ? last_mx_at_ + 2 * *wait
                                        : last_other_at_ + *wait);
  }
  progress_.ends_at_ns.store((made_at_ + end).count(),
                             std::memory_order_relaxed);
}

}  // namespace mxscan
