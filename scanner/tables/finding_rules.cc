#include "scanner/tables/finding_rules.h"

namespace mxscan {
namespace {

constexpr std::string_view kDigits = "0123456789";

std::string_view TakeWhile(std::string_view letters, std::string_view& text) {
  const std::string_view taken =
      text.substr(0, text.find_first_not_of(letters));
  text.remove_prefix(taken.size());
  return taken;
}

FindingRule RuleOf(const FindingEntry& entry) {
  return {.id = std::string(NameOf(entry.id)),
          .severity = std::string(WordFor(entry.worse)),
          .meaning = entry.meaning,
          .remedy = entry.remedy,
          .reference = entry.reference,
          .help_uri = UriOfReference(entry.reference),
          .group = entry.group};
}

}  // namespace

std::string UriOfReference(std::string_view reference) {
  constexpr std::string_view kRfc = "RFC ";
  constexpr std::string_view kSection = " §";
  const size_t at = reference.find(kRfc);
  if (at == reference.npos) return "";
  reference.remove_prefix(at + kRfc.size());
  const std::string_view number = TakeWhile(kDigits, reference);
  if (number.empty()) return "";
  std::string uri = "https://www.rfc-editor.org/rfc/rfc";
  uri.append(number);
  if (!reference.starts_with(kSection)) return uri;
  reference.remove_prefix(kSection.size());
  std::string_view section = TakeWhile("0123456789.", reference);
  while (section.ends_with('.')) section.remove_suffix(1);
  if (!section.empty()) uri.append("#section-").append(section);
  return uri;
}

std::vector<FindingRule> RulesOf(const FindingTable& table) {
  std::vector<FindingRule> rules;
  for (const FindingEntry& entry : table.entries()) {
    rules.push_back(RuleOf(entry));
  }
  return rules;
}

}  // namespace mxscan
