#include "scanner/summary/run_figures.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "scanner/summary/resolver_notes.h"
#include "scanner/task/words.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

using Micros = std::chrono::microseconds;
using Queries = RunSummary::Queries;
using Resolver = RunSummary::Resolver;

constexpr int kOutcomes = std::size(ResolverStats{}.by_outcome);

int64_t UnixMicros(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<Micros>(time.time_since_epoch()).count();
}

// Sums, whatever they are of.

void Add(const RunSummary::Count& count, std::vector<RunSummary::Count>& sum) {
  const auto same =
      std::ranges::find(sum, count.name, &RunSummary::Count::name);
  if (same == sum.end()) {
    sum.push_back(count);
  } else {
    same->count += count.count;
  }
}

void Add(const Queries& part, Queries& sum) {
  for (int64_t Queries::*count :
       {&Queries::sent, &Queries::answered, &Queries::retried,
        &Queries::retried_in_vain, &Queries::tcp, &Queries::strays,
        &Queries::kernel_drops}) {
    sum.*count += part.*count;
  }
  for (const RunSummary::Count& count : part.by_outcome) {
    Add(count, sum.by_outcome);
  }
}

void Add(const RunSummary::Hosts& part, RunSummary::Hosts& sum) {
  sum.distinct += part.distinct;
  sum.asked += part.asked;
  sum.cache_hits += part.cache_hits;
  sum.messages += part.messages;
}

void Add(const RunSummary::Answers& part, RunSummary::Answers& sum) {
  sum.asked += part.asked;
  sum.cache_hits += part.cache_hits;
  sum.messages += part.messages;
}

// What was asked of a resolver, and who speaks for its round-trips: the part
// that heard most. `most` is what that one heard so far.
void Add(const Resolver& part, Resolver& sum, int64_t& most) {
  sum.sent += part.sent;
  sum.answered += part.answered;
  if (part.answered <= most) return;
  most = part.answered;
  sum.rtt_p50_us = part.rtt_p50_us;
  sum.rtt_p95_us = part.rtt_p95_us;
  sum.rtt_p99_us = part.rtt_p99_us;
}

void FillLoss(Resolver& row) {
  if (row.sent == 0) return;
  const int64_t lost = std::max<int64_t>(row.sent - row.answered, 0);
  row.loss = static_cast<double>(lost) / static_cast<double>(row.sent);
}

// What a shard counted, in the summary's words.

Queries QueriesOf(const ResolverStats& shard) {
  Queries queries;
  queries.sent = shard.sent;
  queries.answered = shard.answered;
  queries.retried = shard.retried;
  queries.retried_in_vain = shard.retried_in_vain;
  queries.tcp = shard.tcp;
  queries.strays = shard.strays;
  queries.kernel_drops = shard.kernel_drops;
  for (int i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    queries.by_outcome.push_back(
        {std::string(WordFor(outcome)), shard.by_outcome[i]});
  }
  return queries;
}

RunSummary::Hosts HostsOf(const HostStats& shard) {
  return {.distinct = shard.asked,
          .asked = shard.asked,
          .cache_hits = shard.cache_hits,
          .messages = shard.messages};
}

Resolver ResolverOf(const ResolverStats::Upstream& shard) {
  Resolver row;
  row.sent = shard.sent;
  row.answered = shard.answered;
  row.rtt_p50_us = shard.rtt_p50_us;
  row.rtt_p95_us = shard.rtt_p95_us;
  row.rtt_p99_us = shard.rtt_p99_us;
  return row;
}

void AddConduct(const ResolverStats::Upstream& part,
                ResolverStats::Upstream& all) {
  all.sent += part.sent;
  all.answered += part.answered;
  all.refused += part.refused;
  all.failed += part.failed;
  all.wrong += part.wrong;
  // Every shard sees the same outage.
  all.outs = std::max(all.outs, part.outs);
  all.changes_case |= part.changes_case;
  all.without_edns |= part.without_edns;
  all.rewrites |= part.rewrites;
}

// Shards have their best seconds at different times; together they never
// exceed the ceiling.
void AddLimit(const ResolverRate& rate, Resolver& row) {
  if (rate.qps <= 0) return;
  row.rate_limit_qps = rate.qps;
  row.rate_qps = std::min(row.rate_qps, rate.qps);
  if (rate.polite) row.notes.emplace_back("polite_limit");
}

// The i-th upstream, as all shards saw it.
Resolver ResolverOfRun(const RunParts& parts, size_t i) {
  Resolver row;
  row.address = ToText(parts.resolvers.front().upstreams[i].endpoint);
  ResolverStats::Upstream all;
  int64_t most = 0;
  for (const ResolverStats& shard : parts.resolvers) {
    const ResolverStats::Upstream& part = shard.upstreams[i];
    Add(ResolverOf(part), row, most);
    row.rate_qps += part.peak_rate;
    AddConduct(part, all);
  }
  row.notes = NotesOn(all);
  AddLimit(parts.rates[i], row);
  FillLoss(row);
  return row;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) * 1e-6;
}

void FillCosts(const RunParts& parts, RunSummary& figures) {
  const double elapsed = std::chrono::duration<double>(parts.elapsed).count();
  const auto sent = static_cast<double>(figures.queries.sent);
  figures.started_at_us = UnixMicros(parts.started_at);
  figures.elapsed_s = elapsed;
  figures.finished_at_us =
      figures.started_at_us +
      std::chrono::duration_cast<Micros>(parts.elapsed).count();
  figures.runs = {
      {figures.started_at_us, figures.finished_at_us, elapsed, parts.rows}};
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  figures.rss_bytes = usage.ru_maxrss * 1024;
  if (sent > 0) {
    const double cpu = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
    figures.cpu_us_per_query = cpu * 1e6 / sent;
  }
}

// One resolver, as each run that asked it saw it.
Resolver ResolverOfAllRuns(std::span<const Resolver* const> runs) {
  Resolver row;
  row.address = runs.front()->address;
  int64_t most = 0;
  for (const Resolver* run : runs) {
    Add(*run, row, most);
    row.rate_qps = std::max(row.rate_qps, run->rate_qps);
  }
  row.rate_limit_qps = runs.back()->rate_limit_qps;
  row.notes = NotesOverRuns(runs);
  FillLoss(row);
  return row;
}

void FillResolvers(std::span<const RunSummary> runs, RunSummary& total) {
  absl::flat_hash_map<std::string_view, size_t> places;  // By address.
  std::vector<std::vector<const Resolver*>> seen;
  for (const RunSummary& run : runs) {
    for (const Resolver& row : run.resolvers) {
      const auto [place, added] = places.try_emplace(row.address, seen.size());
      if (added) seen.emplace_back();
      seen[place->second].push_back(&row);
    }
  }
  for (const std::vector<const Resolver*>& rows : seen) {
    total.resolvers.push_back(ResolverOfAllRuns(rows));
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
  Add(run.queries, total.queries);
  Add(run.hosts, total.hosts);
  Add(run.answers, total.answers);
  for (const std::string& notice : run.notices) {
    if (std::ranges::count(total.notices, notice) > 0) continue;
    total.notices.push_back(notice);
  }
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
  for (const ResolverStats& shard : parts.resolvers) {
    Add(QueriesOf(shard), figures.queries);
  }
  for (const HostStats& shard : parts.hosts) {
    Add(HostsOf(shard), figures.hosts);
  }
  for (const AnswerStats& shard : parts.answers) {
    Add({shard.asked, shard.cache_hits, shard.messages}, figures.answers);
  }
  const size_t upstreams = parts.resolvers.front().upstreams.size();
  for (size_t i = 0; i < upstreams; ++i) {
    figures.resolvers.push_back(ResolverOfRun(parts, i));
  }
  figures.notices = parts.notices;
  FillCosts(parts, figures);
  return figures;
}

RunSummary SumOf(std::span<const RunSummary> runs) {
  RunSummary total;
  for (const RunSummary& run : runs) AddRun(run, total);
  FillResolvers(runs, total);
  return total;
}

}  // namespace mxscan
