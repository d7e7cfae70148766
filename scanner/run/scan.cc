// The second half of scan_run.h: a run under way, its signals and its end.

#include "scanner/run/scan.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/run/scan_run.h"
#include "scanner/summary/make_summary.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

constexpr std::chrono::milliseconds kTick(200);
// How often it is looked for what -v tells: as often as there are new figures.
constexpr std::chrono::seconds kNewsEvery(1);
// After a signal: for the domains that are under way. A working resolver needs
// a fraction; whoever sends signals seldom waits longer than ten seconds.
constexpr std::chrono::seconds kLongestDrain(5);
// So few domains are the last ones of a run, however long they take.
constexpr int64_t kFewDomains = 100;
// timeout(1) and the terminal both signal the process and its group: twice for
// one interruption.
constexpr std::chrono::milliseconds kSameSignal(300);

}  // namespace

absl::StatusOr<ScanResult> ScanRun::Run() {
  SayStart();
  StartThreads();
  Watch();
  for (std::thread& thread : threads_) thread.join();
  SayNotice(nullptr);
  news_due_ = {};
  SayNews(nullptr);
  feeder_->Stop();
  const absl::Status read = feeder_->Join();
  // A signal that came when nothing was left to read interrupted nothing.
  const bool whole = read.ok() && feeder_->at_end() &&
                     earlier_rows_.rows() + RowsOfThisRun() == feeder_->lines();
  const absl::Status written = whole ? writer_->Finish() : writer_->Suspend();
  if (!written.ok()) return WithRemedy(written);
  if (!read.ok()) return WithRemedy(read);
  const Tally rows = TakeAllRows();
  if (whole) log_.Say(SinceStart(), LinesAtEnd(plan_, rows.rows()));
  ScanResult result;
  result.interrupted = !whole;
  std::vector<RunSummary> runs;
  if (journal_ != nullptr) runs = journal_->state().earlier;
  runs.push_back(Figures(rows.rows() - earlier_rows_.rows()));
  result.summary = MakeSummary(rows, data_->table, runs);
  result.journal = std::move(journal_);
  result.notice = source_->Notice();
  if (plan_.address_evidence_path) result.learnt_addresses = LearntAddresses();
  return result;
}

void ScanRun::StartThreads() {
  feeder_ = std::make_unique<Feeder>(*source_, queues_, EarlierRows());
  running_ = plan_.threads;
  for (std::unique_ptr<Shard>& shard : shards_) {
    threads_.emplace_back([this, &shard] {
      shard->Run();
      if (running_.fetch_sub(1) == 1) signals_.Ring();
    });
  }
}

// Until every shard has ended: progress, signals, and a writer that fails.
void ScanRun::Watch() {
  ProgressLine line(Terminal::Of(STDERR_FILENO), plan_.progress, plan_.quiet);
  while (running_ > 0) {
    if (signals_.Wait(kTick) == SignalWatch::Event::kSignal) OnSignal();
    if (!writer_->status().ok()) {
      feeder_->Stop();
      group_.Abandon();
    }
    if (interrupted_ && Clock::now() >= abandon_at_) group_.Abandon();
    SayNotice(&line);
    SayNews(&line);
    const Clock::duration elapsed = SinceStart();
    if (elapsed >= line.due()) line.Show(Snapshot(), elapsed);
  }
}

// What was asked for and is not done is said as soon as it is known, quiet or
// not: the run may take hours.
void ScanRun::SayNotice(ProgressLine* line) {
  if (notice_said_) return;
  const std::string notice = DnssecNotice();
  if (notice.empty()) return;
  notice_said_ = true;
  if (line != nullptr) line->Clear();
  std::fprintf(stderr, "mxscan: %s\n", notice.c_str());
}

void ScanRun::SayNews(ProgressLine* line) {
  const Clock::duration now = SinceStart();
  if (!news_ || now < news_due_) return;
  news_due_ = now + kNewsEvery;
  std::vector<ResolverStats> shards;
  int64_t drops = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    shards.push_back(shard->stats().resolver);
    drops += shards.back().kernel_drops;
  }
  std::vector<std::string> lines = news_->Since(now, Moment(drops));
  std::ranges::move(resolver_news_->Since(now, shards),
                    std::back_inserter(lines));
  if (lines.empty()) return;
  if (line != nullptr) line->Clear();
  log_.Say(now, std::move(lines));
}

RunMoment ScanRun::Moment(int64_t kernel_drops) const {
  RunMoment moment;
  moment.input = feeder_->input();
  moment.lines = feeder_->lines();
  moment.all_read = feeder_->at_end();
  moment.evidence_ready = prologue_->over();
  if (WantsDnssec(plan_.checks) && dnssec_probe_->over()) {
    moment.validates = dnssec_probe_->validates();
  }
  moment.kept_rows = kept_rows_.load(std::memory_order_relaxed);
  moment.kernel_drops = kernel_drops;
  moment.interrupted = interrupted_;
  int64_t domains = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    if (!shard->progress().all_begun) return moment;
    domains += shard->progress().domains;
  }
  if (domains > 0) moment.last_domains = domains;
  return moment;
}

void ScanRun::OnSignal() {
  const Clock::time_point now = Clock::now();
  if (interrupted_ && now < abandon_at_ - kLongestDrain + kSameSignal) return;
  if (interrupted_) _exit(kExitSecondSignal);
  interrupted_ = true;
  abandon_at_ = now + kLongestDrain;
  feeder_->Stop();
  for (std::unique_ptr<Shard>& shard : shards_) shard->loop().Wake();
}

// On the writer's thread, which may fail before the shards are open: these
// look for themselves in their first turn.
void ScanRun::OnWriterChange() noexcept {
  if (shards_open_.load(std::memory_order_acquire)) {
    for (std::unique_ptr<Shard>& shard : shards_) shard->loop().Wake();
  }
  signals_.Ring();
}

std::optional<int64_t> ScanRun::EstimateLines() const {
  if (feeder_->at_end()) return feeder_->lines();
  const std::optional<int64_t> lines = feeder_->EstimateLines();
  const InputOptions& part = plan_.reading;
  if (!part.limit) return lines;
  const int64_t most = (*part.limit + part.shards - 1) / part.shards;
  return std::min(lines.value_or(most), most);
}

ProgressSnapshot ScanRun::Snapshot() const {
  ProgressSnapshot snapshot;
  int64_t out_since = INT64_MAX;
  snapshot.elapsed = SinceStart();
  snapshot.lines_total = EstimateLines();
  snapshot.total_is_estimate = !feeder_->at_end();
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    int64_t rows = earlier_rows_.with_status(status);
    for (const auto& shard : shards_) rows += shard->progress().by_status[i];
    snapshot.statuses.push_back({WordFor(status), rows});
  }
  snapshot.lines_before = snapshot.lines_done = earlier_rows_.rows();
  for (const auto& shard : shards_) {
    snapshot.lines_done += shard->progress().rows();
    snapshot.in_flight += shard->progress().outstanding;
    snapshot.sent += shard->progress().sent;
    snapshot.retried += shard->progress().retried;
    out_since = std::min<int64_t>(out_since, shard->progress().out_since_ns);
  }
  if (out_since != INT64_MAX) {
    snapshot.unanswered_for =
        Clock::now().time_since_epoch() - std::chrono::nanoseconds(out_since);
  }
  snapshot.tail = TailNow();
  return snapshot;
}

std::optional<ProgressSnapshot::Tail> ScanRun::TailNow() const {
  ProgressSnapshot::Tail tail;
  tail.interrupted = interrupted_;
  bool foreseen = true;
  Clock::time_point end{};
  for (const auto& shard : shards_) {
    const ShardProgress& progress = shard->progress();
    if (!progress.all_begun) return std::nullopt;
    if (progress.domains == 0) continue;
    tail.domains += progress.domains;
    foreseen = foreseen && progress.ends_at_ns != 0;
    end = std::max(end, Clock::time_point(Nanos(progress.ends_at_ns)));
  }
  if (interrupted_) {
    end = foreseen ? std::min(end, abandon_at_) : abandon_at_;
    foreseen = true;
  }
  // While many still wait for their turn, it is a run like before.
  if (tail.domains > kFewDomains && !foreseen) return std::nullopt;
  if (tail.domains == 0) return std::nullopt;
  if (foreseen) tail.at_most = end - Clock::now();
  return tail;
}

// On the writer's thread, as is the next.
void ScanRun::OnRows(std::span<const Record> rows) noexcept {
  for (const Record& row : rows) unkept_rows_.Add(row);
}

absl::Status ScanRun::Keep(const Checkpoint& checkpoint) noexcept {
  JournalState entry;
  entry.marks = checkpoint.marks;
  entry.places = checkpoint.places;
  entry.rows = unkept_rows_.Take();
  const int64_t rows = journal_->state().rows.rows() + entry.rows.rows();
  entry.run = Figures(rows - earlier_rows_.rows());
  const absl::Status kept = journal_->Append(entry);
  if (kept.ok()) kept_rows_.store(rows, std::memory_order_relaxed);
  return kept;
}

Tally ScanRun::TakeAllRows() {
  Tally rows = unkept_rows_.Take();
  if (journal_ != nullptr) rows.Add(journal_->state().rows);
  return rows;
}

absl::Status ScanRun::WithRemedy(const absl::Status& failure) const {
  if (journal_ == nullptr || absl::IsCancelled(failure)) return failure;
  std::string message(failure.message());
  message.append("; then go on with the run by --resume");
  return absl::Status(failure.code(), message);
}

int64_t ScanRun::RowsOfThisRun() const {
  int64_t rows = 0;
  for (const auto& shard : shards_) rows += shard->progress().rows();
  return rows;
}

// Any thread, while shards run as well.
RunSummary ScanRun::Figures(int64_t rows) {
  RunParts parts;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    const Shard::Stats stats = shard->stats();
    parts.resolvers.push_back(stats.resolver);
    parts.hosts.push_back(stats.hosts);
    parts.answers.push_back(stats.answers);
  }
  parts.rates = rates_;
  const std::string notice = DnssecNotice();
  if (!notice.empty()) parts.notices.push_back(notice);
  parts.rows = rows;
  parts.lines = feeder_->lines() + source_->skipped();
  parts.skipped = source_->skipped();
  parts.started_at = started_at_;
  parts.elapsed = SinceStart();
  return FiguresOf(parts);
}

// Any thread: once the probe is over it does not change.
std::string ScanRun::DnssecNotice() const {
  if (!WantsDnssec(plan_.checks) || !dnssec_probe_->over()) return "";
  const int failing = dnssec_probe_->first_failing();
  if (failing < 0) return "";
  return absl::StrCat(
      "nothing is said of dane and dnssec, for the resolver ",
      names_.upstreams[failing],
      " does not validate, or could not show it; give --resolvers that do");
}

// REQUIRES: the shards have ended.
std::string ScanRun::LearntAddresses() const {
  AddressClaims claims;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    claims.Add(shard->claims());
  }
  return claims.ToText();
}

absl::StatusOr<ScanResult> RunScan(const ScanPlan& plan, SignalWatch& signals) {
  ScanRun scan(plan, signals);
  if (absl::Status open = scan.Open(); !open.ok()) return open;
  if (!scan.complete()) return scan.Run();
  ScanResult result;
  result.already_complete = true;
  result.summary.findings = scan.EarlierFindings();
  return result;
}

}  // namespace mxscan
