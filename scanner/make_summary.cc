#include "scanner/make_summary.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "scanner/version.h"
#include "scanner/words.h"

namespace mxscan {
namespace {

using Micros = std::chrono::microseconds;

int64_t UnixMicros(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<Micros>(time.time_since_epoch()).count();
}

void FillDomains(const SummaryParts& parts, RunSummary& summary) {
  const Tally& tally = parts.tally;
  const int64_t invalid = tally.with_status(DomainStatus::kInvalidInput);
  summary.input = {.lines = parts.lines,
                   .rows = tally.rows(),
                   .blank_or_comment = parts.skipped,
                   .invalid = invalid};
  summary.domains = tally.rows() - invalid;
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    summary.by_status.push_back(
        {std::string(WordFor(status)), tally.with_status(status)});
  }
  summary.domains_with_mail = tally.with_status(DomainStatus::kOk) +
                              tally.with_status(DomainStatus::kImplicitMx);
}

void FillShares(const SummaryParts& parts, RunSummary& summary) {
  for (const Tally::Count& count : parts.tally.providers()) {
    RunSummary::Provider& row = summary.providers.emplace_back();
    row.id = count.id;
    row.domains = count.domains;
    if (const Provider* provider = parts.providers->ById(count.id)) {
      row.name = provider->name;
      row.category = provider->category;
    }
  }
  for (const Tally::Count& count : parts.tally.categories()) {
    summary.categories.push_back({count.id, count.domains});
  }
  for (const Tally::Count& count : parts.tally.tlds()) {
    summary.tlds.push_back({count.id, count.domains});
  }
}

// The shard that heard most of an upstream speaks for its round-trips.
void AddUpstream(const ResolverStats::Upstream& part,
                 const ResolverStats::Upstream& largest,
                 RunSummary::Resolver& row) {
  row.sent += part.sent;
  row.answered += part.answered;
  row.rate_qps += part.peak_rate;
  if (largest.answered == 0) return;
  row.rtt_p50_us = largest.rtt_p50_us;
  row.rtt_p95_us = largest.rtt_p95_us;
  row.rtt_p99_us = largest.rtt_p99_us;
}

// Shards have their best seconds at different times; together they never
// exceed the ceiling.
void AddLimit(const ResolverRate& rate, RunSummary::Resolver& row) {
  if (rate.qps <= 0) return;
  row.rate_limit_qps = rate.qps;
  row.rate_qps = std::min(row.rate_qps, rate.qps);
  if (rate.polite) row.notes.emplace_back("polite_limit");
}

void FillResolvers(const SummaryParts& parts, RunSummary& summary) {
  const size_t upstreams = parts.resolvers.front().upstreams.size();
  for (size_t i = 0; i < upstreams; ++i) {
    RunSummary::Resolver& row = summary.resolvers.emplace_back();
    row.address = ToText(parts.resolvers.front().upstreams[i].endpoint);
    const ResolverStats::Upstream* largest = nullptr;
    for (const ResolverStats& shard : parts.resolvers) {
      const ResolverStats::Upstream& part = shard.upstreams[i];
      if (largest == nullptr || part.answered > largest->answered) {
        largest = &part;
      }
      AddUpstream(part, *largest, row);
    }
    AddLimit(parts.rates[i], row);
    if (row.sent > 0) {
      const int64_t lost = std::max<int64_t>(row.sent - row.answered, 0);
      row.loss = static_cast<double>(lost) / static_cast<double>(row.sent);
    }
  }
}

void FillQueries(const SummaryParts& parts, RunSummary& summary) {
  RunSummary::Queries& queries = summary.queries;
  constexpr int kOutcomes = std::size(ResolverStats{}.by_outcome);
  for (int i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    queries.by_outcome.push_back({std::string(WordFor(outcome)), 0});
  }
  for (const ResolverStats& shard : parts.resolvers) {
    queries.sent += shard.sent;
    queries.answered += shard.answered;
    queries.retried += shard.retried;
    queries.retried_in_vain += shard.retried_in_vain;
    queries.tcp += shard.tcp;
    queries.strays += shard.strays;
    for (int i = 0; i < kOutcomes; ++i) {
      queries.by_outcome[i].count += shard.by_outcome[i];
    }
  }
}

void FillHosts(const SummaryParts& parts, RunSummary& summary) {
  for (const HostStats& shard : parts.hosts) {
    summary.hosts.asked += shard.asked;
    summary.hosts.cache_hits += shard.cache_hits;
  }
  summary.hosts.distinct = summary.hosts.asked;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) * 1e-6;
}

void FillCosts(const SummaryParts& parts, RunSummary& summary) {
  const double elapsed = std::chrono::duration<double>(parts.elapsed).count();
  const auto sent = static_cast<double>(summary.queries.sent);
  summary.started_at_us = UnixMicros(parts.started_at);
  summary.elapsed_s = elapsed;
  summary.finished_at_us =
      summary.started_at_us +
      std::chrono::duration_cast<Micros>(parts.elapsed).count();
  if (elapsed > 0) {
    summary.domains_per_s = static_cast<double>(summary.domains) / elapsed;
    summary.queries_per_s = sent / elapsed;
  }
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  summary.rss_bytes = usage.ru_maxrss * 1024;
  if (sent > 0) {
    const double cpu = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
    summary.cpu_us_per_query = cpu * 1e6 / sent;
  }
}

}  // namespace

RunSummary MakeSummary(const SummaryParts& parts) {
  RunSummary summary;
  summary.version = kVersion;
  FillDomains(parts, summary);
  FillShares(parts, summary);
  FillResolvers(parts, summary);
  FillQueries(parts, summary);
  FillHosts(parts, summary);
  FillCosts(parts, summary);
  return summary;
}

}  // namespace mxscan
