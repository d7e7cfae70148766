// Shard is one thread of a scan: its own loop, resolver, host directory and
// tasks. It takes lines from its queue as its window allows, runs their tasks,
// and hands finished rows to the writer. Shards share nothing but messages.
//
// A shard whose lines are done goes on answering for the hosts it owns until
// every shard is done; ShardGroup says when.
//
// Back-pressure: no new line is taken while the window is full, the writer has
// no room or questions enough wait to be sent, so that a domain begun is soon
// done and rows come steadily. What is in flight then still ends in a row, in a
// batch of the shard's own; so a shard never holds more rows than its window.

#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>
#include <vector>

#include "absl/status/statusor.h"
#include "output/writer_thread.h"
#include "resolver/answer_directory.h"
#include "resolver/host_directory.h"
#include "resolver/net/loop.h"
#include "resolver/resolver.h"
#include "resolver/slots.h"
#include "scanner/audit/auditor.h"
#include "scanner/classify/address_claims.h"
#include "scanner/classify/classifier.h"
#include "scanner/collect/check_task.h"
#include "scanner/fetch/https_fetcher.h"
#include "scanner/run/dnssec_probe.h"
#include "scanner/run/line_queue.h"
#include "scanner/run/prologue.h"
#include "scanner/task/domain_task.h"
#include "scanner/task/to_record.h"

namespace mxscan {

// What all shards of a scan have in common. Everything must outlive them.
struct ShardSetting {
  ResolverOptions resolver;  // With this shard's part of the window.
  TaskOptions task;
  CheckSet checks;
  uint64_t check_seed = 0;  // The same for all shards.
  int64_t host_cache_bytes = 0;
  int64_t answer_cache_bytes = 0;
  const ProviderTable* providers = nullptr;
  const PublicSuffixes* suffixes = nullptr;
  const AddressEvidence* addresses =
      nullptr;                             // Read once the prologue is over.
  const NetworkTable* networks = nullptr;  // Null for none.
  AuditSources audit;                      // All of them.
  Prologue* prologue = nullptr;            // Shard 0 carries it out.
  DnssecProbe* dnssec_probe = nullptr;     // The same.
  const HttpsClient* https = nullptr;      // Null: nothing is fetched.
  bool learn_addresses = false;
  const RowNames* names = nullptr;
  PostOffice* host_office = nullptr;
  PostOffice* answer_office = nullptr;
  WriterThread* writer = nullptr;
};

// Lets shards end together. Any thread.
class ShardGroup {
 public:
  explicit ShardGroup(int shards) : working_(shards) {}

  // REQUIRES: before any shard runs; the loops outlive the group's use.
  void Add(Loop& loop) { loops_.push_back(&loop); }

  // One shard has finished its lines; the last one wakes all.
  void OneDone();

  // There is something new for every shard to look at.
  void WakeAll();

  // All end now, whatever is in flight: that has no rows. Finished rows still
  // go to the writer.
  void Abandon();

  bool MayEnd() const { return working_.load() <= 0; }

 private:
  std::atomic<int> working_;
  std::vector<Loop*> loops_;
};

// How far a shard is; written by it, rows at once and the rest once a turn, and
// read by any thread.
struct ShardProgress {
  std::atomic<int64_t> outstanding{0};
  std::atomic<int64_t> sent{0};
  std::atomic<int64_t> retried{0};
  std::atomic<int64_t> domains{0};     // Begun and without a row.
  std::atomic<bool> all_begun{false};  // No others will follow.
  // When the last of them ends at the latest, by the steady clock; 0 while
  // nobody can tell.
  std::atomic<int64_t> ends_at_ns{0};
  // Since when no upstream answers, by the steady clock; INT64_MAX while one
  // does.
  std::atomic<int64_t> out_since_ns{INT64_MAX};
  std::array<std::atomic<int64_t>, kDomainStatusCount> by_status{};  // Rows.

  int64_t rows() const {
    return std::accumulate(by_status.begin(), by_status.end(), int64_t{0});
  }
};

class Shard final : TurnHook,
                    AnswerReceiver,
                    HostReceiver,
                    FetchReceiver,
                    LineQueue::Waiter {
 public:
  // `number` among those of the offices. `queue` and `group` must
  // outlive the shard.
  static absl::StatusOr<std::unique_ptr<Shard>> Open(
      const ShardSetting& setting, int number, LineQueue& queue,
      ShardGroup& group);
  ~Shard();

  // Runs on the calling thread until the group may end.
  void Run();

  Loop& loop() { return loop_; }
  const ShardProgress& progress() const { return progress_; }

  struct Stats {
    ResolverStats resolver;
    HostStats hosts;
    AnswerStats answers;
  };

  // What there was a second ago at most, or a turn ago; and all of it once Run
  // has returned. Any thread.
  Stats stats();

  // What its rows taught of addresses. REQUIRES: Run has returned.
  const AddressClaims& claims() const { return claims_; }

 private:
  class Asking;    // Lends a task its lookups; see shard.cc.
  class Checking;  // The same for its checks.

  // Domains may end after the shard's own hook has run, in those of the engine
  // (silence), the resolver (memory) and the directory (known hosts), and what
  // was too much may have been sent. Then one more turn must follow, which
  // perhaps nothing else would bring about: soon, for mostly replies do.
  class TurnEnd final : public TurnHook {
   public:
    explicit TurnEnd(Shard& shard) : shard_(shard) {}
    Nanos OnTurn(Nanos now) noexcept override {
      shard_.ForeseeEnd(now);
      const bool more = shard_.ended_unseen_ || shard_.MayBeginMore();
      return more ? shard_.NextTurn(now) : Nanos::max();
    }

   private:
    Shard& shard_;
  };

  Shard(const ShardSetting& setting, LineQueue& queue, ShardGroup& group);

  Nanos OnTurn(Nanos now) noexcept override;
  void OnAnswer(uint64_t token, const Answer& answer) noexcept override;
  void Foresee(uint64_t token, int step) const noexcept override;
  void OnHost(uint64_t token, const Host& host) noexcept override;
  void OnFile(uint64_t token, const FetchAnswer& answer) noexcept override;
  void OnLines() noexcept override { loop_.Wake(); }

  bool WindowIsOpen() const;
  bool MayBeginMore() const;
  Nanos NextTurn(Nanos now) const;
  void StartDomains();
  bool NextLine();
  void StartTask(const InputLine& line);
  bool IsDone(uint32_t slot);
  void EndIfAllIsIn(uint32_t slot);
  void FinishEnded();
  void Finish(uint32_t slot);
  bool AskMore(uint32_t slot);
  bool BeginChecks(uint32_t slot);
  void AddChecks(uint32_t slot);
  void CountRow(DomainStatus status);
  void GiveBack(uint32_t slot);
  Nanos HandOverRows(Nanos now);
  bool HandOver();
  void EndIfDone();
  void Publish(Nanos now);
  void PublishStats();
  void ForeseeEnd(Nanos now);

  const ShardSetting setting_;
  LineQueue& queue_;
  ShardGroup& group_;
  Loop loop_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<HostDirectory> hosts_;
  std::unique_ptr<AnswerDirectory> answers_;
  std::unique_ptr<HttpsFetcher> fetcher_;  // Null: nothing is fetched.

  Slots<DomainTask> tasks_;
  // By the slot of their task, once a domain's checks beyond MX have begun; and
  // those that wait for a domain. Empty while nothing else is on.
  std::vector<std::unique_ptr<CheckTask>> checks_;
  std::vector<std::unique_ptr<CheckTask>> idle_checks_;
  int active_ = 0;
  // Domains of which everything is in, and that have no row yet.
  std::vector<uint32_t> ended_;
  bool ended_unseen_ = false;  // A domain has, since OnTurn.
  bool enough_waiting_ = false;

  LineBatch lines_;
  int next_line_ = 0;
  bool carries_prologue_ = false;
  bool carries_probe_ = false;
  bool closed_ = false;  // The queue has no more lines.
  bool done_ = false;    // And the group knows that all of ours have rows.

  const Nanos made_at_;  // By the steady clock.
  int awaited_mx_ = 0;   // Domains that wait for their MX.
  Nanos last_mx_at_{};   // When one was last asked for, and what follows it.
  Nanos last_other_at_{};
  Nanos foresee_at_{};

  Classifier classifier_;
  Auditor auditor_;
  DomainFacts facts_;  // Scratch of Finish, as is the verdict.
  Verdict verdict_;
  std::unique_ptr<RecordBatch> rows_;
  Nanos oldest_row_{};
  AddressClaims claims_;  // Empty unless it is to learn.
  ShardProgress progress_;
  Nanos stats_due_{};
  std::mutex stats_mutex_;
  Stats stats_;  // Guarded by stats_mutex_.
  TurnEnd turn_end_;
};

}  // namespace mxscan
