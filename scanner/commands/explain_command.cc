#include "scanner/commands/explain_command.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/audit/finding_table.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/commands/standard_output.h"
#include "scanner/flags/nearest.h"
#include "scanner/tables/audit_data.h"

namespace mxscan {
namespace {

constexpr size_t kColumns = 79;

// `text` in lines of at most kColumns, each `indent` blanks in.
std::string Wrapped(std::string_view text, size_t indent) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > indent && column + 1 + word.size() > kColumns) {
      out += '\n';
      column = 0;
    }
    out.append(column == 0 ? indent : 1, ' ').append(word);
    column += word.size() + (column == 0 ? indent : 1);
  }
  return out + '\n';
}

std::string SeverityOf(const FindingEntry& entry) {
  if (entry.worse == Severity::kOff) return "off";
  std::string text(WordFor(entry.worse));
  if (entry.milder == entry.worse) return text;
  text += entry.milder == Severity::kOff ? " or off" : " or ";
  return text.append(WordFor(entry.milder));
}

std::string PageOf(const FindingEntry& entry) {
  std::string page(NameOf(entry.id));
  absl::StrAppend(&page, ": ", SeverityOf(entry), "; group ", entry.group,
                  "\n\n", Wrapped(entry.meaning, 2), "\n",
                  Wrapped("What to do: " + entry.remedy, 2), "\n",
                  Wrapped("See " + entry.reference + ".", 2));
  return page;
}

std::string ListOf(const FindingTable& table) {
  std::string list;
  for (const FindingEntry& entry : table.entries()) {
    std::string line(NameOf(entry.id));
    line.resize(std::max<size_t>(line.size() + 2, 28), ' ');
    line += SeverityOf(entry);
    line.resize(std::max<size_t>(line.size() + 2, 46), ' ');
    list += line + entry.group + "\n";
  }
  return list;
}

absl::Status UnknownId(const std::string& id) {
  std::vector<std::string_view> ids;
  for (int i = 0; i < kFindingCount; ++i) {
    ids.push_back(NameOf(static_cast<FindingId>(i)));
  }
  const std::string meant = DidYouMean(id, ids);
  return absl::NotFoundError(
      absl::StrCat("no finding has the id '", id, "'",
                   meant.empty() ? "; mxscan explain lists them all" : meant));
}

absl::Status Explain(const ExplainPlan& plan) {
  const absl::StatusOr<FindingTable> table =
      OpenFindingTable(plan.data.findings);
  if (!table.ok()) return table.status();
  if (!plan.id) return Print(ListOf(*table));
  const std::optional<FindingId> id = FindingCalled(*plan.id);
  if (!id) return UnknownId(*plan.id);
  return Print(PageOf(table->entry(*id)));
}

}  // namespace

int ExplainCommand(const ExplainPlan& plan) {
  const absl::Status explained = Explain(plan);
  return explained.ok() ? 0 : ReportFailure(explained);
}

}  // namespace mxscan
