// The first half of scan_run.h: everything is opened before anything is asked.

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "output/open_sink.h"
#include "scanner/input/inputs.h"
#include "scanner/journal/open_journal.h"
#include "scanner/pages/page_sink.h"
#include "scanner/run/dataset_options.h"
#include "scanner/run/open_files.h"
#include "scanner/run/scan_run.h"
#include "scanner/summary/resolver_notes.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/finding_rules.h"
#include "scanner/upstreams/public_resolvers.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

constexpr int kLinesPerQueue = 4096;

uint64_t UnpredictableSeed() {
  uint64_t seed = 0;
  while (getrandom(&seed, sizeof seed, 0) != sizeof seed) {
  }
  return seed;
}

// What the caches of all shards may take together.
int64_t CacheBytes(const ScanPlan& plan) {
  if (plan.cache_bytes > 0) return plan.cache_bytes;
  const int64_t pages = sysconf(_SC_PHYS_PAGES);
  return pages * sysconf(_SC_PAGE_SIZE) / 4;
}

// Of these, what is for other answers than addresses. With MX records alone
// there are but a few SOA records.
int64_t AnswerCacheBytes(const ScanPlan& plan) {
  const int64_t bytes = CacheBytes(plan);
  constexpr int64_t kFew = 16 << 20;
  return plan.checks.OnlyMx() ? std::min(bytes / 16, kFew) : bytes / 2;
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
    const ScanPlan& plan, const ProviderTable& providers, SinkOptions options,
    const std::vector<DurableMark>& marks) {
  options.shape.several_inputs = plan.inputs.size() > 1;
  options.shape.networks = plan.data.asn.has_value();
  options.shape.checks = plan.checks;
  options.bloom_filter = plan.bloom_filter;
  options.version = kVersion;
  const SignalsEndAll while_opening;
  std::vector<std::unique_ptr<Sink>> sinks;
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    const OutputFile& output = plan.outputs[i];
    if (output.has_pages) {
      sinks.push_back(
          std::make_unique<PageSink>(Terminal::Of(STDOUT_FILENO), providers));
      continue;
    }
    options.shape.layout =
        output.has_findings ? Layout::kFindings : plan.layout;
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
  names.finding_rows =
      std::ranges::any_of(plan.outputs, [](const OutputFile& output) {
        return output.has_findings || output.has_pages;
      });
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

}  // namespace

ScanRun::ScanRun(const ScanPlan& plan, SignalWatch& signals)
    : plan_(plan),
      signals_(signals),
      names_(NamesFor(plan)),
      host_office_(plan.threads),
      answer_office_(plan.threads),
      group_(plan.threads),
      log_(Terminal::Of(STDERR_FILENO), plan.verbose) {}

absl::Status ScanRun::Open() {
  const absl::Status room = MakeRoomForFiles(OpenFilesFor(plan_));
  if (!room.ok()) return room;
  if (absl::Status tables = OpenTables(); !tables.ok()) return tables;
  if (absl::Status https = OpenHttps(); !https.ok()) return https;
  absl::StatusOr<std::unique_ptr<DomainSource>> source =
      OpenSources(plan_.inputs, plan_.reading, UnpredictableSeed());
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  if (absl::Status journal = OpenJournal(); !journal.ok()) return journal;
  if (complete()) return absl::OkStatus();
  if (absl::Status writer = OpenWriter(); !writer.ok()) return writer;
  return OpenShards();
}

absl::Status ScanRun::OpenJournal() {
  absl::StatusOr<std::unique_ptr<Journal>> journal =
      OpenJournalOf(plan_, data_->version);
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  return absl::OkStatus();
}

absl::Status ScanRun::OpenWriter() {
  std::vector<DurableMark> marks;
  WriterOptions writing;
  if (journal_ != nullptr) {
    marks = journal_->state().marks;
    earlier_rows_ = journal_->state().rows;
    writing.written = EarlierRows();
    writing.keeper = this;
    writing.checkpoint_every = plan_.checkpoint;
  }
  SinkOptions options;
  options.resumable = journal_ != nullptr;
  options.provider_table_version = data_->version;
  options.finding_rules = RulesOf(*audit_->sources().findings);
  if (names_.inputs.size() == 1) options.only_input = names_.inputs.front();
  options.dataset = DatasetOptionsOf(plan_, started_at_);
  options.dataset.run = [this] {  // Sinks end when everything else has.
    return DatasetRunOf(plan_, *source_, feeder_->lines());
  };
  absl::StatusOr<std::vector<std::unique_ptr<Sink>>> sinks =
      OpenSinks(plan_, data_->table, std::move(options), marks);
  if (!sinks.ok()) return sinks.status();
  if (journal_ != nullptr) journal_->Begin();
  writing.batches += 2 * static_cast<size_t>(plan_.threads);
  writing.watcher = this;
  writing.ordered = plan_.ordered ? OrderedRows(plan_) : 0;
  writer_ = std::make_unique<WriterThread>(*std::move(sinks), this, writing);
  return absl::OkStatus();
}

// Where the journal was read, its places were as well.
PlaceSet ScanRun::EarlierRows() const {
  if (journal_ == nullptr) return {};
  return PlaceSet::Parse(journal_->state().places).value_or(PlaceSet());
}

absl::Status ScanRun::OpenTables() {
  absl::StatusOr<ProviderData> data = OpenProviderData(plan_.data);
  if (!data.ok()) return data.status();
  data_ = *std::move(data);
  absl::StatusOr<std::unique_ptr<AuditData>> audit =
      AuditData::Open(plan_.data, *data_);
  if (!audit.ok()) return audit.status();
  audit_ = *std::move(audit);
  prologue_.emplace(data_->table, data_->addresses,
                    [this] { group_.WakeAll(); });
  if (!plan_.ask_addresses) prologue_->Skip();
  dnssec_probe_.emplace(plan_.dnssec_probe, plan_.resolvers.size(),
                        [this] { group_.WakeAll(); });
  if (!WantsDnssec(plan_.checks)) dnssec_probe_->Skip();
  return SetCeilings();
}

// While there are no other threads, for libcurl's sake.
absl::Status ScanRun::OpenHttps() {
  if (!plan_.fetch.policies) return absl::OkStatus();
  FetchOptions options;
  options.authorities = plan_.fetch.authorities;
  options.port = static_cast<uint16_t>(plan_.fetch.port);
  options.allow_private = plan_.fetch.allow_private;
  options.agent = "mxscan/" + std::string(kVersion);
  absl::StatusOr<std::unique_ptr<HttpsClient>> https =
      HttpsClient::Open(std::move(options));
  if (!https.ok()) return https.status();
  https_ = *std::move(https);
  return absl::OkStatus();
}

absl::Status ScanRun::SetCeilings() {
  const absl::StatusOr<PublicResolvers> table =
      PublicResolvers::Parse("data/public_resolvers.tsv", PublicResolverText());
  if (!table.ok()) return table.status();
  rates_ = RatesFor(plan_.resolvers, plan_.rate_per_resolver, *table);
  ceilings_.emplace(plan_.rate, QpsOf(rates_));
  return absl::OkStatus();
}

// With -v, what is about to be done. REQUIRES: all is open.
void ScanRun::SayStart() {
  if (!log_.on()) return;
  RunSetting setting;
  setting.rates = rates_;
  setting.cache_bytes = CacheBytes(plan_);
  setting.provider_table = data_->version;
  if (journal_ != nullptr && journal_->resumed()) {
    setting.earlier_rows = earlier_rows_.rows();
  }
  const Clock::duration now = SinceStart();
  for (const std::string& line : LinesAtStart(plan_, setting)) {
    log_.Say(now, {line});  // However many.
  }
  RunMoment start;
  start.evidence_ready = prologue_->over();  // Nobody is asked for it.
  news_.emplace(plan_, start);
  resolver_news_.emplace(names_.upstreams);
}

absl::Status ScanRun::OpenShards() {
  check_seed_ = UnpredictableSeed();
  for (int i = 0; i < plan_.threads; ++i) {
    LineQueue& queue = queues_.emplace_back(kLinesPerQueue);
    absl::StatusOr<std::unique_ptr<Shard>> shard =
        Shard::Open(SettingOf(i), i, queue, group_);
    if (!shard.ok()) return shard.status();
    shards_.push_back(*std::move(shard));
  }
  for (std::unique_ptr<Shard>& shard : shards_) group_.Add(shard->loop());
  shards_open_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

// Every shard gets its part of what the run may take as a whole.
ShardSetting ScanRun::SettingOf(int shard) {
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
  // Each sees for itself who rewrites NXDOMAIN: what they know is not shared.
  setting.resolver.absent_name = AbsentName(UnpredictableSeed());
  setting.checks = plan_.checks;
  setting.check_seed = check_seed_;
  setting.task.addresses = plan_.ask_addresses;
  setting.task.implicit = plan_.ask_implicit_mx;
  setting.task.backend = plan_.ask_backend;
  setting.answer_cache_bytes = AnswerCacheBytes(plan_) / plan_.threads;
  setting.host_cache_bytes =
      CacheBytes(plan_) / plan_.threads - setting.answer_cache_bytes;
  setting.providers = &data_->table;
  setting.addresses = &data_->addresses;
  if (data_->networks) setting.networks = &*data_->networks;
  setting.audit = audit_->sources();
  setting.prologue = &*prologue_;
  setting.dnssec_probe = &*dnssec_probe_;
  setting.https = https_.get();
  setting.learn_addresses = plan_.address_evidence_path.has_value();
  setting.suffixes = &data_->suffixes;
  setting.names = &names_;
  setting.host_office = &host_office_;
  setting.answer_office = &answer_office_;
  setting.writer = writer_.get();
  return setting;
}

}  // namespace mxscan
