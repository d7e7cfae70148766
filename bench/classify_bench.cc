// What it costs to read a line as a domain and to say who runs its mail.

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "resolver/wire/name.h"
#include "scanner/classify/classifier.h"
#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/input/domain_name.h"
#include "scanner/input/line_source.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

constexpr int kHosts = 4096;

ProviderTable Table() {
  return *ProviderTable::Parse("providers.tsv", ProviderTableText());
}

// Exchanges that the table knows, of its many providers.
std::vector<std::string> KnownHosts() {
  constexpr std::string_view kSuffixes[] = {
      ".mail.protection.outlook.com",
      ".aspmx.l.google.com",
      ".gslb.pphosted.com",
      ".mimecast.com",
      ".mx.yandex.net",
      ".kundenserver.de",
      ".mailspamprotection.com",
      ".inbound-smtp.eu-west-1.amazonaws.com"};
  std::vector<std::string> hosts;
  for (int i = 0; i < kHosts; ++i) {
    hosts.push_back("mx" + std::to_string(i));
    hosts.back() += kSuffixes[i % std::size(kSuffixes)];
  }
  return hosts;
}

std::vector<std::string> UnknownHosts() {
  std::vector<std::string> hosts;
  for (int i = 0; i < kHosts; ++i) {
    hosts.push_back("mail.customer");
    hosts.back() += std::to_string(i) + (i % 2 == 0 ? ".com" : ".co.uk");
  }
  return hosts;
}

// One item is one host, here and in the next three.
void FindAll(benchmark::State& state, const std::vector<std::string>& hosts) {
  const ProviderTable table = Table();
  size_t i = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.Find(hosts[i++ % kHosts]));
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_FindKnown(benchmark::State& state) { FindAll(state, KnownHosts()); }
void BM_FindUnknown(benchmark::State& state) { FindAll(state, UnknownHosts()); }
BENCHMARK(BM_FindKnown);
BENCHMARK(BM_FindUnknown);

void BM_RegistrableDomain(benchmark::State& state) {
  const PublicSuffixes suffixes = *PublicSuffixes::System();
  const std::vector<std::string> hosts = UnknownHosts();
  size_t i = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(suffixes.RegistrableDomain(hosts[i++ % kHosts]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RegistrableDomain);

// One item is one domain with two exchanges, known to the table or its own.
void Classify(benchmark::State& state, const std::vector<std::string>& hosts) {
  const ProviderTable table = Table();
  const PublicSuffixes suffixes = *PublicSuffixes::System();
  Classifier classifier({.table = &table, .suffixes = &suffixes});
  DomainFacts facts;
  facts.status = DomainStatus::kOk;
  facts.line.domain = *Name::FromText("customer.com");
  facts.exchanges.resize(2);
  Verdict verdict;
  size_t i = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    facts.exchanges[0].exchange = hosts[i++ % kHosts];
    facts.exchanges[1].exchange = hosts[i++ % kHosts];
    classifier.Classify(facts, verdict);
    benchmark::DoNotOptimize(verdict.provider);
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_ClassifyKnown(benchmark::State& state) {
  Classify(state, KnownHosts());
}
void BM_ClassifyUnknown(benchmark::State& state) {
  Classify(state, UnknownHosts());
}
BENCHMARK(BM_ClassifyKnown);
BENCHMARK(BM_ClassifyUnknown);

// One item is one name.
void Normalize(benchmark::State& state, std::string_view text) {
  const AllocationsPerItem allocations(state);
  for (auto _ : state) benchmark::DoNotOptimize(NormalizeDomain(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(Normalize, Ascii, "WWW.Example-Domain.co.uk");
BENCHMARK_CAPTURE(Normalize, Unicode, "bücher.example");
BENCHMARK_CAPTURE(Normalize, Url, "https://www.example.com/path");

// One item is one line of a list.
void BM_ReadLines(benchmark::State& state) {
  std::string content;
  for (int i = 0; i < 100000; ++i) {
    content += "domain" + std::to_string(i) + ".example.com\n";
  }
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    MemoryBytes bytes(content);
    LineSource source(bytes, /*file=*/0);
    InputLine line;
    while (*source.Next(line)) benchmark::DoNotOptimize(line);
  }
  state.SetItemsProcessed(state.iterations() * 100000);
  state.SetBytesProcessed(state.iterations() * content.size());
}
BENCHMARK(BM_ReadLines)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mxscan
