// RunSummary is what one run came to, in plain numbers, and its JSON: what
// dashboards read. Keys keep their meaning between versions; new ones are
// added. Whoever counts decides what to count; this file only writes it down.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/survey_summary.h"

namespace mxscan {

// `schema` of the JSON: rises when a key changes its meaning or goes away.
inline constexpr int kSummarySchema = 1;

struct RunSummary {
  static constexpr size_t kMaxTlds = 100;

  // So many of a kind, as in `by_status`. Kept in the order given.
  struct Count {
    std::string name;
    int64_t count = 0;
  };

  struct Provider {
    std::string id;
    std::string name;
    std::string category;
    int64_t domains = 0;
  };

  struct Finding {
    std::string id;
    std::string severity;
    int64_t domains = 0;
  };

  struct Tld {
    std::string name;
    int64_t domains = 0;
    int64_t with_mail = 0;
    std::vector<Count> providers;  // The largest of those with mail.
  };

  struct Resolver {
    std::string address;
    int64_t sent = 0;
    int64_t answered = 0;
    std::optional<double> loss;  // 0 to 1; unknown when nothing was sent.
    std::optional<int64_t> rtt_p50_us;
    std::optional<int64_t> rtt_p95_us;
    std::optional<int64_t> rtt_p99_us;
    double rate_qps = 0;                   // The rate it reached.
    std::optional<double> rate_limit_qps;  // The ceiling it was given.
    std::vector<std::string> notes;        // What was odd about it, in words.
  };

  std::string version;
  int64_t started_at_us = 0;  // Unix time, microseconds.
  int64_t finished_at_us = 0;
  double elapsed_s = 0;  // By a clock that is never set; of all runs.

  // A scan that was interrupted and went on has several runs.
  struct Run {
    int64_t started_at_us = 0;
    int64_t finished_at_us = 0;
    double elapsed_s = 0;
    int64_t rows = 0;
  };
  std::vector<Run> runs;

  struct Input {
    int64_t lines = 0;
    int64_t rows = 0;
    int64_t blank_or_comment = 0;
    int64_t invalid = 0;
  } input;

  int64_t domains = 0;  // Rows that hold a domain, whatever came of it.
  std::vector<Count> by_status;

  // What shares are shares of: the domains that have mail.
  int64_t domains_with_mail = 0;
  std::vector<Provider> providers;  // In any order; the JSON sorts.
  std::vector<Count> categories;    // Likewise.
  std::vector<Finding> findings;    // Likewise, the most severe first.
  std::vector<Tld> tlds;            // Likewise; the JSON holds the largest.
  SurveySummary survey;

  struct Queries {
    int64_t sent = 0;
    int64_t answered = 0;
    int64_t retried = 0;
    int64_t retried_in_vain = 0;  // Of those, for what was never answered.
    int64_t tcp = 0;
    int64_t strays = 0;
    int64_t kernel_drops = 0;  // Replies for which no buffer had room.
    std::vector<Count> by_outcome;
  } queries;

  std::vector<Resolver> resolvers;

  // What was asked for and could not be done, a sentence each.
  std::vector<std::string> notices;

  struct Hosts {
    int64_t distinct = 0;
    int64_t asked = 0;
    int64_t cache_hits = 0;
    int64_t messages = 0;  // Between threads, questions and answers.
  } hosts;

  // To other questions that several domains have.
  struct Answers {
    int64_t asked = 0;
    int64_t cache_hits = 0;
    int64_t messages = 0;
  } answers;

  double domains_per_s = 0;
  double queries_per_s = 0;
  std::optional<double> cpu_us_per_query;
  int64_t rss_bytes = 0;
};

// The JSON, indented, with a line end after it. Text that is not UTF-8 is
// mended.
std::string ToJson(const RunSummary& summary);

// The summary whose JSON `json` is; kDataLoss when it is none. TLDs beyond the
// hundredth are lost, as are decimals that the JSON leaves out.
absl::StatusOr<RunSummary> ParseSummary(std::string_view json);

// Writes ToJson(summary) to the file at `path`, whole or not at all.
absl::Status WriteSummary(const RunSummary& summary, const std::string& path);

}  // namespace mxscan
