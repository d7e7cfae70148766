#include "scanner/collect/check_task.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scanner/collect/dane_collector.h"
#include "scanner/collect/dkim_collector.h"
#include "scanner/collect/dmarc_collector.h"
#include "scanner/collect/dnssec_collector.h"
#include "scanner/collect/extra_collector.h"
#include "scanner/collect/mta_sts_collector.h"
#include "scanner/collect/ptr_collector.h"
#include "scanner/collect/spf_collector.h"
#include "scanner/collect/tls_rpt_collector.h"

namespace mxscan {
namespace {

// A part of a task is a collector's number and that collector's part. The last
// number is the task's own.
constexpr int kPartBits = 16;
constexpr int kTxtPart = CheckTask::kPartLimit - 1;
static_assert(CheckLookups::kMaxPart == (1 << kPartBits) - 1);

int NumberOf(int part) { return part >> kPartBits; }
int PartOf(int part) { return part & CheckLookups::kMaxPart; }

std::vector<std::unique_ptr<Collector>> CollectorsOf(CheckSet groups,
                                                     uint64_t seed) {
  std::vector<std::unique_ptr<Collector>> collectors;
  if (groups.Has(CheckGroup::kSpf)) {
    collectors.push_back(std::make_unique<SpfCollector>());
  }
  if (groups.Has(CheckGroup::kDmarc)) {
    collectors.push_back(std::make_unique<DmarcCollector>());
  }
  if (groups.Has(CheckGroup::kMtaSts)) {
    collectors.push_back(std::make_unique<MtaStsCollector>());
  }
  if (groups.Has(CheckGroup::kTlsRpt)) {
    collectors.push_back(std::make_unique<TlsRptCollector>());
  }
  if (groups.Has(CheckGroup::kDane)) {
    collectors.push_back(std::make_unique<DaneCollector>());
  }
  if (groups.Has(CheckGroup::kDnssec)) {
    collectors.push_back(std::make_unique<DnssecCollector>());
  }
  if (groups.Has(CheckGroup::kDkim)) {
    collectors.push_back(std::make_unique<DkimCollector>(seed));
  }
  if (groups.Has(CheckGroup::kPtr)) {
    collectors.push_back(std::make_unique<PtrCollector>());
  }
  if (groups.Has(CheckGroup::kExtra)) {
    collectors.push_back(std::make_unique<ExtraCollector>(seed));
  }
  return collectors;
}

}  // namespace

class CheckTask::Numbered final : public CheckLookups {
 public:
  Numbered(CheckTask& task, int number, CheckLookups& lookups)
      : task_(task), first_(number << kPartBits), lookups_(lookups) {}

  void Ask(NameView name, RrType type, int part) override {
    ++task_.pending_;
    lookups_.Ask(name, type, first_ + part);
  }
  void AskShared(NameView name, RrType type, int part) override {
    ++task_.pending_;
    lookups_.AskShared(name, type, first_ + part);
  }
  void AskUnchecked(NameView name, RrType type, int part) override {
    ++task_.pending_;
    lookups_.AskUnchecked(name, type, first_ + part);
  }
  void AskHost(NameView host, int part) override {
    ++task_.pending_;
    lookups_.AskHost(host, first_ + part);
  }
  void FetchFile(std::string_view host, std::string_view path,
                 absl::Span<const IpAddress> addresses, int part) override {
    ++task_.pending_;
    lookups_.FetchFile(host, path, addresses, first_ + part);
  }

 private:
  CheckTask& task_;
  const int first_;
  CheckLookups& lookups_;
};

CheckTask::CheckTask(CheckSet groups, uint64_t seed)
    : collectors_(CollectorsOf(groups, seed)) {}

void CheckTask::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  failed_ = false;
  AskTxt(subject, lookups);
  for (size_t i = 0; i < collectors_.size(); ++i) {
    Numbered numbered(*this, static_cast<int>(i), lookups);
    collectors_[i]->Begin(subject, numbered);
  }
}

void CheckTask::AskTxt(const CheckSubject& subject, CheckLookups& lookups) {
  txt_.clear();
  asks_txt_ = std::ranges::any_of(collectors_, [&](const auto& collector) {
    return collector->WantsTxt(subject);
  });
  if (!asks_txt_) return;
  ++pending_;
  lookups.Ask(subject.domain, RrType::kTxt, kTxtPart);
}

void CheckTask::OnAnswer(int part, const Answer& answer,
                         CheckLookups& lookups) {
  --pending_;
  if (part == kTxtPart) return OnTxt(answer, lookups);
  const int number = NumberOf(part);
  Collector& collector = *collectors_[number];
  Numbered numbered(*this, number, lookups);
  collector.OnAnswer(PartOf(part), answer, numbered);
  if (!IsDefinitive(answer.outcome()) && collector.Matters(PartOf(part))) {
    NoteFailure(ToText(answer.name()), answer.header().type);
  }
}

void CheckTask::OnTxt(const Answer& answer, CheckLookups& lookups) {
  if (!IsDefinitive(answer.outcome())) {
    NoteFailure(ToText(answer.name()), RrType::kTxt);
  }
  txt_.Read(answer);
  for (size_t i = 0; i < collectors_.size(); ++i) {
    Numbered numbered(*this, static_cast<int>(i), lookups);
    collectors_[i]->OnTxt(txt_, numbered);
  }
}

void CheckTask::OnHost(int part, const Host& host, CheckLookups& lookups) {
  --pending_;
  const int number = NumberOf(part);
  Collector& collector = *collectors_[number];
  Numbered numbered(*this, number, lookups);
  collector.OnHost(PartOf(part), host, numbered);
  const bool settled =
      IsDefinitive(host.a.outcome) && IsDefinitive(host.aaaa.outcome);
  if (!settled && collector.Matters(PartOf(part))) {
    NoteFailure(ToText(host.name), RrType::kA);
  }
}

void CheckTask::OnFile(int part, const FetchAnswer& answer,
                       CheckLookups& lookups) {
  --pending_;
  const int number = NumberOf(part);
  Collector& collector = *collectors_[number];
  Numbered numbered(*this, number, lookups);
  collector.OnFile(PartOf(part), answer, numbered);
  if (!IsDefinitive(answer.outcome) && collector.Matters(PartOf(part))) {
    NoteFailure(std::string(answer.host), RrType::kA, /*is_file=*/true);
  }
}

// Which comes first must not depend on which answer came first.
void CheckTask::NoteFailure(std::string name, RrType type, bool is_file) {
  if (failed_ && std::tie(failed_is_file_, failed_type_, failed_name_) <=
                     std::tie(is_file, type, name)) {
    return;
  }
  failed_ = true;
  failed_is_file_ = is_file;
  failed_type_ = type;
  failed_name_ = std::move(name);
}

void CheckTask::Fill(CheckFacts& facts) const {
  facts = CheckFacts();
  for (const auto& collector : collectors_) collector->Fill(facts);
  if (!failed_) return;
  facts.failed = FailedLookup{failed_name_, failed_type_, failed_is_file_};
}

}  // namespace mxscan
