// The host cache: what a look-up costs, and how well it remembers the
// published workload (98 % of hosts serve one domain, a few thousand serve
// most domains), scaled down. One item is one domain's host looked up, and
// learnt if it was not known.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <list>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

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
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cache.Find(names[random() % names.size()], kNow, host));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FindKnown)->Arg(2000)->Arg(1000000);

// The host of each domain: shared hosts by Zipf, and singletons.
std::vector<uint32_t> MakeTrace(int domains) {
  constexpr int kShared = 38000;
  std::vector<double> weight(kShared);
  for (int i = 0; i < kShared; ++i) weight[i] = 1 / std::pow(i + 1, 1.1);
  std::mt19937 random(1);
  std::discrete_distribution<int> shared(weight.begin(), weight.end());
  std::vector<uint32_t> trace;
  uint32_t next_single = kShared;
  for (int i = 0; i < domains; ++i) {
    const bool single = random() % 100 < 24;
    trace.push_back(single ? next_single++ : shared(random));
  }
  return trace;
}

int64_t UnboundedHits(const std::vector<uint32_t>& trace) {
  const std::unordered_set<uint32_t> hosts(trace.begin(), trace.end());
  return static_cast<int64_t>(trace.size() - hosts.size());
}

int64_t LruHits(const std::vector<uint32_t>& trace, size_t capacity) {
  std::list<uint32_t> order;
  std::unordered_map<uint32_t, std::list<uint32_t>::iterator> known;
  int64_t hits = 0;
  for (uint32_t host : trace) {
    const auto found = known.find(host);
    if (found != known.end()) {
      ++hits;
      order.splice(order.begin(), order, found->second);
      continue;
    }
    known[host] = order.insert(order.begin(), host);
    if (known.size() <= capacity) continue;
    known.erase(order.back());
    order.pop_back();
  }
  return hits;
}

int64_t OurHits(const std::vector<uint32_t>& trace, HostCache& cache) {
  int64_t hits = 0;
  Host host;
  for (uint32_t i : trace) {
    const Name name = NameOf(i);
    if (cache.Find(name, kNow, host)) {
      ++hits;
    } else {
      Learn(cache, name, IpAddress());
    }
  }
  return hits;
}

// `share`: hits as a share of those of a cache without bounds; `lru`: of an
// LRU cache that holds as many hosts.
void BM_PublishedWorkload(benchmark::State& state) {
  const std::vector<uint32_t> trace = MakeTrace(2000000);
  const auto unbounded = static_cast<double>(UnboundedHits(trace));
  int64_t hits = 0;
  size_t held = 0;
  for (auto _ : state) {
    HostCache cache(state.range(0), /*seed=*/1);
    hits = OurHits(trace, cache);
    held = cache.size();
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(trace.size()));
  state.counters["hosts"] = static_cast<double>(held);
  state.counters["share"] = static_cast<double>(hits) / unbounded;
  state.counters["lru"] = static_cast<double>(LruHits(trace, held)) / unbounded;
}
BENCHMARK(BM_PublishedWorkload)
    ->Arg(400 << 10)
    ->Arg(4 << 20)
    ->Arg(256 << 20)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mxscan
