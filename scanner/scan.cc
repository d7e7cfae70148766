#include "scanner/scan.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "output/open_sink.h"
#include "output/writer_thread.h"
#include "scanner/dataset_options.h"
#include "scanner/embedded_tables.h"
#include "scanner/exit_codes.h"
#include "scanner/feeder.h"
#include "scanner/input/inputs.h"
#include "scanner/journal/open_journal.h"
#include "scanner/make_summary.h"
#include "scanner/open_files.h"
#include "scanner/progress.h"
#include "scanner/prologue.h"
#include "scanner/provider_data.h"
#include "scanner/public_resolvers.h"
#include "scanner/resolver_notes.h"
#include "scanner/resolver_rates.h"
#include "scanner/shard.h"
#include "scanner/tally.h"
#include "scanner/version.h"
#include "scanner/words.h"

namespace mxscan {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLinesPerQueue = 4096;
constexpr std::chrono::milliseconds kTick(200);
// After a signal: for the domains that are under way. A working resolver needs
// a fraction; whoever sends signals seldom waits longer than ten seconds.
constexpr std::chrono::seconds kLongestDrain(5);
// So few domains are the last ones of a run, however long they take.
constexpr int64_t kFewDomains = 100;
// timeout(1) and the terminal both signal the process and its group: twice for
// one interruption.
constexpr std::chrono::milliseconds kSameSignal(300);

uint64_t UnpredictableSeed() {
  uint64_t seed = 0;
  while (getrandom(&seed, sizeof seed, 0) != sizeof seed) {
  }
  return seed;
}

// A quarter of the machine's memory: what the host caches may take together.
int64_t HostCacheBytes() {
  const int64_t pages = sysconf(_SC_PHYS_PAGES);
  return pages * sysconf(_SC_PAGE_SIZE) / 4;
}

// How far rows that wait for a straggler may run ahead of it: enough for the
// window to stay full while the first of it takes all its attempts.
int64_t OrderedRows(const ScanPlan& plan) {
  constexpr int64_t kLeast = 50'000;
  return std::max<int64_t>(kLeast, 4 * int64_t{plan.window});
}

// The i-th of `parts` parts of `whole`, which add up to it.
int PartOf(int whole, int i, int parts) {
  return whole / parts + (i < whole % parts ? 1 : 0);
}
using OpenedSink = absl::StatusOr<std::unique_ptr<Sink>>;

// Each behind its mark of `marks`, or, when there are none, anew.
absl::StatusOr<std::vector<std::unique_ptr<Sink>>> OpenSinks(
    const ScanPlan& plan, const ProviderData& data, bool resumable,
    const std::vector<DurableMark>& marks, DatasetOptions dataset) {
  SinkOptions options;
  options.shape.several_inputs = plan.inputs.size() > 1;
  options.shape.layout = plan.layout;
  options.resumable = resumable;
  options.dataset = std::move(dataset);
  options.bloom_filter = plan.bloom_filter;
  options.version = kVersion;
  options.provider_table_version = data.version;
  const SignalsEndAll while_opening;
  std::vector<std::unique_ptr<Sink>> sinks;
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    const OutputFile& output = plan.outputs[i];
    OpenedSink sink =
        i < marks.size()
            ? ReopenSink(output.path, output.format, options, marks[i])
            : OpenSink(output.path, output.format, options);
    if (!sink.ok()) return sink.status();
    sinks.push_back(*std::move(sink));
  }
  return sinks;
}

RowNames NamesFor(const ScanPlan& plan) {
  RowNames names;
  names.several_inputs = plan.inputs.size() > 1;
  for (const ResolvedInput& input : plan.inputs) {
    const bool is_file = input.kind == ResolvedInput::Kind::kFile;
    names.inputs.push_back(is_file ? input.text : "");
  }
  for (const Endpoint& upstream : plan.resolvers) {
    names.upstreams.push_back(ToText(upstream));
  }
  return names;
}

class Scan final : public WriterListener,
                   public RowWatcher,
                   public CheckpointKeeper {
 public:
  Scan(const ScanPlan& plan, SignalWatch& signals)
      : plan_(plan),
        signals_(signals),
        names_(NamesFor(plan)),
        exchange_(plan.threads),
        group_(plan.threads) {}
  // The writer may still call OnWriterChange while it ends.
  ~Scan() {
    if (writer_ != nullptr) writer_->Suspend().IgnoreError();
  }

  absl::Status Open();
  // Nothing is left to do: an earlier run has done it.
  bool complete() const {
    return journal_ != nullptr && journal_->state().complete;
  }

  absl::StatusOr<ScanResult> Run();

 private:
  absl::Status OpenTables();
  absl::Status OpenJournal();
  absl::Status OpenWriter();
  absl::Status SetCeilings();
  absl::Status OpenShards();
  ShardSetting SettingOf(int shard);
  void StartThreads();
  void Watch();
  void OnSignal();
  ProgressSnapshot Snapshot() const;
  std::optional<ProgressSnapshot::Tail> TailNow() const;
  std::optional<int64_t> EstimateLines() const;
  void OnWriterChange() noexcept override;
  void OnRows(std::span<const Record> rows) noexcept override;
  absl::Status Keep(const Checkpoint& checkpoint) noexcept override;
  PlaceSet EarlierRows() const;
  absl::Status WithRemedy(const absl::Status& failure) const;
  int64_t RowsOfThisRun() const;
  RunSummary Figures(int64_t rows);
  std::string LearntAddresses() const;

  const ScanPlan& plan_;
  SignalWatch& signals_;
  const RowNames names_;
  std::vector<ResolverRate> rates_;
  std::optional<RateCeilings> ceilings_;
  std::optional<ProviderData> data_;
  std::optional<Prologue> prologue_;
  std::unique_ptr<DomainSource> source_;
  HostExchange exchange_;
  ShardGroup group_;
  std::deque<LineQueue> queues_;
  std::unique_ptr<WriterThread> writer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<Feeder> feeder_;
  std::vector<std::thread> threads_;
  std::unique_ptr<Journal> journal_;  // Null: the run cannot be resumed.
  Tally rows_;          // Of all runs. The writer's, until it has ended,
  Tally unkept_rows_;   // as are those since the last checkpoint.
  Tally earlier_rows_;  // Of earlier runs.
  std::atomic<int> running_{0};  // Shard threads.
  bool interrupted_ = false;
  Clock::time_point abandon_at_{};  // Once interrupted.
  Clock::time_point started_ = Clock::now();
  std::chrono::system_clock::time_point started_at_ =
      std::chrono::system_clock::now();
};

absl::Status Scan::Open() {
  const absl::Status room = MakeRoomForFiles(OpenFilesFor(plan_));
  if (!room.ok()) return room;
  if (absl::Status tables = OpenTables(); !tables.ok()) return tables;
  absl::StatusOr<std::unique_ptr<DomainSource>> source =
      OpenSources(plan_.inputs, plan_.reading, UnpredictableSeed());
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  if (absl::Status journal = OpenJournal(); !journal.ok()) return journal;
  if (complete()) return absl::OkStatus();
  if (absl::Status writer = OpenWriter(); !writer.ok()) return writer;
  return OpenShards();
}

absl::Status Scan::OpenJournal() {
  absl::StatusOr<std::unique_ptr<Journal>> journal =
      OpenJournalOf(plan_, data_->version);
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  return absl::OkStatus();
}

absl::Status Scan::OpenWriter() {
  std::vector<DurableMark> marks;
  WriterOptions writing;
  if (journal_ != nullptr) {
    marks = journal_->state().marks;
    rows_ = journal_->state().rows;
    earlier_rows_ = rows_;
    writing.written = EarlierRows();
    writing.keeper = this;
    writing.checkpoint_every = plan_.checkpoint;
  }
  DatasetOptions dataset = DatasetOptionsOf(plan_, started_at_);
  dataset.run = [this] {  // Sinks end when everything else has.
    return DatasetRunOf(plan_, *source_, feeder_->lines());
  };
  absl::StatusOr<std::vector<std::unique_ptr<Sink>>> sinks =
      OpenSinks(plan_, *data_, /*resumable=*/journal_ != nullptr, marks,
                std::move(dataset));
  if (!sinks.ok()) return sinks.status();
  if (journal_ != nullptr) journal_->Begin();
  writing.batches += 2 * static_cast<size_t>(plan_.threads);
  writing.watcher = this;
  writing.ordered = plan_.ordered ? OrderedRows(plan_) : 0;
  writer_ = std::make_unique<WriterThread>(*std::move(sinks), this, writing);
  return absl::OkStatus();
}

// Where the journal was read, its places were as well.
PlaceSet Scan::EarlierRows() const {
  if (journal_ == nullptr) return {};
  return PlaceSet::Parse(journal_->state().places).value_or(PlaceSet());
}

absl::Status Scan::OpenTables() {
  absl::StatusOr<ProviderData> data = OpenProviderData(plan_.data);
  if (!data.ok()) return data.status();
  data_ = *std::move(data);
  prologue_.emplace(data_->table, data_->addresses,
                    [this] { group_.WakeAll(); });
  if (!plan_.ask_addresses) prologue_->Skip();
  return SetCeilings();
}

absl::Status Scan::SetCeilings() {
  const absl::StatusOr<PublicResolvers> table =
      PublicResolvers::Parse("data/public_resolvers.tsv", PublicResolverText());
  if (!table.ok()) return table.status();
  rates_ = RatesFor(plan_.resolvers, plan_.rate_per_resolver, *table);
  ceilings_.emplace(plan_.rate, QpsOf(rates_));
  return absl::OkStatus();
}

absl::Status Scan::OpenShards() {
  for (int i = 0; i < plan_.threads; ++i) {
    LineQueue& queue = queues_.emplace_back(kLinesPerQueue);
    absl::StatusOr<std::unique_ptr<Shard>> shard =
        Shard::Open(SettingOf(i), i, queue, group_);
    if (!shard.ok()) return shard.status();
    shards_.push_back(*std::move(shard));
  }
  for (std::unique_ptr<Shard>& shard : shards_) group_.Add(shard->loop());
  return absl::OkStatus();
}

// Every shard gets its part of what the run may take as a whole.
ShardSetting Scan::SettingOf(int shard) {
  ShardSetting setting;
  setting.resolver.upstreams = plan_.resolvers;
  setting.resolver.ceilings = &*ceilings_;
  setting.resolver.receive_buffer = plan_.receive_buffer;
  setting.resolver.shards = plan_.threads;
  setting.resolver.window = PartOf(plan_.window, shard, plan_.threads);
  setting.resolver.attempts_spoken = plan_.attempts_spoken;
  setting.resolver.attempts_silent = plan_.attempts_silent;
  setting.resolver.first_timeout = plan_.timeout;
  setting.resolver.seed = UnpredictableSeed();
  if (shard == 0)
    setting.resolver.absent_name = AbsentName(UnpredictableSeed());
  setting.task.addresses = plan_.ask_addresses;
  setting.task.implicit = plan_.ask_implicit_mx;
  setting.task.backend = plan_.ask_backend;
  setting.cache_bytes = HostCacheBytes() / plan_.threads;
  setting.providers = &data_->table;
  setting.addresses = &data_->addresses;
  setting.prologue = &*prologue_;
  setting.learn_addresses = plan_.address_evidence_path.has_value();
  setting.suffixes = &data_->suffixes;
  setting.names = &names_;
  setting.exchange = &exchange_;
  setting.writer = writer_.get();
  return setting;
}

absl::StatusOr<ScanResult> Scan::Run() {
  StartThreads();
  Watch();
  for (std::thread& thread : threads_) thread.join();
  feeder_->Stop();
  const absl::Status read = feeder_->Join();
  // A signal that came when nothing was left to read interrupted nothing.
  const bool whole = read.ok() && feeder_->at_end() &&
                     earlier_rows_.rows() + RowsOfThisRun() == feeder_->lines();
  const absl::Status written = whole ? writer_->Finish() : writer_->Suspend();
  if (!written.ok()) return WithRemedy(written);
  if (!read.ok()) return WithRemedy(read);
  ScanResult result;
  result.interrupted = !whole;
  std::vector<RunSummary> runs;
  if (journal_ != nullptr) runs = journal_->state().earlier;
  runs.push_back(Figures(rows_.rows() - earlier_rows_.rows()));
  result.summary = MakeSummary(rows_, data_->table, runs);
  result.journal = std::move(journal_);
  result.notice = source_->Notice();
  if (plan_.address_evidence_path) result.learnt_addresses = LearntAddresses();
  return result;
}

void Scan::StartThreads() {
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
void Scan::Watch() {
  ProgressLine line(Terminal::Of(STDERR_FILENO), plan_.progress, plan_.quiet);
  while (running_ > 0) {
    if (signals_.Wait(kTick) == SignalWatch::Event::kSignal) OnSignal();
    if (!writer_->status().ok()) {
      feeder_->Stop();
      group_.Abandon();
    }
    if (interrupted_ && Clock::now() >= abandon_at_) group_.Abandon();
    const Clock::duration elapsed = Clock::now() - started_;
    if (elapsed >= line.due()) line.Show(Snapshot(), elapsed);
  }
}

void Scan::OnSignal() {
  const Clock::time_point now = Clock::now();
  if (interrupted_ && now < abandon_at_ - kLongestDrain + kSameSignal) return;
  if (interrupted_) _exit(kExitSecondSignal);
  interrupted_ = true;
  abandon_at_ = now + kLongestDrain;
  feeder_->Stop();
  for (std::unique_ptr<Shard>& shard : shards_) shard->loop().Wake();
}

// On the writer's thread.
void Scan::OnWriterChange() noexcept {
  for (std::unique_ptr<Shard>& shard : shards_) shard->loop().Wake();
  signals_.Ring();
}

std::optional<int64_t> Scan::EstimateLines() const {
  if (feeder_->at_end()) return feeder_->lines();
  const std::optional<int64_t> lines = feeder_->EstimateLines();
  const InputOptions& part = plan_.reading;
  if (!part.limit) return lines;
  const int64_t most = (*part.limit + part.shards - 1) / part.shards;
  return std::min(lines.value_or(most), most);
}

ProgressSnapshot Scan::Snapshot() const {
  ProgressSnapshot snapshot;
  int64_t out_since = INT64_MAX;
  snapshot.elapsed = Clock::now() - started_;
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
    snapshot.lines_done += shard->progress().rows;
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

std::optional<ProgressSnapshot::Tail> Scan::TailNow() const {
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
void Scan::OnRows(std::span<const Record> rows) noexcept {
  for (const Record& row : rows) {
    rows_.Add(row);
    if (journal_ != nullptr) unkept_rows_.Add(row);
  }
}

absl::Status Scan::Keep(const Checkpoint& checkpoint) noexcept {
  JournalState entry;
  entry.marks = checkpoint.marks;
  entry.places = checkpoint.places;
  entry.rows = std::exchange(unkept_rows_, {});
  entry.run = Figures(rows_.rows() - earlier_rows_.rows());
  return journal_->Append(entry);
}

absl::Status Scan::WithRemedy(const absl::Status& failure) const {
  if (journal_ == nullptr || absl::IsCancelled(failure)) return failure;
  std::string message(failure.message());
  message.append("; then go on with the run by --resume");
  return absl::Status(failure.code(), message);
}

int64_t Scan::RowsOfThisRun() const {
  int64_t rows = 0;
  for (const auto& shard : shards_) rows += shard->progress().rows;
  return rows;
}

// Any thread, while shards run as well.
RunSummary Scan::Figures(int64_t rows) {
  RunParts parts;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    const Shard::Stats stats = shard->stats();
    parts.resolvers.push_back(stats.resolver);
    parts.hosts.push_back(stats.hosts);
  }
  parts.rates = rates_;
  parts.rows = rows;
  parts.lines = feeder_->lines() + source_->skipped();
  parts.skipped = source_->skipped();
  parts.started_at = started_at_;
  parts.elapsed = Clock::now() - started_;
  return FiguresOf(parts);
}

// REQUIRES: the shards have ended.
std::string Scan::LearntAddresses() const {
  AddressClaims claims;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    claims.Add(shard->claims());
  }
  return claims.ToText();
}

}  // namespace

absl::StatusOr<ScanResult> RunScan(const ScanPlan& plan, SignalWatch& signals) {
  Scan scan(plan, signals);
  if (absl::Status open = scan.Open(); !open.ok()) return open;
  if (!scan.complete()) return scan.Run();
  ScanResult result;
  result.already_complete = true;
  return result;
}

}  // namespace mxscan
