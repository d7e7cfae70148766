#include "output/run_summary.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <tuple>

#include "output/atomic_file.h"
#include "output/survey_json.h"
#include "output/timestamp.h"

namespace mxscan {
namespace {

using Json = nlohmann::ordered_json;

std::string Time(int64_t unix_us) {
  return std::string(ToView(FormatTimestamp(unix_us)));
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ObjectOf(const std::vector<RunSummary::Count>& counts) {
  Json object = Json::object();
  for (const RunSummary::Count& count : counts) {
    object[count.name] = count.count;
  }
  return object;
}

// Largest first, equals by name, so that equal runs give equal files.
std::vector<RunSummary::Count> Sorted(std::vector<RunSummary::Count> counts) {
  std::ranges::sort(counts, [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  });
  return counts;
}

Json ListOf(std::string_view key, const std::vector<RunSummary::Count>& counts,
            int64_t whole) {
  Json list = Json::array();
  for (const RunSummary::Count& count : Sorted(counts)) {
    list.push_back({{std::string(key), count.name},
                    {"domains", count.count},
                    {"share", Share(count.count, whole)}});
  }
  return list;
}

Json ProvidersOf(const RunSummary& summary) {
  std::vector<RunSummary::Provider> providers = summary.providers;
  std::ranges::sort(providers, [](const auto& a, const auto& b) {
    return a.domains != b.domains ? a.domains > b.domains : a.id < b.id;
  });
  Json list = Json::array();
  for (const RunSummary::Provider& provider : providers) {
    list.push_back(
        {{"id", provider.id},
         {"name", provider.name},
         {"category", provider.category},
         {"domains", provider.domains},
         {"share", Share(provider.domains, summary.domains_with_mail)}});
  }
  return list;
}

int RankOf(const std::string& severity) {
  if (severity == "error") return 0;
  return severity == "warning" ? 1 : 2;
}

Json FindingsOf(const RunSummary& summary) {
  std::vector<RunSummary::Finding> findings = summary.findings;
  std::ranges::sort(findings, [](const auto& a, const auto& b) {
    return std::make_tuple(RankOf(a.severity), -a.domains, a.id) <
           std::make_tuple(RankOf(b.severity), -b.domains, b.id);
  });
  Json list = Json::array();
  for (const RunSummary::Finding& finding : findings) {
    list.push_back({{"id", finding.id},
                    {"severity", finding.severity},
                    {"domains", finding.domains}});
  }
  return list;
}

Json TldOf(const RunSummary::Tld& tld, int64_t whole) {
  Json providers = Json::array();
  for (const RunSummary::Count& provider : tld.providers) {
    providers.push_back({{"id", provider.name},
                         {"domains", provider.count},
                         {"share", Share(provider.count, tld.with_mail)}});
  }
  return {{"tld", tld.name},
          {"domains", tld.domains},
          {"share", Share(tld.domains, whole)},
          {"with_mail", tld.with_mail},
          {"providers", std::move(providers)}};
}

Json TldsOf(const RunSummary& summary) {
  std::vector<RunSummary::Tld> tlds = summary.tlds;
  std::ranges::sort(tlds, [](const auto& a, const auto& b) {
    return a.domains != b.domains ? a.domains > b.domains : a.name < b.name;
  });
  if (tlds.size() > RunSummary::kMaxTlds) tlds.resize(RunSummary::kMaxTlds);
  Json list = Json::array();
  for (const RunSummary::Tld& tld : tlds) {
    list.push_back(TldOf(tld, summary.domains));
  }
  return list;
}

Json ResolversOf(const RunSummary& summary) {
  Json list = Json::array();
  for (const RunSummary::Resolver& resolver : summary.resolvers) {
    std::optional<double> loss = resolver.loss;
    if (loss) loss = Round(*loss, 6);
    std::optional<double> limit = resolver.rate_limit_qps;
    if (limit) limit = Round(*limit, 3);
    list.push_back({{"address", resolver.address},
                    {"sent", resolver.sent},
                    {"answered", resolver.answered},
                    {"loss", OrNull(loss)},
                    {"rtt_p50_us", OrNull(resolver.rtt_p50_us)},
                    {"rtt_p95_us", OrNull(resolver.rtt_p95_us)},
                    {"rtt_p99_us", OrNull(resolver.rtt_p99_us)},
                    {"rate_qps", Round(resolver.rate_qps, 1)},
                    {"rate_limit_qps", OrNull(limit)},
                    {"notes", resolver.notes}});
  }
  return list;
}

Json RunsOf(const RunSummary& summary) {
  Json list = Json::array();
  for (const RunSummary::Run& run : summary.runs) {
    list.push_back({{"started_at", Time(run.started_at_us)},
                    {"finished_at", Time(run.finished_at_us)},
                    {"elapsed_s", Round(run.elapsed_s, 6)},
                    {"rows", run.rows}});
  }
  return list;
}

Json QueriesOf(const RunSummary::Queries& queries) {
  return {{"sent", queries.sent},
          {"answered", queries.answered},
          {"retried", queries.retried},
          {"retried_in_vain", queries.retried_in_vain},
          {"tcp", queries.tcp},
          {"strays", queries.strays},
          {"kernel_drops", queries.kernel_drops},
          {"by_outcome", ObjectOf(queries.by_outcome)}};
}

void AddCounts(const RunSummary& summary, Json& json) {
  json["input"] = {{"lines", summary.input.lines},
                   {"rows", summary.input.rows},
                   {"blank_or_comment", summary.input.blank_or_comment},
                   {"invalid", summary.input.invalid}};
  json["domains"] = {{"total", summary.domains},
                     {"with_mail", summary.domains_with_mail},
                     {"by_status", ObjectOf(summary.by_status)}};
  json["providers"] = ProvidersOf(summary);
  json["categories"] =
      ListOf("category", summary.categories, summary.domains_with_mail);
  json["findings"] = FindingsOf(summary);
  AddSurvey(summary, json);
  json["tlds"] = TldsOf(summary);
}

}  // namespace

std::string ToJson(const RunSummary& summary) {
  Json json;
  json["schema"] = kSummarySchema;
  json["version"] = summary.version;
  json["started_at"] = Time(summary.started_at_us);
  json["finished_at"] = Time(summary.finished_at_us);
  json["elapsed_s"] = Round(summary.elapsed_s, 6);
  json["runs"] = RunsOf(summary);
  AddCounts(summary, json);
  json["queries"] = QueriesOf(summary.queries);
  json["resolvers"] = ResolversOf(summary);
  json["notices"] = summary.notices;
  json["hosts"] = {{"distinct", summary.hosts.distinct},
                   {"asked", summary.hosts.asked},
                   {"cache_hits", summary.hosts.cache_hits},
                   {"messages", summary.hosts.messages}};
  json["answers"] = {{"asked", summary.answers.asked},
                     {"cache_hits", summary.answers.cache_hits},
                     {"messages", summary.answers.messages}};
  json["rates"] = {{"domains_per_s", Round(summary.domains_per_s, 1)},
                   {"queries_per_s", Round(summary.queries_per_s, 1)}};
  std::optional<double> cpu = summary.cpu_us_per_query;
  if (cpu) cpu = Round(*cpu, 3);
  json["cpu_us_per_query"] = OrNull(cpu);
  json["rss_bytes"] = summary.rss_bytes;
  AddCounters(summary, json);
  return json.dump(/*indent=*/2, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace) +
         "\n";
}

absl::Status WriteSummary(const RunSummary& summary, const std::string& path) {
  return WriteAtomically(path, ToJson(summary));
}

}  // namespace mxscan
