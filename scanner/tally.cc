#include "scanner/tally.h"

#include <xxhash.h>

#include <algorithm>
#include <tuple>

namespace mxscan {
namespace {

std::string_view TldOf(NameView domain) {
  while (!domain.IsRoot() && !domain.Parent().IsRoot()) {
    domain = domain.Parent();
  }
  const absl::Span<const uint8_t> label = domain.bytes().subspan(1);
  const size_t size = domain.bytes()[0];
  return {reinterpret_cast<const char*>(label.data()), size};
}

}  // namespace

size_t Tally::TextHash::operator()(std::string_view text) const noexcept {
  return XXH3_64bits(text.data(), text.size());
}

void Tally::Bump(std::string_view id, int64_t by, Counts& counts) {
  const auto found = counts.find(id);
  if (found != counts.end()) {
    found->second += by;
  } else {
    counts.emplace(std::string(id), by);
  }
}

void Tally::BumpTld(std::string_view tld, int64_t by) {
  if (tlds_.size() < kMaxTlds || tlds_.contains(tld)) Bump(tld, by, tlds_);
}

void Tally::Add(const DomainFacts& facts, const Verdict& verdict) {
  ++rows_;
  ++by_status_[static_cast<size_t>(facts.status)];
  if (!facts.line.valid()) return;
  BumpTld(TldOf(facts.line.domain), 1);
  if (!verdict.provider.empty()) Bump(verdict.provider, 1, providers_);
  if (!verdict.provider_category.empty()) {
    Bump(verdict.provider_category, 1, categories_);
  }
}

void Tally::Add(const Tally& other) {
  rows_ += other.rows_;
  for (size_t i = 0; i < by_status_.size(); ++i) {
    by_status_[i] += other.by_status_[i];
  }
  for (const auto& [id, domains] : other.providers_) {
    Bump(id, domains, providers_);
  }
  for (const auto& [id, domains] : other.categories_) {
    Bump(id, domains, categories_);
  }
  for (const auto& [id, domains] : other.tlds_) BumpTld(id, domains);
}

std::vector<Tally::Count> Tally::Sorted(const Counts& counts) {
  std::vector<Count> sorted;
  sorted.reserve(counts.size());
  for (const auto& [id, domains] : counts) sorted.push_back({id, domains});
  std::ranges::sort(sorted, [](const Count& a, const Count& b) {
    return std::make_tuple(-a.domains, std::string_view(a.id)) <
           std::make_tuple(-b.domains, std::string_view(b.id));
  });
  return sorted;
}

}  // namespace mxscan
