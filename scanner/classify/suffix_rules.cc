#include "scanner/classify/suffix_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace mxscan {
namespace {

// What is said of a tail; several rules may speak of one.
enum Rule : int { kPlain = 1, kAnyChild = 2, kException = 4 };

bool IsRuleText(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c == '-' || c == '.' || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9');
  });
}

// Calls `take(tail, rule)` for each line of `text` that is a rule in ASCII.
template <typename Take>
void ForEachRule(std::string_view text, Take take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find_first_of(" \t\r"));
    Rule rule = kPlain;
    if (line.starts_with("*.")) {
      rule = kAnyChild;
      line.remove_prefix(2);
    } else if (line.starts_with("!")) {
      rule = kException;
      line.remove_prefix(1);
    }
    if (IsRuleText(line)) take(line, rule);
  }
}

// The tail of `host` with one label more than that which begins at `start`;
// nothing when there is none.
std::string_view OneMore(std::string_view host, size_t start) {
  return start == 0 ? std::string_view()
                    : host.substr(PreviousLabel(host, start));
}

}  // namespace

SuffixRules::SuffixRules(std::string text) : text_(std::move(text)) {
  absl::flat_hash_map<absl::string_view, int> rules;
  ForEachRule(text_, [&rules](std::string_view tail, Rule rule) {
    rules[absl::string_view(tail.data(), tail.size())] |= rule;
  });
  for (const auto& [tail, rule] : rules) {
    any_ |= index_.Add({tail.data(), tail.size()}, rule);
  }
}

bool SuffixRules::Knows(std::string_view host) {
  return host.find('\\') == std::string_view::npos &&
         host.find("xn--") == std::string_view::npos;
}

std::string_view SuffixRules::Find(std::string_view host) const {
  const auto [rule, by_pattern, start] = index_.Find(host);
  if (rule == SuffixIndex::kNone) {
    return OneMore(host, PreviousLabel(host, host.size() + 1));
  }
  if ((rule & kException) != 0) return host.substr(start);
  if ((rule & kAnyChild) != 0) {
    return start == 0 ? std::string_view()
                      : OneMore(host, PreviousLabel(host, start));
  }
  return OneMore(host, start);
}

}  // namespace mxscan
