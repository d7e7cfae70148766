#include "scanner/commands/provider_facts.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "scanner/classify/provider_table.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 6> kColumns = {"id",   "fact",   "value",
                                                      "rank", "source", "date"};

}  // namespace

std::string_view ProviderEntry::Value(std::string_view fact) const {
  const auto found = std::ranges::find(facts, fact, &ProviderFact::fact);
  return found == facts.end() ? std::string_view() : found->value;
}

int ProviderEntry::Suffixes() const {
  return static_cast<int>(std::ranges::count_if(facts, [](const auto& fact) {
    return fact.fact == "suffix" || fact.fact == "retired" ||
           fact.fact == "pattern";
  }));
}

absl::StatusOr<ProviderFacts> ProviderFacts::Parse(std::string_view name,
                                                   std::string_view text) {
  const absl::StatusOr<ProviderTable> sound = ProviderTable::Parse(name, text);
  if (!sound.ok()) return sound.status();
  const absl::StatusOr<TsvFile> file = TsvFile::Parse(name, text, kColumns);
  if (!file.ok()) return file.status();
  std::map<std::string_view, std::vector<ProviderFact>> by_id;
  ProviderFacts facts;
  for (const TsvRow& row : file->rows) {
    const auto& f = row.fields;
    by_id[f[0]].push_back({f[1], f[2], f[3], f[4], f[5]});
    facts.newest_date_ = std::max(facts.newest_date_, f[5]);
  }
  for (auto& [id, rows] : by_id) {
    facts.entries_.push_back({id, std::move(rows)});
  }
  return facts;
}

const ProviderEntry* ProviderFacts::ById(std::string_view id) const {
  const auto found =
      std::ranges::lower_bound(entries_, id, {}, &ProviderEntry::id);
  return found == entries_.end() || found->id != id ? nullptr : &*found;
}

}  // namespace mxscan
