#include "scanner/classify/backend.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "v=spf1";

bool IsSpf(std::string_view record) {
  const size_t size = kVersion.size();
  return record.size() >= size &&
         std::equal(kVersion.begin(), kVersion.end(), record.begin(),
                    [](char a, char b) { return a == std::tolower(b); }) &&
         (record.size() == size || record[size] == ' ');
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The name that a term takes other records from; empty for any other term.
std::string IncludedName(std::string_view term) {
  std::string name = Lower(term);
  if (name.starts_with('+') || name.starts_with('?') || name.starts_with('~') ||
      name.starts_with('-')) {
    name.erase(0, 1);
  }
  for (const std::string_view start : {"include:", "redirect="}) {
    if (!name.starts_with(start)) continue;
    name.erase(0, start.size());
    if (name.ends_with('.')) name.pop_back();
    return name;
  }
  return {};
}

}  // namespace

void Backend::Clear() {
  known = wants_txt = false;
  via = BackendVia::kNone;
  ids.clear();
}

bool StandsInFront(const Provider& provider) {
  return provider.category == "gateway" || provider.category == "forwarding";
}

void AddBehind(const Provider& provider, Backend& backend) {
  if (provider.category != "mailbox" && provider.category != "hosting" &&
      provider.category != "isp") {
    return;
  }
  const auto place = std::ranges::lower_bound(backend.ids, provider.id);
  if (place != backend.ids.end() && *place == provider.id) return;
  backend.ids.insert(place, provider.id);
}

void AddFromSpf(absl::Span<const std::string_view> txt,
                const ProviderTable& table, Backend& backend) {
  for (std::string_view record : txt) {
    if (!IsSpf(record)) continue;
    while (!record.empty()) {
      const size_t end = std::min(record.find(' '), record.size());
      const std::string name = IncludedName(record.substr(0, end));
      record.remove_prefix(std::min(end + 1, record.size()));
      if (name.empty()) continue;
      const Provider* provider = table.BySpf(name);
      if (provider != nullptr) AddBehind(*provider, backend);
    }
  }
}

}  // namespace mxscan
