#include "scanner/commands/providers_command.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "output/text_table.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/commands/provider_facts.h"
#include "scanner/commands/standard_output.h"
#include "scanner/flags/nearest.h"
#include "scanner/tables/provider_data.h"

namespace mxscan {
namespace {

using TextCell = TextTable::TextCell;

// What is to be shown: columns, and rows of as many cells.
struct Listing {
  std::vector<std::string_view> columns;
  std::vector<std::vector<std::string>> rows;
};

Listing ListOf(const ProviderFacts& facts) {
  Listing listing;
  listing.columns = {"id", "name", "category", "country", "suffixes"};
  for (const ProviderEntry& entry : facts.providers()) {
    listing.rows.push_back({std::string(entry.id),
                            std::string(entry.Value("name")),
                            std::string(entry.Value("category")),
                            std::string(entry.Value("country")),
                            std::to_string(entry.Suffixes())});
  }
  return listing;
}

Listing FactsOf(const ProviderEntry& entry) {
  Listing listing;
  listing.columns = {"id", "fact", "value", "rank", "source", "date"};
  for (const ProviderFact& fact : entry.facts) {
    listing.rows.push_back({std::string(entry.id), std::string(fact.fact),
                            std::string(fact.value), std::string(fact.rank),
                            std::string(fact.source), std::string(fact.date)});
  }
  return listing;
}

// Columns on a screen: octets of UTF-8 that begin a letter.
size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string InLine(const Listing& listing) {
  std::vector<std::vector<std::string>> rows = {
      {listing.columns.begin(), listing.columns.end()}};
  rows.insert(rows.end(), listing.rows.begin(), listing.rows.end());
  std::vector<size_t> widths(listing.columns.size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      absl::StrAppend(&line, row[i],
                      std::string(widths[i] - WidthOf(row[i]) + 2, ' '));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

absl::Status WriteTable(const Listing& listing, TableForm form) {
  auto table = TextTable::Open("-", form, listing.columns);
  if (!table.ok()) return table.status();
  for (const auto& row : listing.rows) {
    std::vector<TextCell> cells;
    for (const std::string& text : row) {
      cells.push_back(text.empty() ? TextCell() : TextCell(text));
    }
    if (auto status = (*table)->Write(cells); !status.ok()) return status;
  }
  return (*table)->Finish();
}

absl::Status UnknownId(const ProviderFacts& facts, const std::string& id) {
  std::vector<std::string_view> ids;
  for (const ProviderEntry& entry : facts.providers()) ids.push_back(entry.id);
  const std::string meant = DidYouMean(id, ids);
  return absl::NotFoundError(absl::StrCat(
      "no provider has the id '", id, "'",
      meant.empty() ? "; mxscan providers lists them all" : meant));
}

absl::Status Show(const ProvidersPlan& plan) {
  const absl::StatusOr<ProviderText> text =
      ReadProviderText(plan.data.providers);
  if (!text.ok()) return text.status();
  const absl::StatusOr<ProviderFacts> facts =
      ProviderFacts::Parse(text->name, text->text);
  if (!facts.ok()) return facts.status();
  const ProviderEntry* entry = nullptr;
  if (plan.id.has_value()) {
    entry = facts->ById(*plan.id);
    if (entry == nullptr) return UnknownId(*facts, *plan.id);
  }
  const Listing listing = entry != nullptr ? FactsOf(*entry) : ListOf(*facts);
  if (plan.form.has_value()) return WriteTable(listing, *plan.form);
  return Print(InLine(listing));
}

}  // namespace

int ProvidersCommand(const ProvidersPlan& plan) {
  const absl::Status shown = Show(plan);
  return shown.ok() ? 0 : ReportFailure(shown);
}

}  // namespace mxscan
