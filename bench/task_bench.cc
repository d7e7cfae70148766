// One domain from its answers to its row: what a shard does between the
// resolver and the writer. One item is one domain with two exchanges.

#include <benchmark/benchmark.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "output/record.h"
#include "resolver/answer.h"
#include "scanner/audit/auditor.h"
#include "scanner/classify/classifier.h"
#include "scanner/summary/tally.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/task/domain_task.h"
#include "scanner/task/to_record.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

constexpr int kDomains = 4096;

// A domain, the reply about its MX, and what is known of any host.
struct Subject {
  std::string text;
  std::vector<uint8_t> reply;
};

// Every other domain is with a provider, the rest have hosts of their own.
std::vector<Subject> Subjects() {
  std::vector<Subject> subjects;
  for (int i = 0; i < kDomains; ++i) {
    const std::string domain = "customer" + std::to_string(i) + ".com";
    const bool own = i % 2 == 0;
    subjects.push_back(
        {domain,
         PacketBuilder(domain, RrType::kMx)
             .Mx(domain, 10, own ? "mail." + domain : "aspmx.l.google.com")
             .Mx(domain, 20,
                 own ? "backup." + domain : "alt1.aspmx.l.google.com")
             .Build()});
  }
  return subjects;
}

class Scanner final : TaskLookups {
 public:
  explicit Scanner(int live) : tasks_(live) {
    for (DomainTask& task : tasks_) Begin(task);
  }

  // Ends the oldest domain, and begins another in its place.
  void Step() {
    DomainTask& task = tasks_[next_++ % tasks_.size()];
    Finish(task);
    Begin(task);
  }

 private:
  // Its MX are in; its hosts are asked for.
  void Begin(DomainTask& task) {
    const Subject& subject = subjects_[begun_++ % subjects_.size()];
    InputLine line;
    line.line = static_cast<int64_t>(begun_);
    line.input = subject.text;
    line.domain = *Name::FromText(subject.text);
    task.Start(line, TaskOptions(), *this);
    Question question;
    question.name = line.domain;
    builder_.Begin(question);
    AnswerHeader how;
    how.outcome = builder_.Add(*Message::Read(subject.reply));
    how.upstream = 0;
    task.OnMx(builder_.Finish(how), suffixes_, *this);
  }

  void Finish(DomainTask& task) {
    for (int i = 0; i < 2; ++i) task.OnHost(i, host_, suffixes_, *this);
    task.Fill(facts_);
    classifier_.Classify(facts_, verdict_);
    ToRecord(facts_, verdict_, auditor_.Audit(facts_, verdict_), findings_,
             names_, rows_);
    tally_.Add(rows_.rows().back());
    if (rows_.full()) rows_.clear();
  }

  void AskMx(NameView) override {}
  void AskHost(NameView, int) override {}
  void AskTxt(NameView) override {}
  void AskSoa(NameView, int) override {}

  const std::vector<Subject> subjects_ = Subjects();
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable table_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  const RowNames names_ = {{"list.txt"}, {"192.0.2.53:53"}};
  const std::vector<IpAddress> v4_ = {IpAddress()};
  const std::vector<IpAddress> v6_ = {{.family = IpAddress::Family::kV6}};
  const Name host_name_ = *Name::FromText("mail.example.com");
  const Host host_ = {host_name_,
                      host_name_,
                      {Outcome::kAnswer, false, v4_},
                      {Outcome::kAnswer, false, v6_}};
  Classifier classifier_{{.table = &table_, .suffixes = &suffixes_}};
  const FindingTable findings_ =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  const ProviderHosts provider_hosts_{table_, suffixes_};
  Auditor auditor_{{.findings = &findings_,
                    .hosts = &provider_hosts_,
                    .providers = &table_,
                    .suffixes = &suffixes_}};
  AnswerBuilder builder_;
  std::deque<DomainTask> tasks_;
  size_t next_ = 0;
  size_t begun_ = 0;
  DomainFacts facts_;
  Verdict verdict_;
  Tally tally_;
  RecordBatch rows_;
};

// With so many domains under way at once.
void BM_DomainToRow(benchmark::State& state) {
  Scanner scanner(static_cast<int>(state.range(0)));
  for (int i = 0; i < 3 * kDomains + state.range(0); ++i) scanner.Step();
  const AllocationsPerItem allocations(state);
  for (auto _ : state) scanner.Step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DomainToRow)->Arg(100)->Arg(20000);

}  // namespace
}  // namespace mxscan
