#include "scanner/policy/tag_list.h"

#include <algorithm>

namespace mxscan {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// A letter, then letters, digits and `_` (and `-`, which nobody forbids).
bool IsName(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '_' ||
                  c == '-';
         });
}

}  // namespace

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

TagList TagList::Read(std::string_view text) {
  TagList list;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (Trimmed(part).empty()) {
      // Nothing after the last semicolon; nothing between two is a fault.
      if (!text.empty()) list.well_formed_ = false;
      continue;
    }
    const size_t equals = part.find('=');
    const Tag tag = {Trimmed(part.substr(0, equals)),
                     equals == part.npos ? std::string_view()
                                         : Trimmed(part.substr(equals + 1))};
    const bool is_tag = equals != part.npos && IsName(tag.name);
    if (!is_tag || list.tags_.size() == kMaxTags) {
      list.well_formed_ = false;
      if (is_tag) return list;
      continue;
    }
    list.tags_.push_back(tag);
  }
  std::vector<std::string_view> names;
  for (const Tag& tag : list.tags_) names.push_back(tag.name);
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) {
    list.well_formed_ = false;
  }
  return list;
}

std::optional<std::string_view> TagList::Find(std::string_view name) const {
  const auto found = std::ranges::find(tags_, name, &Tag::name);
  if (found == tags_.end()) return std::nullopt;
  return found->value;
}

}  // namespace mxscan
