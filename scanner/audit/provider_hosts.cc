#include "scanner/audit/provider_hosts.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "scanner/classify/name_text.h"

namespace mxscan {
namespace {

constexpr size_t kLeastName = 14;
constexpr size_t kLeastLabel = 5;
constexpr size_t kTenantLabel = 8;
// One slip leaves the first or the last so many letters of a name as they are:
// half of the shortest, less the one that an exchange of two may reach over.
constexpr size_t kIntact = kLeastName / 2 - 1;
constexpr size_t kLongestCompared = 64;

uint64_t PieceAt(const char* text) {
  uint64_t piece = 0;
  std::memcpy(&piece, text, kIntact);
  return piece;
}

// The letters of `name`, a bit each; some share one.
uint64_t LettersOf(std::string_view name) {
  uint64_t letters = 0;
  for (const char c : name) letters |= uint64_t{1} << (c & 63);
  return letters;
}

bool HasMore(uint64_t letters, int than) {
  for (; than > 0; --than) letters &= letters - 1;  // One letter less.
  return letters != 0;
}

// A slip takes one letter out, brings one in, or does both.
bool MayBeNear(uint64_t letters, uint64_t other, int slips) {
  return !HasMore(letters & ~other, slips) && !HasMore(other & ~letters, slips);
}

struct Model {
  std::string_view name;
  int labels = 0;  // How many of a host's are compared; 0 for all of them.
  uint64_t letters = LettersOf(name);
};

bool IsCompared(std::string_view name, const PublicSuffixes& suffixes) {
  const std::string_view domain = suffixes.RegistrableDomain(name);
  return name.size() >= kLeastName && name.size() <= kLongestCompared &&
         domain.substr(0, domain.find('.')).size() >= kLeastLabel;
}

bool IsTenantSuffix(std::string_view name, const PublicSuffixes& suffixes) {
  const std::string_view domain = suffixes.RegistrableDomain(name);
  if (!IsCompared(name, suffixes) || domain == name) return false;
  const int labels = LabelsIn(name);
  return labels >= 4 || (labels == 3 && domain.find('.') >= kTenantLabel);
}

// What both begin or end with takes no slip.
void StripWhatBothHave(std::string_view& a, std::string_view& b) {
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
}

}  // namespace

int SlipsBetween(std::string_view a, std::string_view b, int limit) {
  if (a.size() > b.size()) std::swap(a, b);
  const int more = limit + 1;
  if (b.size() - a.size() > static_cast<size_t>(limit)) return more;
  if (b.size() > kLongestCompared + 2) return more;
  StripWhatBothHave(a, b);
  const int width = static_cast<int>(b.size());
  using Row = std::array<int, kLongestCompared + 4>;
  std::array<Row, 3> rows;  // Of the prefix of `a` now, and of the two before.
  Row *two_back = &rows[0], *back = &rows[1], *now = &rows[2];
  for (int j = 0; j <= width; ++j) (*back)[j] = j;
  for (int i = 1; i <= static_cast<int>(a.size()); ++i) {
    // Beyond these there are more slips than `limit`.
    const int first = std::max(1, i - limit);
    const int last = std::min(width, i + limit);
    (*now)[first - 1] = first == 1 ? i : more;
    int least = (*now)[first - 1];
    for (int j = first; j <= last; ++j) {
      const int wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      int slips =
          std::min({(*back)[j] + 1, (*now)[j - 1] + 1, (*back)[j - 1] + wrong});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        slips = std::min(slips, (*two_back)[j - 2] + 1);
      }
      (*now)[j] = slips;
      least = std::min(least, slips);
    }
    if (least > limit) return more;
    (*now)[last + 1] = more;
    std::swap(two_back, back);
    std::swap(back, now);
  }
  return std::min((*back)[width], more);
}

struct ProviderHosts::State {
  void AddSets(const ProviderTable& table);
  void AddModels(const ProviderTable& table, const PublicSuffixes& suffixes);
  void AddModel(Model model);
  std::string_view NearestOf(std::string_view host,
                             absl::Span<const int> candidates, int limit) const;

  std::vector<std::vector<DocumentedHost>> sets;
  absl::flat_hash_map<std::string_view, Documented, std::hash<std::string_view>,
                      std::equal_to<>>
      by_name;
  std::vector<ProviderSuffix> retired;
  std::vector<Model> models;
  std::vector<int> all;  // Their numbers.
  // Models by their first and by their last letters.
  absl::flat_hash_map<uint64_t, std::vector<int>> by_start;
  absl::flat_hash_map<uint64_t, std::vector<int>> by_end;
  std::vector<int> label_counts;  // Of the tenant suffixes, each once.
};

// Documented hosts by provider and the longest of its suffixes above them.
void ProviderHosts::State::AddSets(const ProviderTable& table) {
  std::map<std::pair<const Provider*, std::string_view>, int> numbers;
  for (const DocumentedHost& host : table.documented_hosts()) {
    std::string_view above;
    for (const ProviderSuffix& suffix : table.suffixes()) {
      if (suffix.provider == host.provider &&
          suffix.name.size() > above.size() &&
          IsAtOrBelow(host.name, suffix.name)) {
        above = suffix.name;
      }
    }
    const auto [found, is_new] = numbers.try_emplace(
        {host.provider, above}, static_cast<int>(sets.size()));
    if (is_new) sets.emplace_back();
    sets[found->second].push_back(host);
    by_name.try_emplace(host.name, Documented{found->second, host.rank});
  }
}

void ProviderHosts::State::AddModels(const ProviderTable& table,
                                     const PublicSuffixes& suffixes) {
  for (const auto& set : sets) {
    for (const DocumentedHost& host : set) {
      if (IsCompared(host.name, suffixes)) AddModel({host.name});
    }
  }
  for (const ProviderSuffix& suffix : table.suffixes()) {
    if (suffix.retired || suffix.provider->category == "selfhosted") continue;
    if (by_name.contains(suffix.name)) continue;
    if (IsTenantSuffix(suffix.name, suffixes)) {
      AddModel({suffix.name, LabelsIn(suffix.name)});
    }
  }
  std::ranges::sort(label_counts);
  const auto rest = std::ranges::unique(label_counts);
  label_counts.erase(rest.begin(), rest.end());
}

void ProviderHosts::State::AddModel(Model model) {
  const int number = static_cast<int>(models.size());
  const std::string_view name = model.name;
  by_start[PieceAt(name.data())].push_back(number);
  by_end[PieceAt(name.data() + name.size() - kIntact)].push_back(number);
  if (model.labels > 0) label_counts.push_back(model.labels);
  models.push_back(model);
  all.push_back(number);
}

std::string_view ProviderHosts::State::NearestOf(
    std::string_view host, absl::Span<const int> candidates, int limit) const {
  std::string_view nearest;
  int least = limit + 1;
  std::string_view compared = host;
  uint64_t letters = LettersOf(compared);
  int labels = 0;  // Of `compared`, as a model's.
  for (int number : candidates) {
    const Model& model = models[number];
    if (model.labels != labels) {
      labels = model.labels;
      compared = labels == 0 ? host : LastLabels(host, labels);
      letters = LettersOf(compared);
    }
    if (!MayBeNear(letters, model.letters, limit)) continue;
    const int slips = SlipsBetween(compared, model.name, limit);
    if (slips == 0) return {};
    if (slips >= least) continue;
    least = slips;
    nearest = model.name;
  }
  return nearest;
}

ProviderHosts::ProviderHosts(const ProviderTable& table,
                             const PublicSuffixes& suffixes)
    : state_(std::make_unique<State>()) {
  state_->AddSets(table);
  state_->AddModels(table, suffixes);
  for (const ProviderSuffix& suffix : table.suffixes()) {
    if (suffix.retired) state_->retired.push_back(suffix);
  }
}
ProviderHosts::~ProviderHosts() = default;

ProviderHosts::Documented ProviderHosts::Find(std::string_view host) const {
  const auto found = state_->by_name.find(host);
  return found == state_->by_name.end() ? Documented() : found->second;
}

absl::Span<const DocumentedHost> ProviderHosts::set(int number) const {
  return state_->sets[number];
}

bool ProviderHosts::IsRetired(std::string_view host,
                              const Provider& provider) const {
  return std::ranges::any_of(
      state_->retired, [&](const ProviderSuffix& suffix) {
        return suffix.provider == &provider && IsAtOrBelow(host, suffix.name);
      });
}

std::string_view ProviderHosts::Near(std::string_view host) const {
  return state_->NearestOf(host, state_->all, 2);
}

std::string_view ProviderHosts::VeryNear(std::string_view host) const {
  if (host.size() + 1 < kLeastName) return {};
  const auto at_end =
      state_->by_end.find(PieceAt(host.data() + host.size() - kIntact));
  if (at_end != state_->by_end.end()) {
    const auto near = state_->NearestOf(host, at_end->second, 1);
    if (!near.empty()) return near;
  }
  const auto try_start = [&](std::string_view tail) -> std::string_view {
    if (tail.size() < kIntact) return {};
    const auto found = state_->by_start.find(PieceAt(tail.data()));
    if (found == state_->by_start.end()) return {};
    return state_->NearestOf(host, found->second, 1);
  };
  if (auto near = try_start(host); !near.empty()) return near;
  for (int labels : state_->label_counts) {
    const std::string_view tail = LastLabels(host, labels);
    if (tail.size() == host.size()) break;
    if (auto near = try_start(tail); !near.empty()) return near;
  }
  return {};
}

}  // namespace mxscan
