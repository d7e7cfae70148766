#include "scanner/summary/tally.h"

#include <xxhash.h>

#include <algorithm>
#include <tuple>

#include "scanner/task/words.h"

namespace mxscan {

size_t Tally::TextHash::operator()(std::string_view text) const noexcept {
  return XXH3_64bits(text.data(), text.size());
}

void Tally::Bump(Group group, std::string_view id, int64_t by) {
  Counts& counts = counts_[static_cast<size_t>(group)];
  const auto found = counts.find(id);
  if (found != counts.end()) {
    found->second += by;
  } else {
    counts.emplace(std::string(id), by);
  }
}

void Tally::BumpFinding(std::string_view severity, std::string_view id,
                        int64_t by) {
  finding_.assign(severity).append(1, ' ').append(id);
  Bump(Group::kFinding, finding_, by);
}

void Tally::AddRows(DomainStatus status, int64_t rows) {
  rows_ += rows;
  by_status_[static_cast<size_t>(status)] += rows;
}

void Tally::Add(const Record& row) {
  AddShape(row, 1);
  AddOwn(row);
}

void Tally::AddShape(const Record& row, int64_t rows) {
  AddRows(StatusFor(row.status), rows);
  if (row.provider) Bump(Group::kProvider, *row.provider, rows);
  if (row.provider_category) {
    Bump(Group::kCategory, *row.provider_category, rows);
  }
  survey_.AddShape(row, rows);
  if (!row.findings) return;
  for (size_t i = 0; i < row.findings->size(); ++i) {
    BumpFinding(row.finding_severities[i], (*row.findings)[i], rows);
  }
}

void Tally::Add(const Tally& other) {
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    AddRows(status, other.with_status(status));
  }
  for (int i = 0; i < kGroups; ++i) {
    const auto group = static_cast<Group>(i);
    for (const auto& [id, domains] : other.counts(group)) {
      Bump(group, id, domains);
    }
  }
  survey_.Add(other.survey_);
}

std::vector<Tally::Count> Tally::Sorted(Group group) const {
  std::vector<Count> sorted;
  sorted.reserve(counts(group).size());
  for (const auto& [id, domains] : counts(group)) {
    sorted.push_back({id, domains});
  }
  std::ranges::sort(sorted, [](const Count& a, const Count& b) {
    return std::make_tuple(-a.domains, std::string_view(a.id)) <
           std::make_tuple(-b.domains, std::string_view(b.id));
  });
  return sorted;
}

}  // namespace mxscan
