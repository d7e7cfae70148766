// The host cache: what it costs to look a host up, and to learn one. One item
// is one host. (How well it remembers is cache_trace.cc's to say.)

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "resolver/cache/host_cache.h"

namespace mxscan {
namespace {

constexpr HostCache::Nanos kNow = std::chrono::seconds(1);

Name NameOf(uint32_t i) {
  return *Name::FromText(
      std::string("mx").append(std::to_string(i)).append(".mail.example"));
}

void Learn(HostCache& cache, const Name& name, const IpAddress& address) {
  Host host;
  host.name = host.end = name;
  host.a = {Outcome::kAnswer, false, absl::MakeSpan(&address, 1)};
  host.aaaa.outcome = Outcome::kNoData;
  cache.Insert(host, kNow);
}

void BM_FindKnown(benchmark::State& state) {
  HostCache cache(256 << 20, /*seed=*/1);
  std::vector<Name> names;
  for (int64_t i = 0; i < state.range(0); ++i) {
    names.push_back(NameOf(static_cast<uint32_t>(i)));
    Learn(cache, names.back(), IpAddress());
  }
  std::mt19937 random(1);
  Host host;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cache.Find(names[random() % names.size()], kNow, host));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FindKnown)->Arg(2000)->Arg(1000000);

// Into a cache that is full, so that one goes for each that comes.
void BM_LearnUnknown(benchmark::State& state) {
  HostCache cache(16 << 20, /*seed=*/1);
  std::vector<Name> names;
  for (uint32_t i = 0; i < 1000000; ++i) names.push_back(NameOf(i));
  size_t next = 0;
  const auto learn = [&] {
    Learn(cache, names[next++ % names.size()], IpAddress());
  };
  while (next < names.size()) learn();
  const AllocationsPerItem allocations(state);
  for (auto _ : state) learn();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_LearnUnknown);

}  // namespace
}  // namespace mxscan
