#include "scanner/summary/make_summary.h"

#include <string>

#include "scanner/survey/fill_survey.h"
#include "scanner/task/words.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

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
  summary.findings = FindingsIn(rows);
  FillSurvey(rows.survey(), providers, summary);
}

}  // namespace

std::vector<RunSummary::Finding> FindingsIn(const Tally& rows) {
  std::vector<RunSummary::Finding> findings;
  for (const Tally::Count& count : rows.Sorted(Tally::Group::kFinding)) {
    const size_t blank = count.id.find(' ');
    findings.push_back(
        {count.id.substr(blank + 1), count.id.substr(0, blank), count.domains});
  }
  return findings;
}

RunSummary MakeSummary(const Tally& rows, const ProviderTable& providers,
                       std::span<const RunSummary> runs) {
  RunSummary summary = SumOf(runs);
  summary.version = kVersion;
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
