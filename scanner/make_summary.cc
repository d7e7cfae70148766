#include "scanner/make_summary.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "scanner/resolver_notes.h"
#include "scanner/version.h"
#include "scanner/words.h"

namespace mxscan {
namespace {

using Micros = std::chrono::microseconds;

int64_t UnixMicros(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<Micros>(time.time_since_epoch()).count();
}

void FillDomains(const Tally& rows, RunSummary& summary) {
  const int64_t invalid = rows.with_status(DomainStatus::kInvalidInput);
  summary.input.rows = rows.rows();
  summary.input.invalid = invalid;
  summary.domains = rows.rows() - invalid;
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    summary.by_status.push_back(
        {std::string(WordFor(status)), rows.with_status(status)});
  }
  summary.domains_with_mail = rows.with_status(DomainStatus::kOk) +
                              rows.with_status(DomainStatus::kImplicitMx);
}

void FillShares(const Tally& rows, const ProviderTable& providers,
                RunSummary& summary) {
  for (const Tally::Count& count : rows.Sorted(Tally::Group::kProvider)) {
    RunSummary::Provider& row = summary.providers.emplace_back();
    row.id = count.id;
    row.domains = count.domains;
    if (const Provider* provider = providers.ById(count.id)) {
      row.name = provider->name;
      row.category = provider->category;
    }
  }
  for (const Tally::Count& count : rows.Sorted(Tally::Group::kCategory)) {
    summary.categories.push_back({count.id, count.domains});
  }
  for (const Tally::Count& count : rows.Sorted(Tally::Group::kTld)) {
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

void AddConduct(const ResolverStats::Upstream& part,
                ResolverStats::Upstream& all) {
  all.sent += part.sent;
  all.answered += part.answered;
  all.refused += part.refused;
  all.wrong += part.wrong;
  // Every shard sees the same outage.
  all.outs = std::max(all.outs, part.outs);
  all.changes_case |= part.changes_case;
  all.without_edns |= part.without_edns;
  all.rewrites |= part.rewrites;
}

void FillLoss(RunSummary::Resolver& row) {
  if (row.sent == 0) return;
  const int64_t lost = std::max<int64_t>(row.sent - row.answered, 0);
  row.loss = static_cast<double>(lost) / static_cast<double>(row.sent);
}

void FillResolvers(const RunParts& parts, RunSummary& summary) {
  const size_t upstreams = parts.resolvers.front().upstreams.size();
  for (size_t i = 0; i < upstreams; ++i) {
    RunSummary::Resolver& row = summary.resolvers.emplace_back();
    row.address = ToText(parts.resolvers.front().upstreams[i].endpoint);
    const ResolverStats::Upstream* largest = nullptr;
    ResolverStats::Upstream all;
    for (const ResolverStats& shard : parts.resolvers) {
      const ResolverStats::Upstream& part = shard.upstreams[i];
      if (largest == nullptr || part.answered > largest->answered) {
        largest = &part;
      }
      AddUpstream(part, *largest, row);
      AddConduct(part, all);
    }
    row.notes = NotesOn(all);
    AddLimit(parts.rates[i], row);
    FillLoss(row);
  }
}

void FillQueries(const RunParts& parts, RunSummary& summary) {
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
    queries.kernel_drops += shard.kernel_drops;
    for (int i = 0; i < kOutcomes; ++i) {
      queries.by_outcome[i].count += shard.by_outcome[i];
    }
  }
}

void FillHosts(const RunParts& parts, RunSummary& summary) {
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

void FillCosts(const RunParts& parts, RunSummary& summary) {
  const double elapsed = std::chrono::duration<double>(parts.elapsed).count();
  const auto sent = static_cast<double>(summary.queries.sent);
  summary.started_at_us = UnixMicros(parts.started_at);
  summary.elapsed_s = elapsed;
  summary.finished_at_us =
      summary.started_at_us +
      std::chrono::duration_cast<Micros>(parts.elapsed).count();
  summary.runs = {
      {summary.started_at_us, summary.finished_at_us, elapsed, parts.rows}};
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  summary.rss_bytes = usage.ru_maxrss * 1024;
  if (sent > 0) {
    const double cpu = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
    summary.cpu_us_per_query = cpu * 1e6 / sent;
  }
}

void AddResolver(const RunSummary::Resolver& row, RunSummary& total) {
  const auto same = std::ranges::find(total.resolvers, row.address,
                                      &RunSummary::Resolver::address);
  if (same == total.resolvers.end()) {
    total.resolvers.push_back(row);
    return;
  }
  // As among shards, the run that heard most speaks for the round-trips.
  if (row.answered > same->answered) {
    same->rtt_p50_us = row.rtt_p50_us;
    same->rtt_p95_us = row.rtt_p95_us;
    same->rtt_p99_us = row.rtt_p99_us;
  }
  same->sent += row.sent;
  same->answered += row.answered;
  same->rate_qps = std::max(same->rate_qps, row.rate_qps);
  same->rate_limit_qps = row.rate_limit_qps;
  for (const std::string& note : row.notes) {
    if (std::ranges::find(same->notes, note) == same->notes.end()) {
      same->notes.push_back(note);
    }
  }
  FillLoss(*same);
}

void AddQueries(const RunSummary::Queries& queries,
                RunSummary::Queries& total) {
  total.sent += queries.sent;
  total.answered += queries.answered;
  total.retried += queries.retried;
  total.retried_in_vain += queries.retried_in_vain;
  total.tcp += queries.tcp;
  total.strays += queries.strays;
  total.kernel_drops += queries.kernel_drops;
  for (const RunSummary::Count& count : queries.by_outcome) {
    const auto same = std::ranges::find(total.by_outcome, count.name,
                                        &RunSummary::Count::name);
    if (same == total.by_outcome.end()) {
      total.by_outcome.push_back(count);
    } else {
      same->count += count.count;
    }
  }
}

double CpuMicros(const RunSummary& run) {
  return run.cpu_us_per_query.value_or(0) *
         static_cast<double>(run.queries.sent);
}

void AddRun(const RunSummary& run, RunSummary& total) {
  const double cpu_us = CpuMicros(total) + CpuMicros(run);
  if (total.runs.empty()) total.started_at_us = run.started_at_us;
  total.finished_at_us = run.finished_at_us;
  total.elapsed_s += run.elapsed_s;
  total.runs.insert(total.runs.end(), run.runs.begin(), run.runs.end());
  // Each run reads the input from its beginning.
  total.input.lines = std::max(total.input.lines, run.input.lines);
  total.input.blank_or_comment =
      std::max(total.input.blank_or_comment, run.input.blank_or_comment);
  for (const RunSummary::Resolver& row : run.resolvers) AddResolver(row, total);
  AddQueries(run.queries, total.queries);
  total.hosts.distinct += run.hosts.distinct;
  total.hosts.asked += run.hosts.asked;
  total.hosts.cache_hits += run.hosts.cache_hits;
  total.rss_bytes = std::max(total.rss_bytes, run.rss_bytes);
  if (total.queries.sent > 0) {
    total.cpu_us_per_query = cpu_us / static_cast<double>(total.queries.sent);
  }
}

}  // namespace

RunSummary FiguresOf(const RunParts& parts) {
  RunSummary figures;
  figures.version = kVersion;
  figures.input.lines = parts.lines;
  figures.input.blank_or_comment = parts.skipped;
  FillResolvers(parts, figures);
  FillQueries(parts, figures);
  FillHosts(parts, figures);
  FillCosts(parts, figures);
  return figures;
}

RunSummary MakeSummary(const Tally& rows, const ProviderTable& providers,
                       std::span<const RunSummary> runs) {
  RunSummary summary;
  summary.version = kVersion;
  for (const RunSummary& run : runs) AddRun(run, summary);
  FillDomains(rows, summary);
  FillShares(rows, providers, summary);
  if (summary.elapsed_s > 0) {
    summary.domains_per_s =
        static_cast<double>(summary.domains) / summary.elapsed_s;
    summary.queries_per_s =
        static_cast<double>(summary.queries.sent) / summary.elapsed_s;
  }
  return summary;
}

}  // namespace mxscan
