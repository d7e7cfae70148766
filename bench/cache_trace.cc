// cache_trace [SCALE [PERCENT]]: how well the host cache remembers the
// published workload of MX hosts, beside LRU, the optimum and a cache without
// bounds.
//
// The workload: 81 M domains with MX; 98 % of the hosts serve one domain, the
// other 380,000 the rest, by Zipf's law, whose exponent is fitted so that 2,000
// of them serve more than 1,000 domains each. The trace is a random part of
// these domains, one in SCALE (10), in random order. The caches have room for
// PERCENT (1) of its hosts: ours in octets, the others in entries.
//
// Every host has two addresses, one of each family, as most of those have that
// serve many.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <list>
#include <queue>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "resolver/cache/host_cache.h"

namespace mxscan {
namespace {

constexpr double kDomains = 81e6;
constexpr double kSharedHosts = 380e3;
constexpr double kSingleShare = .98;  // Of all hosts.
constexpr double kLargeHosts = 2000;
constexpr double kLargeSize = 1000;
constexpr HostCache::Nanos kNow = std::chrono::seconds(1);

using Trace = std::vector<uint32_t>;  // The host of each domain.

double ZipfSum(double count, double exponent) {
  double sum = 0;
  for (double i = 1; i <= count; ++i) sum += std::pow(i, -exponent);
  return sum;
}

// With which the host of rank `rank` of `hosts` serves `size` of `domains`.
double FitExponent(double hosts, double domains, double rank, double size) {
  double low = 1, high = 3;  // Between them, a larger one gives less.
  for (int i = 0; i < 30; ++i) {
    const double exponent = (low + high) / 2;
    const double served =
        domains * std::pow(rank, -exponent) / ZipfSum(hosts, exponent);
    (served > size ? low : high) = exponent;
  }
  return low;
}

Trace MakeTrace(double scale) {
  const double singles = kSharedHosts / (1 - kSingleShare) * kSingleShare;
  const double exponent =
      FitExponent(kSharedHosts, kDomains - singles, kLargeHosts, kLargeSize);
  std::vector<double> weights;
  for (double i = 1; i <= kSharedHosts; ++i) {
    weights.push_back(std::pow(i, -exponent));
  }
  std::mt19937_64 random(1);
  std::discrete_distribution<uint32_t> draw(weights.begin(), weights.end());
  Trace trace(static_cast<size_t>(kDomains / scale));
  for (size_t i = 0; i < trace.size(); ++i) {
    trace[i] = static_cast<double>(i) < singles / scale
                   ? static_cast<uint32_t>(weights.size() + i)
                   : draw(random);
  }
  std::shuffle(trace.begin(), trace.end(), random);
  std::printf("exponent %.3f; %zu domains", exponent, trace.size());
  return trace;
}

// Hosts are numbers below this.
uint32_t Bound(const Trace& trace) {
  return *std::max_element(trace.begin(), trace.end()) + 1;
}

int64_t CountHosts(const Trace& trace) {
  std::vector<bool> seen(Bound(trace));
  for (uint32_t host : trace) seen[host] = true;
  return std::count(seen.begin(), seen.end(), true);
}

int64_t LruHits(const Trace& trace, size_t capacity) {
  std::list<uint32_t> order;
  std::vector<std::list<uint32_t>::iterator> known(Bound(trace), order.end());
  int64_t hits = 0;
  for (uint32_t host : trace) {
    if (known[host] != order.end()) {
      ++hits;
      order.splice(order.begin(), order, known[host]);
      continue;
    }
    known[host] = order.insert(order.begin(), host);
    if (order.size() <= capacity) continue;
    known[order.back()] = order.end();
    order.pop_back();
  }
  return hits;
}

// Where each domain's host comes next.
std::vector<uint32_t> NextUses(const Trace& trace) {
  constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();
  std::vector<uint32_t> next(trace.size());
  std::vector<uint32_t> seen(Bound(trace), kNever);
  for (size_t i = trace.size(); i-- > 0;) {
    next[i] = std::exchange(seen[trace[i]], static_cast<uint32_t>(i));
  }
  return next;
}

// Belady: out goes whoever is wanted last, be it the newcomer.
int64_t OptimalHits(const Trace& trace, size_t capacity) {
  const std::vector<uint32_t> next = NextUses(trace);
  std::priority_queue<std::pair<uint32_t, uint32_t>> by_next_use;
  std::vector<uint32_t> next_use(Bound(trace));  // 0 for who is not held.
  size_t held = 0;
  int64_t hits = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    const uint32_t host = trace[i];
    const bool known = next_use[host] != 0;
    hits += known;
    held += !known;
    next_use[host] = next[i];
    by_next_use.emplace(next[i], host);
    while (held > capacity) {
      const auto [use, last] = by_next_use.top();
      by_next_use.pop();
      if (next_use[last] != use) continue;  // It was wanted in between.
      next_use[last] = 0;
      --held;
    }
  }
  return hits;
}

Name NameOf(uint32_t host) {
  return *Name::FromText(
      std::string("mx").append(std::to_string(host)).append(".mail.example"));
}

void Learn(HostCache& cache, const Name& name) {
  static constexpr IpAddress kV4{};
  static constexpr IpAddress kV6{.family = IpAddress::Family::kV6};
  Host host;
  host.name = host.end = name;
  host.a = {Outcome::kAnswer, false, absl::MakeSpan(&kV4, 1)};
  host.aaaa = {Outcome::kAnswer, false, absl::MakeSpan(&kV6, 1)};
  cache.Insert(host, kNow);
}

int64_t OurHits(const Trace& trace, HostCache& cache) {
  int64_t hits = 0;
  Host host;
  for (uint32_t i : trace) {
    const Name name = NameOf(i);
    if (cache.Find(name, kNow, host)) {
      ++hits;
    } else {
      Learn(cache, name);
    }
  }
  return hits;
}

// Octets beside the name that one of many hosts takes.
double OctetsPerHost() {
  constexpr uint32_t kHosts = 1'000'000;
  HostCache cache(1 << 30, /*seed=*/1);
  const size_t empty = cache.bytes();
  double names = 0;
  for (uint32_t i = 0; i < kHosts; ++i) {
    const Name name = NameOf(i);
    names += name.view().size();
    Learn(cache, name);
  }
  return (static_cast<double>(cache.bytes() - empty) - names) / kHosts;
}

void Print(const char* what, int64_t hits, const Trace& trace,
           int64_t unbounded) {
  const auto count = static_cast<double>(hits);
  std::printf("%-12s %6.2f %% of the domains, %6.2f %% of unbounded\n", what,
              100 * count / static_cast<double>(trace.size()),
              100 * count / static_cast<double>(unbounded));
}

int Main(int argc, char** argv) {
  const double scale = argc > 1 ? std::atof(argv[1]) : 10;
  const double percent = argc > 2 ? std::atof(argv[2]) : 1;
  if (scale < 1 || percent <= 0 || percent > 100) {
    std::fprintf(stderr, "usage: cache_trace [SCALE [PERCENT]]\n");
    return 2;
  }
  const Trace trace = MakeTrace(scale);
  const int64_t hosts = CountHosts(trace);
  const double room = static_cast<double>(hosts) * percent / 100;
  const double octets = OctetsPerHost();
  const int name_octets = NameOf(Bound(trace)).view().size();
  const int64_t unbounded = static_cast<int64_t>(trace.size()) - hosts;
  HostCache ours(static_cast<int64_t>(room * (64 + name_octets)), /*seed=*/1);
  std::printf(
      " of %lld hosts\nroom for %.0f hosts; ours has %.0f KiB, 64 "
      "octets and the name for each\n",
      static_cast<long long>(hosts), room, room * (64 + name_octets) / 1024);
  std::printf("a host with two addresses takes its name and %.1f octets\n",
              octets);
  Print("unbounded", unbounded, trace, unbounded);
  Print("optimum", OptimalHits(trace, static_cast<size_t>(room)), trace,
        unbounded);
  Print("ours", OurHits(trace, ours), trace, unbounded);
  Print("LRU", LruHits(trace, static_cast<size_t>(room)), trace, unbounded);
  std::printf("ours holds %zu hosts at the end\n", ours.size());
  return 0;
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) { return mxscan::Main(argc, argv); }
