#include "scanner/summary/run_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mxscan {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Resolver = RunSummary::Resolver;

Endpoint EndpointOf(uint8_t last_octet) {
  Endpoint endpoint;
  endpoint.address.octets = {192, 0, 2, last_octet};
  return endpoint;
}

// A shard that counted `n` of this, 2 n of that, and so on.
ResolverStats ShardWith(int64_t n) {
  ResolverStats stats;
  stats.sent = n;
  stats.answered = 2 * n;
  stats.retried = 3 * n;
  stats.retried_in_vain = 4 * n;
  stats.tcp = 5 * n;
  stats.strays = 6 * n;
  stats.kernel_drops = 7 * n;
  stats.by_outcome[static_cast<int>(Outcome::kServFail)] = 8 * n;
  stats.upstreams.resize(1);
  stats.upstreams[0].endpoint = EndpointOf(1);
  return stats;
}

// A run of shards, without ceilings.
RunParts PartsOf(std::vector<ResolverStats> shards) {
  RunParts parts;
  parts.rates.resize(shards.front().upstreams.size());
  parts.hosts.resize(shards.size());
  parts.answers.resize(shards.size());
  parts.resolvers = std::move(shards);
  return parts;
}

// A run that asked one resolver, which answered so much.
RunSummary RunOf(int64_t answered, std::vector<std::string> notes = {}) {
  RunSummary run;
  Resolver& row = run.resolvers.emplace_back();
  row.address = "192.0.2.1";
  row.sent = answered + 100;
  row.answered = answered;
  row.rtt_p50_us = row.rtt_p95_us = row.rtt_p99_us = answered;
  row.rate_qps = static_cast<double>(answered);
  row.notes = std::move(notes);
  return run;
}

Resolver SumOfResolver(const std::vector<RunSummary>& runs) {
  const RunSummary sum = SumOf(runs);
  EXPECT_EQ(sum.resolvers.size(), 1u);
  return sum.resolvers.front();
}

void ExpectCounts(const RunSummary::Queries& queries, int64_t n) {
  EXPECT_EQ(queries.sent, n);
  EXPECT_EQ(queries.answered, 2 * n);
  EXPECT_EQ(queries.retried, 3 * n);
  EXPECT_EQ(queries.retried_in_vain, 4 * n);
  EXPECT_EQ(queries.tcp, 5 * n);
  EXPECT_EQ(queries.strays, 6 * n);
  EXPECT_EQ(queries.kernel_drops, 7 * n);
  ASSERT_EQ(queries.by_outcome.size(), 8u);
  for (const RunSummary::Count& count : queries.by_outcome) {
    EXPECT_EQ(count.count, count.name == "servfail" ? 8 * n : 0) << count.name;
  }
}

TEST(RunFigures, AddUpWhatTheShardsCounted) {
  const RunParts parts = PartsOf({ShardWith(10), ShardWith(1)});
  ExpectCounts(FiguresOf(parts).queries, 11);
}

TEST(RunFigures, AddUpWhatTheRunsCounted) {
  const std::vector<RunSummary> runs = {
      FiguresOf(PartsOf({ShardWith(10), ShardWith(1)})),
      FiguresOf(PartsOf({ShardWith(100)}))};
  ExpectCounts(SumOf(runs).queries, 111);
}

TEST(RunFigures, AddUpHosts) {
  RunParts parts = PartsOf({ShardWith(1), ShardWith(1)});
  parts.hosts[0].asked = 3;
  parts.hosts[0].cache_hits = 5;
  parts.hosts[1].asked = 4;
  parts.answers[0].asked = 2;
  parts.answers[1].messages = 6;
  const std::vector<RunSummary> runs = {FiguresOf(parts), FiguresOf(parts)};
  EXPECT_EQ(SumOf(runs).answers.asked, 4);
  EXPECT_EQ(SumOf(runs).answers.messages, 12);
  EXPECT_EQ(runs[0].hosts.asked, 7);
  EXPECT_EQ(runs[0].hosts.distinct, 7);
  EXPECT_EQ(runs[0].hosts.cache_hits, 5);
  EXPECT_EQ(SumOf(runs).hosts.asked, 14);
  EXPECT_EQ(SumOf(runs).hosts.cache_hits, 10);
}

TEST(RunFigures, LetTheShardThatHeardMostSpeakForTheRoundTrips) {
  RunParts parts = PartsOf({ShardWith(1), ShardWith(1), ShardWith(1)});
  const int64_t answered[] = {5, 50, 10};
  for (int i = 0; i < 3; ++i) {
    ResolverStats::Upstream& upstream = parts.resolvers[i].upstreams[0];
    upstream.sent = 2 * answered[i];
    upstream.answered = answered[i];
    upstream.rtt_p50_us = 100 + i;
    upstream.peak_rate = 7;
    upstream.outs = i < 2 ? 1 : 0;
  }
  parts.resolvers[2].upstreams[0].rewrites = true;
  const Resolver row = FiguresOf(parts).resolvers.front();
  EXPECT_EQ(row.address, "192.0.2.1");
  EXPECT_EQ(row.sent, 130);
  EXPECT_EQ(row.answered, 65);
  EXPECT_EQ(row.loss, .5);
  EXPECT_EQ(row.rtt_p50_us, 101);
  EXPECT_EQ(row.rate_qps, 21);
  // Two of them saw the same outage, and one of them the lies.
  EXPECT_THAT(row.notes, ElementsAre("went_out", "rewrites_nxdomain"));
}

TEST(RunFigures, NeverShowARateAboveItsCeiling) {
  RunParts parts = PartsOf({ShardWith(1), ShardWith(1)});
  for (ResolverStats& shard : parts.resolvers) {
    shard.upstreams[0].peak_rate = 80;
  }
  parts.rates[0] = {.qps = 100, .polite = true};
  const Resolver row = FiguresOf(parts).resolvers.front();
  EXPECT_EQ(row.rate_qps, 100);
  EXPECT_EQ(row.rate_limit_qps, 100);
  EXPECT_THAT(row.notes, ElementsAre("polite_limit"));
}

TEST(RunFigures, LetTheRunThatHeardMostSpeakForTheRoundTrips) {
  // More than each before it, but less than both together.
  const Resolver row = SumOfResolver({RunOf(100), RunOf(80), RunOf(150)});
  EXPECT_EQ(row.sent, 630);
  EXPECT_EQ(row.answered, 330);
  EXPECT_EQ(row.rtt_p50_us, 150);
  EXPECT_EQ(row.rtt_p99_us, 150);
  EXPECT_EQ(row.rate_qps, 150);
  EXPECT_NEAR(*row.loss, 300. / 630, 1e-9);
}

TEST(RunFigures, KeepApartWhatDifferentResolversDid) {
  std::vector<RunSummary> runs = {RunOf(100, {"refused"}), RunOf(7)};
  runs[1].resolvers[0].address = "192.0.2.2";
  const RunSummary sum = SumOf(runs);
  ASSERT_EQ(sum.resolvers.size(), 2u);
  EXPECT_EQ(sum.resolvers[0].answered, 100);
  EXPECT_THAT(sum.resolvers[0].notes, ElementsAre("refused"));
  EXPECT_EQ(sum.resolvers[1].answered, 7);
  EXPECT_THAT(sum.resolvers[1].notes, IsEmpty());
}

TEST(RunFigures, NameWhatWasOddInAnyRunOnce) {
  const Resolver row = SumOfResolver({RunOf(1, {"refused", "no_edns"}),
                                      RunOf(2, {"changes_case", "refused"})});
  EXPECT_THAT(row.notes, ElementsAre("refused", "no_edns", "changes_case"));
}

TEST(RunFigures, KeepTheNoticesOfEveryRunOnce) {
  RunParts parts = PartsOf({ShardWith(1)});
  parts.notices = {"one", "two"};
  const RunSummary first = FiguresOf(parts);
  EXPECT_THAT(first.notices, ElementsAre("one", "two"));
  parts.notices = {"two", "three"};
  const std::vector<RunSummary> runs = {first, FiguresOf(parts)};
  EXPECT_THAT(SumOf(runs).notices, ElementsAre("one", "two", "three"));
}

TEST(RunFigures, SayOfNobodyWhoAnsweredInOneRunThatHeNeverDid) {
  const RunSummary silent = RunOf(0, {"never_answered"});
  EXPECT_THAT(SumOfResolver({silent, RunOf(5)}).notes, IsEmpty());
  EXPECT_THAT(SumOfResolver({RunOf(5), silent}).notes, IsEmpty());
  EXPECT_THAT(SumOfResolver({silent, silent}).notes,
              ElementsAre("never_answered"));
}

TEST(RunFigures, CountAnOutageInEachOfTwoRunsAsTwo) {
  const RunSummary once = RunOf(5, {"went_out", "refused"});
  const RunSummary often = RunOf(5, {"flapped"});
  EXPECT_THAT(SumOfResolver({once, RunOf(5)}).notes,
              ElementsAre("went_out", "refused"));
  EXPECT_THAT(SumOfResolver({once, once}).notes,
              ElementsAre("flapped", "refused"));
  EXPECT_THAT(SumOfResolver({RunOf(5), often}).notes, ElementsAre("flapped"));
}

TEST(RunFigures, KeepTheCeilingOfTheLastRunAndSayWhoseItIs) {
  RunSummary polite = RunOf(5, {"polite_limit"});
  polite.resolvers[0].rate_limit_qps = 500;
  RunSummary typed = RunOf(5);
  typed.resolvers[0].rate_limit_qps = 2000;
  const Resolver typed_last = SumOfResolver({polite, typed});
  EXPECT_EQ(typed_last.rate_limit_qps, 2000);
  EXPECT_THAT(typed_last.notes, IsEmpty());
  const Resolver polite_last = SumOfResolver({typed, polite});
  EXPECT_EQ(polite_last.rate_limit_qps, 500);
  EXPECT_THAT(polite_last.notes, ElementsAre("polite_limit"));
  EXPECT_EQ(SumOfResolver({polite, RunOf(5)}).rate_limit_qps, std::nullopt);
}

TEST(RunFigures, AddUpTimesAndShareOutTheProcessor) {
  RunParts parts = PartsOf({ShardWith(1)});
  parts.started_at += seconds(1000);
  parts.elapsed = seconds(10);
  parts.rows = 4;
  RunSummary first = FiguresOf(parts);
  parts.started_at += seconds(1000);
  parts.rows = 3;
  RunSummary second = FiguresOf(parts);
  first.cpu_us_per_query = 30;
  second.queries.sent = 2;
  second.cpu_us_per_query = 60;
  const RunSummary sum = SumOf(std::vector<RunSummary>{first, second});
  EXPECT_EQ(sum.started_at_us, 1'000'000'000);
  EXPECT_EQ(sum.finished_at_us, 2'010'000'000);
  EXPECT_EQ(sum.elapsed_s, 20);
  ASSERT_EQ(sum.runs.size(), 2u);
  EXPECT_EQ(sum.runs[0].rows, 4);
  EXPECT_EQ(sum.runs[1].rows, 3);
  EXPECT_EQ(sum.cpu_us_per_query, 50);
}

TEST(RunFigures, CountTheLinesOfTheInputOnceThoughEveryRunReadsThem) {
  RunSummary first = RunOf(1), second = RunOf(1);
  first.input.lines = 40;
  first.input.blank_or_comment = 4;
  second.input.lines = 100;
  second.input.blank_or_comment = 10;
  const RunSummary sum = SumOf(std::vector<RunSummary>{first, second});
  EXPECT_EQ(sum.input.lines, 100);
  EXPECT_EQ(sum.input.blank_or_comment, 10);
}

}  // namespace
}  // namespace mxscan
