// ParseSummary of run_summary.h.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "output/run_summary.h"
#include "output/survey_json.h"
#include "output/timestamp.h"

namespace mxscan {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::vector<RunSummary::Count>;

int64_t Integer(const Json& object, const char* key) {
  return object.at(key).get<int64_t>();
}

std::string Text(const Json& object, const char* key) {
  return object.at(key).get<std::string>();
}

// NaN, which is no number in JSON, was written as null.
double Number(const Json& object, const char* key) {
  const Json& value = object.at(key);
  return value.is_null() ? 0 : value.get<double>();
}

template <typename T>
std::optional<T> Optional(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (value.is_null()) return std::nullopt;
  return value.get<T>();
}

int64_t Time(const Json& object, const char* key) {
  return ParseTimestamp(Text(object, key)).value_or(0);
}

Counts CountsOf(const Json& object) {
  Counts counts;
  for (const auto& [name, count] : object.items()) {
    counts.push_back({name, count.get<int64_t>()});
  }
  return counts;
}

Counts CountsIn(const Json& list, const char* key) {
  Counts counts;
  for (const Json& item : list) {
    counts.push_back({Text(item, key), Integer(item, "domains")});
  }
  return counts;
}

void ReadRuns(const Json& json, RunSummary& summary) {
  summary.version = Text(json, "version");
  summary.started_at_us = Time(json, "started_at");
  summary.finished_at_us = Time(json, "finished_at");
  summary.elapsed_s = Number(json, "elapsed_s");
  for (const Json& run : json.at("runs")) {
    summary.runs.push_back({Time(run, "started_at"), Time(run, "finished_at"),
                            Number(run, "elapsed_s"), Integer(run, "rows")});
  }
}

void ReadFindings(const Json& list, RunSummary& summary) {
  for (const Json& finding : list) {
    summary.findings.push_back({Text(finding, "id"), Text(finding, "severity"),
                                Integer(finding, "domains")});
  }
}

void ReadTlds(const Json& list, RunSummary& summary) {
  for (const Json& item : list) {
    RunSummary::Tld& tld = summary.tlds.emplace_back();
    tld.name = Text(item, "tld");
    tld.domains = Integer(item, "domains");
    if (!item.contains("with_mail")) continue;  // As it once was.
    tld.with_mail = Integer(item, "with_mail");
    for (const Json& provider : item.at("providers")) {
      tld.providers.push_back(
          {Text(provider, "id"), Integer(provider, "domains")});
    }
  }
}

void ReadCounts(const Json& json, RunSummary& summary) {
  const Json& input = json.at("input");
  summary.input = {.lines = Integer(input, "lines"),
                   .rows = Integer(input, "rows"),
                   .blank_or_comment = Integer(input, "blank_or_comment"),
                   .invalid = Integer(input, "invalid")};
  const Json& domains = json.at("domains");
  summary.domains = Integer(domains, "total");
  summary.domains_with_mail = Integer(domains, "with_mail");
  summary.by_status = CountsOf(domains.at("by_status"));
  for (const Json& provider : json.at("providers")) {
    summary.providers.push_back({Text(provider, "id"), Text(provider, "name"),
                                 Text(provider, "category"),
                                 Integer(provider, "domains")});
  }
  summary.categories = CountsIn(json.at("categories"), "category");
  if (json.contains("findings")) ReadFindings(json.at("findings"), summary);
  ReadTlds(json.at("tlds"), summary);
  ReadSurvey(json, summary);
}

void ReadResolvers(const Json& json, RunSummary& summary) {
  for (const Json& resolver : json.at("resolvers")) {
    summary.resolvers.push_back(
        {.address = Text(resolver, "address"),
         .sent = Integer(resolver, "sent"),
         .answered = Integer(resolver, "answered"),
         .loss = Optional<double>(resolver, "loss"),
         .rtt_p50_us = Optional<int64_t>(resolver, "rtt_p50_us"),
         .rtt_p95_us = Optional<int64_t>(resolver, "rtt_p95_us"),
         .rtt_p99_us = Optional<int64_t>(resolver, "rtt_p99_us"),
         .rate_qps = Number(resolver, "rate_qps"),
         .rate_limit_qps = Optional<double>(resolver, "rate_limit_qps"),
         .notes = resolver.at("notes").get<std::vector<std::string>>()});
  }
}

void ReadFigures(const Json& json, RunSummary& summary) {
  const Json& queries = json.at("queries");
  summary.queries = {.sent = Integer(queries, "sent"),
                     .answered = Integer(queries, "answered"),
                     .retried = Integer(queries, "retried"),
                     .retried_in_vain = Integer(queries, "retried_in_vain"),
                     .tcp = Integer(queries, "tcp"),
                     .strays = Integer(queries, "strays"),
                     .kernel_drops = Integer(queries, "kernel_drops"),
                     .by_outcome = CountsOf(queries.at("by_outcome"))};
  const Json& hosts = json.at("hosts");
  summary.hosts = {.distinct = Integer(hosts, "distinct"),
                   .asked = Integer(hosts, "asked"),
                   .cache_hits = Integer(hosts, "cache_hits"),
                   .messages = Integer(hosts, "messages")};
  if (json.contains("answers")) {  // Older summaries have none.
    const Json& answers = json.at("answers");
    summary.answers = {.asked = Integer(answers, "asked"),
                       .cache_hits = Integer(answers, "cache_hits"),
                       .messages = Integer(answers, "messages")};
  }
  const Json& rates = json.at("rates");
  summary.domains_per_s = Number(rates, "domains_per_s");
  summary.queries_per_s = Number(rates, "queries_per_s");
  summary.cpu_us_per_query = Optional<double>(json, "cpu_us_per_query");
  summary.rss_bytes = Integer(json, "rss_bytes");
}

}  // namespace

// The library throws at what is not as it should be; nobody else does.
absl::StatusOr<RunSummary> ParseSummary(std::string_view json) {
  RunSummary summary;
  try {
    const Json parsed = Json::parse(json);
    if (Integer(parsed, "schema") != kSummarySchema) {
      return absl::DataLossError("a summary of another version of mxscan");
    }
    ReadRuns(parsed, summary);
    ReadCounts(parsed, summary);
    ReadResolvers(parsed, summary);
    ReadFigures(parsed, summary);
    if (parsed.contains("notices")) {  // Older summaries have none.
      summary.notices = parsed.at("notices").get<std::vector<std::string>>();
    }
  } catch (const Json::exception& error) {
    return absl::DataLossError(std::string("no summary: ") + error.what());
  }
  return summary;
}

}  // namespace mxscan
