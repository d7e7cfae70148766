// ScanRun is one run from its opening to its end, for scan.h alone. It is
// opened in scan_opening.cc, from the plan down to sockets and files, and run
// and watched in scan.cc.
//
// It belongs to the calling thread. The writer's thread calls what it inherits
// from the writer's interfaces; shards and reader have parts of their own.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/writer_thread.h"
#include "scanner/fetch/https_client.h"
#include "scanner/input/inputs.h"
#include "scanner/plan.h"
#include "scanner/run/dnssec_probe.h"
#include "scanner/run/feeder.h"
#include "scanner/run/prologue.h"
#include "scanner/run/run_news.h"
#include "scanner/run/scan.h"
#include "scanner/run/shard.h"
#include "scanner/screen/progress.h"
#include "scanner/screen/run_log.h"
#include "scanner/summary/make_summary.h"
#include "scanner/summary/row_counter.h"
#include "scanner/summary/tally.h"
#include "scanner/tables/audit_data.h"
#include "scanner/tables/provider_data.h"
#include "scanner/upstreams/resolver_news.h"
#include "scanner/upstreams/resolver_rates.h"

namespace mxscan {

class ScanRun final : public WriterListener,
                      public RowWatcher,
                      public CheckpointKeeper {
 public:
  // `plan` and `signals` must outlive the run.
  ScanRun(const ScanPlan& plan, SignalWatch& signals);
  // The writer may still call OnWriterChange while it ends.
  ~ScanRun() {
    if (writer_ != nullptr) writer_->Suspend().IgnoreError();
  }

  // Everything, before anything is asked.
  absl::Status Open();
  // Nothing is left to do: an earlier run has done it.
  bool complete() const {
    return journal_ != nullptr && journal_->state().complete;
  }

  // What it found. REQUIRES: complete().
  std::vector<RunSummary::Finding> EarlierFindings() const {
    return FindingsIn(journal_->state().rows);
  }

  // REQUIRES: Open() was well, and there is something to do.
  absl::StatusOr<ScanResult> Run();

 private:
  using Clock = std::chrono::steady_clock;

  // Opening.
  absl::Status OpenTables();
  absl::Status OpenHttps();
  absl::Status OpenJournal();
  absl::Status OpenWriter();
  absl::Status SetCeilings();
  absl::Status OpenShards();
  ShardSetting SettingOf(int shard);
  PlaceSet EarlierRows() const;

  // What is said of it. A line of progress that stands there is cleared.
  Clock::duration SinceStart() const { return Clock::now() - started_; }
  void SayStart();
  void SayNotice(ProgressLine* line);
  void SayNews(ProgressLine* line);
  RunMoment Moment(int64_t kernel_drops) const;

  // Running.
  static bool WantsDnssec(CheckSet checks) {
    return checks.Has(CheckGroup::kDane) || checks.Has(CheckGroup::kDnssec);
  }
  void StartThreads();
  void Watch();
  void OnSignal();
  ProgressSnapshot Snapshot() const;
  std::optional<ProgressSnapshot::Tail> TailNow() const;
  std::optional<int64_t> EstimateLines() const;
  void OnWriterChange() noexcept override;
  void OnRows(std::span<const Record> rows) noexcept override;
  absl::Status Keep(const Checkpoint& checkpoint) noexcept override;
  absl::Status WithRemedy(const absl::Status& failure) const;
  int64_t RowsOfThisRun() const;
  Tally TakeAllRows();  // Of all runs. REQUIRES: the writer has ended.
  RunSummary Figures(int64_t rows);
  std::string DnssecNotice() const;
  std::string LearntAddresses() const;

  const ScanPlan& plan_;
  SignalWatch& signals_;
  const RowNames names_;
  uint64_t check_seed_ = 0;
  std::vector<ResolverRate> rates_;
  std::optional<RateCeilings> ceilings_;
  std::optional<ProviderData> data_;
  std::unique_ptr<AuditData> audit_;
  std::optional<Prologue> prologue_;
  std::optional<DnssecProbe> dnssec_probe_;
  std::unique_ptr<HttpsClient> https_;  // Null: nothing is fetched.
  std::unique_ptr<DomainSource> source_;
  PostOffice host_office_;
  PostOffice answer_office_;
  ShardGroup group_;
  std::deque<LineQueue> queues_;
  std::unique_ptr<WriterThread> writer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<bool> shards_open_ = false;
  std::unique_ptr<Feeder> feeder_;
  std::vector<std::thread> threads_;
  std::unique_ptr<Journal> journal_;  // Null: the run cannot be resumed.
  RowCounter unkept_rows_;  // Since the last checkpoint; the journal has the
                            // rest. The writer's, until it has ended.
  Tally earlier_rows_;      // Of earlier runs.
  std::atomic<int64_t> kept_rows_{0};  // As of the last checkpoint.
  std::atomic<int> running_{0};        // Shard threads.
  bool interrupted_ = false;
  Clock::time_point abandon_at_{};  // Once interrupted.
  const RunLog log_;
  std::optional<RunNews> news_;  // With -v, as the next.
  std::optional<ResolverNews> resolver_news_;
  Clock::duration news_due_{};
  bool notice_said_ = false;
  Clock::time_point started_ = Clock::now();
  std::chrono::system_clock::time_point started_at_ =
      std::chrono::system_clock::now();
};

}  // namespace mxscan
