#include "scanner/audit/finding_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mxscan {

void FindingList::Clear() {
  findings_.clear();
  kept_.clear();
}

void FindingList::AddCase(FindingId id, Case which, std::string_view subject,
                          std::string_view detail, int64_t number) {
  const Severity severity = table_.SeverityOf(id, which);
  if (severity == Severity::kOff) return;
  findings_.push_back({id, severity, subject, detail, number});
}

std::string_view FindingList::Keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

void FindingList::Settle() {
  const auto key = [](const Finding& finding) {
    return std::tie(finding.severity, finding.id, finding.subject,
                    finding.detail, finding.number);
  };
  std::ranges::sort(findings_, {}, key);
  const auto rest = std::ranges::unique(findings_);
  findings_.erase(rest.begin(), rest.end());
}

}  // namespace mxscan
