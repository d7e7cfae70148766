#include "scanner/policy/mta_sts.h"

#include <algorithm>
#include <charconv>

#include "scanner/policy/tag_list.h"

namespace mxscan {
namespace {

constexpr std::string_view kVersion = "STSv1";
constexpr size_t kMaxId = 32;
constexpr int64_t kMaxAge = 31557600;  // A year (§3.2).

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z');
}

std::optional<MtaStsMode> ModeOf(std::string_view word) {
  if (word == "enforce") return MtaStsMode::kEnforce;
  if (word == "testing") return MtaStsMode::kTesting;
  if (word == "none") return MtaStsMode::kNone;
  return std::nullopt;
}

// Up to ten digits, and at most a year.
std::optional<int64_t> AgeOf(std::string_view text) {
  int64_t value = 0;
  const char* const last = text.data() + text.size();
  if (text.empty() || text.size() > 10) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const bool whole = error == std::errc() && end == last && value >= 0;
  return whole && value <= kMaxAge ? std::optional(value) : std::nullopt;
}

// The fields of a policy, each the first of its name.
struct Fields {
  std::optional<std::string_view> version, mode, max_age;
  std::vector<std::string_view> patterns;

  void Take(std::string_view key, std::string_view value) {
    const auto once = [&](std::optional<std::string_view>& field) {
      if (!field) field = value;
    };
    if (key == "version") return once(version);
    if (key == "mode") return once(mode);
    if (key == "max_age") return once(max_age);
    if (key == "mx") patterns.push_back(value);
  }
};

}  // namespace

bool IsMtaStsRecord(std::string_view text) {
  const std::string_view first = text.substr(0, text.find(';'));
  const size_t equals = first.find('=');
  return equals != first.npos && Trimmed(first.substr(0, equals)) == "v" &&
         Trimmed(first.substr(equals + 1)) == kVersion;
}

std::optional<std::string_view> MtaStsIdOf(std::string_view text) {
  const auto id = TagList::Read(text).Find("id");
  if (!id || id->empty() || id->size() > kMaxId) return std::nullopt;
  if (!std::ranges::all_of(*id, IsAlphanumeric)) return std::nullopt;
  return id;
}

std::string_view WordFor(MtaStsMode mode) {
  switch (mode) {
    case MtaStsMode::kNone: return "none";
    case MtaStsMode::kTesting: return "testing";
    case MtaStsMode::kEnforce: return "enforce";
  }
  return {};
}

std::optional<MtaStsPolicy> MtaStsPolicy::Read(std::string_view text) {
  Fields fields;
  text = text.substr(0, kMaxPolicy);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    fields.Take(Trimmed(line.substr(0, colon)),
                Trimmed(line.substr(colon + 1)));
  }
  if (fields.version != kVersion) return std::nullopt;
  const auto mode = ModeOf(fields.mode.value_or(""));
  const auto age = AgeOf(fields.max_age.value_or(""));
  if (!mode || !age) return std::nullopt;
  if (fields.patterns.empty() && *mode != MtaStsMode::kNone) {
    return std::nullopt;
  }
  MtaStsPolicy policy;
  policy.mode_ = *mode;
  policy.max_age_ = *age;
  policy.patterns_ = std::move(fields.patterns);
  return policy;
}

bool MtaStsPatternFits(std::string_view pattern, std::string_view host) {
  if (pattern.ends_with('.')) pattern.remove_suffix(1);
  if (!pattern.starts_with("*.")) return EqualsIgnoringCase(pattern, host);
  size_t dot = host.find('.');
  // A dot behind a backslash belongs to its label.
  while (dot != host.npos && dot > 0 && host[dot - 1] == '\\') {
    dot = host.find('.', dot + 1);
  }
  return dot != host.npos && dot > 0 &&
         EqualsIgnoringCase(pattern.substr(1), host.substr(dot));
}

bool MtaStsPolicy::Fits(std::string_view host) const {
  return std::ranges::any_of(patterns_, [host](std::string_view pattern) {
    return MtaStsPatternFits(pattern, host);
  });
}

}  // namespace mxscan
