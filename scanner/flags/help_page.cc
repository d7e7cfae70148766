#include "scanner/flags/help_page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/nearest.h"

namespace mxscan {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kHelpColumn = 28;
constexpr size_t kSummaryColumn = 32;

constexpr std::string_view kExitCodes =
    "Exit: 0 every line has its row, 1 the run failed, 2 usage, "
    "75 interrupted.\n";

// `left`, then `right` from `column` on, below `left` where that is too long.
std::string TwoColumns(std::string left, std::string_view right,
                       size_t column) {
  if (left.size() + 1 < column) {
    left.resize(column, ' ');
  } else {
    left += "\n" + std::string(column, ' ');
  }
  return left + Wrapped(right, kWidth, column) + "\n";
}

std::string CallOf(const CommandRow& command) {
  const bool is_default = &command == CommandTable().data();
  const std::string name(command.name);
  return absl::StrCat("  mxscan ", is_default ? "[" + name + "]" : name, " ",
                      std::string(command.arguments));
}

std::string CallsOf(const CommandRow& command) {
  if (&command != CommandTable().data()) {
    return TwoColumns(CallOf(command), command.summary, kSummaryColumn);
  }
  std::string calls;  // Whoever calls the default may look for the others.
  for (const CommandRow& row : CommandTable()) {
    calls += TwoColumns(CallOf(row), row.summary, kSummaryColumn);
  }
  return calls;
}

std::string LineOf(const Flag& flag) {
  std::string names = "      ";
  if (flag.letter != 0)
    names = absl::StrCat("  -", std::string(1, flag.letter), ", ");
  absl::StrAppend(&names, std::string(flag.name));
  if (!flag.IsSwitch())
    absl::StrAppend(&names, " ", std::string(flag.argument));
  return TwoColumns(std::move(names), flag.help, kHelpColumn);
}

std::string GroupOf(const CommandRow& command, FlagGroup group,
                    bool all_flags) {
  std::string lines;
  for (const Flag& flag : FlagTable()) {
    const bool shown = all_flags || flag.level == FlagLevel::kBasic;
    if (shown && flag.group == group && flag.TakenBy(command.id)) {
      lines += LineOf(flag);
    }
  }
  if (lines.empty()) return "";
  return absl::StrCat("\n", std::string(TitleOf(group)), ":\n", lines);
}

}  // namespace

std::string Wrapped(std::string_view text, size_t width, size_t indent) {
  std::string wrapped;
  size_t column = indent;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (column > indent && column + 1 + end > width) {
      wrapped += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      wrapped += ' ';
      ++column;
    }
    wrapped += text.substr(0, end);
    column += end;
    if (end == text.size()) break;
    if (text[end] == '\n') column = width;  // The next word begins a line.
    text.remove_prefix(end + 1);
  }
  return wrapped;
}

std::string HelpPage(const CommandRow& command, bool all_flags) {
  std::string page = Wrapped(command.page, kWidth, 0) + "\n\n";
  page += CallsOf(command);
  for (int group = 0; group < kFlagGroups; ++group) {
    page += GroupOf(command, static_cast<FlagGroup>(group), all_flags);
  }
  if (!command.examples.empty()) {
    absl::StrAppend(&page, "\nExamples:\n  ",
                    Wrapped(command.examples, kWidth, 2), "\n");
  }
  return absl::StrCat(page, "\n", std::string(kExitCodes));
}

PrintPlan HelpFor(const CommandRow& command,
                  const std::vector<std::string>& words) {
  const CommandRow* shown = &command;
  bool all_flags = false;
  for (const std::string& word : words) {
    if (word == "all") all_flags = true;
    if (FindCommand(word) != nullptr) shown = FindCommand(word);
  }
  return {HelpPage(*shown, all_flags)};
}

absl::StatusOr<PrintPlan> MakeHelpPlan(const TypedFlags& typed,
                                       const Environment&) {
  for (const std::string& word : typed.arguments) {
    if (word == "all" || FindCommand(word) != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("there is no command '", word, "' to help with",
                     DidYouMean(word, CommandNames())));
  }
  return HelpFor(CommandTable().front(), typed.arguments);
}

}  // namespace mxscan
