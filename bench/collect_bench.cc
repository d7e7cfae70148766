// What the checks beyond MX records cost a domain, apart from the network: one
// item is one domain, from the first question to the findings.

#include <benchmark/benchmark.h>

#include <cstring>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "scanner/audit/auditor.h"
#include "scanner/collect/check_task.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

// Answers that were made beforehand, in the order of the questions.
class Prepared final : public CheckLookups {
 public:
  void Txt(std::string_view name, std::string_view text) {
    PacketBuilder packet(name, RrType::kTxt);
    packet.Txt(name, {text});
    Keep(name, packet);
  }
  void Nothing(std::string_view name) {
    PacketBuilder packet(name, RrType::kTxt);
    Keep(name, packet.Rcode(3).Section(Section::kAuthority).Soa("com", 60));
  }

  void Ask(NameView name, RrType, int part) override {
    waiting_.push_back({Find(name), part});
  }
  void AskShared(NameView name, RrType type, int part) override {
    Ask(name, type, part);
  }
  void AskUnchecked(NameView, RrType, int) override { std::abort(); }
  void AskHost(NameView, int) override { std::abort(); }
  void FetchFile(std::string_view, std::string_view,
                 absl::Span<const IpAddress>, int) override {
    std::abort();
  }

  void AnswerAll(CheckTask& task) {
    for (size_t next = 0; next < waiting_.size(); ++next) {
      const auto [answer, part] = waiting_[next];
      task.OnAnswer(part, *answer, *this);
    }
    waiting_.clear();
  }

 private:
  struct Waiting {
    const Answer* answer;
    int part;
  };

  void Keep(std::string_view name, const PacketBuilder& packet) {
    Question question;
    question.name = *Name::FromText(name);
    question.type = RrType::kTxt;
    AnswerBuilder builder;
    builder.Begin(question);
    AnswerHeader how;
    how.outcome = builder.Add(*Message::Read(packet.Build()));
    const auto block = builder.Finish(how).block();
    std::vector<uint64_t>& words = blocks_.emplace_back(block.size() / 8 + 1);
    std::memcpy(words.data(), block.data(), block.size());
    answers_.emplace_back(absl::MakeConstSpan(
        reinterpret_cast<const uint8_t*>(words.data()), block.size()));
  }

  const Answer* Find(NameView name) const {
    for (const Answer& answer : answers_) {
      if (answer.name() == name) return &answer;
    }
    std::abort();
  }

  std::deque<std::vector<uint64_t>> blocks_;
  std::deque<Answer> answers_;
  std::vector<Waiting> waiting_;
};

Prepared OrdinaryWorld() {
  Prepared world;
  world.Txt("example.com",
            "v=spf1 include:_spf.google.com include:mail.example.net "
            "ip4:44.1.2.3 ~all");
  world.Txt("_spf.google.com", "v=spf1 ip4:44.1.0.0/16 ip6:2a02:1::/32 ~all");
  world.Txt("mail.example.net",
            "v=spf1 include:a.example.net include:b.example.net ~all");
  world.Txt("a.example.net", "v=spf1 ip4:44.3.0.0/16 ip4:44.4.0.0/16 ~all");
  world.Txt("b.example.net", "v=spf1 ip4:44.5.0.0/16 ip4:44.6.0.0/16 ~all");
  world.Txt("_dmarc.example.com",
            "v=DMARC1; p=reject; rua=mailto:d@example.com");
  return world;
}

Prepared BareWorld() {
  Prepared world;
  for (const std::string_view name :
       {"example.com", "_dmarc.example.com", "_dmarc.com"}) {
    world.Nothing(name);
  }
  return world;
}

void Collect(benchmark::State& state, Prepared world,
             std::initializer_list<CheckGroup> groups) {
  CheckSet checks;
  for (const CheckGroup group : groups) checks.Add(group);
  const ProviderTable providers =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  const PublicSuffixes suffixes = *PublicSuffixes::System();
  const FindingTable findings =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  const ProviderHosts hosts(providers, suffixes);
  Auditor auditor({&findings, &hosts, &providers, &suffixes});
  DomainFacts facts;
  facts.line.domain = *Name::FromText("example.com");
  facts.status = DomainStatus::kOk;
  facts.mx_known = true;
  const Verdict verdict;
  CheckTask task(checks);
  AllocationsPerItem allocations(state);
  for (auto _ : state) {
    task.Begin({facts, verdict, facts.line.domain, suffixes, providers}, world);
    world.AnswerAll(task);
    task.Fill(facts.checks);
    benchmark::DoNotOptimize(auditor.Audit(facts, verdict));
  }
  state.SetItemsProcessed(state.iterations());
}

using enum CheckGroup;

BENCHMARK_CAPTURE(Collect, SpfOfFiveRecords, OrdinaryWorld(), {kSpf});
BENCHMARK_CAPTURE(Collect, Dmarc, OrdinaryWorld(), {kDmarc});
BENCHMARK_CAPTURE(Collect, SpfAndDmarc, OrdinaryWorld(), {kSpf, kDmarc});
BENCHMARK_CAPTURE(Collect, SpfAndDmarcOfNeither, BareWorld(), {kSpf, kDmarc});

}  // namespace
}  // namespace mxscan
