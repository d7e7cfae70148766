#include "scanner/summary/merge_summaries.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/summary/make_summary.h"
#include "scanner/summary/tally.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

// Name and category of each provider.
using Names = std::map<std::string, std::pair<std::string, std::string>>;

absl::Status AddSurvey(const NamedSummary& part, Survey& survey) {
  const auto& counters = part.summary.survey.counters;
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    const auto found = std::ranges::find(counters, Survey::NameOf(table),
                                         &SurveySummary::Counters::table);
    std::optional<TopCounts> counts;
    if (found != counters.end()) counts = TopCounts::FromText(found->text);
    if (!counts) {
      return absl::InvalidArgumentError(absl::StrCat(
          part.path, ": its counters lack ", std::string(Survey::NameOf(table)),
          "; write the summary again, by this version of mxscan"));
    }
    survey.counts(table).Add(*counts);
  }
  return absl::OkStatus();
}

absl::Status AddRows(const NamedSummary& part, Tally& rows) {
  const RunSummary& summary = part.summary;
  for (const RunSummary::Count& status : summary.by_status) {
    rows.AddRows(StatusFor(status.name), status.count);
  }
  for (const RunSummary::Provider& provider : summary.providers) {
    rows.Bump(Tally::Group::kProvider, provider.id, provider.domains);
  }
  for (const RunSummary::Count& category : summary.categories) {
    rows.Bump(Tally::Group::kCategory, category.name, category.count);
  }
  for (const RunSummary::Finding& finding : summary.findings) {
    rows.BumpFinding(finding.severity, finding.id, finding.domains);
  }
  return AddSurvey(part, rows.survey());
}

void Learn(const RunSummary& summary, Names& names) {
  for (const auto& row : summary.providers) {
    names[row.id] = {row.name, row.category};
  }
  for (const auto& row : summary.survey.mailboxes) {
    names[row.id] = {row.name, row.category};
  }
}

template <typename Rows>
void SetNames(const Names& names, Rows& rows) {
  for (auto& row : rows) {
    const auto found = names.find(row.id);
    if (found == names.end()) continue;
    std::tie(row.name, row.category) = found->second;
  }
}

}  // namespace

absl::StatusOr<RunSummary> MergeSummaries(std::span<const NamedSummary> parts,
                                          const ProviderTable& providers) {
  Tally rows;
  Names names;
  std::vector<RunSummary> runs;
  for (const NamedSummary& part : parts) {
    const absl::Status added = AddRows(part, rows);
    if (!added.ok()) return added;
    Learn(part.summary, names);
    runs.push_back(part.summary);
  }
  std::ranges::stable_sort(runs, {}, &RunSummary::started_at_us);
  RunSummary sum = MakeSummary(rows, providers, runs);
  // Runs of one scan read the same input; these have each their own.
  sum.input.lines = sum.input.blank_or_comment = 0;
  for (const RunSummary& run : runs) {
    sum.input.lines += run.input.lines;
    sum.input.blank_or_comment += run.input.blank_or_comment;
    sum.finished_at_us = std::max(sum.finished_at_us, run.finished_at_us);
  }
  SetNames(names, sum.providers);
  SetNames(names, sum.survey.mailboxes);
  return sum;
}

}  // namespace mxscan
