// MakeManPlan: the manual page, made from the tables of commands and flags, in
// the man(7) macros.

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/help_page.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/settings.h"
#include "scanner/version.h"

namespace mxscan {
namespace {

constexpr char kName[] = R"(.SH NAME
mxscan \- where the mail of domains goes: domains in, one row for each out
.SH SYNOPSIS
)";

constexpr char kSettings[] = R"(.SH CONFIGURATION
A flag that is not on the command line may come from the environment, as the
variable named beside it, or else from the file that
.B \-\-config
names. That file is TOML; its keys are the flags without their dashes in front:
.PP
.nf
.RS
rate = 5000
resolvers = ["192.0.2.1", "192.0.2.2"]
output = ["rows.csv", "rows.parquet"]
unique = true
.RE
.fi
.PP
The command line goes before the environment, and the environment before the
file. A variable that begins with MXSCAN_, or a key, that no flag has is an
error; one that only other commands have is passed over.
)";

constexpr char kEnd[] = R"(.SH EXIT STATUS
.TP
0
Every input line has its row.
.TP
1
The run failed; standard error says what, where, and what to do.
.TP
2
The command line, the environment or the configuration is wrong.
.TP
75
Interrupted (SIGINT, SIGTERM, no space left): the rows so far are whole.
.TP
130
A second signal ended it at once.
.TP
141
Whoever read standard output has gone.
)";

// Text as roff shows it: what begins a line or has a backslash is no request,
// and a dash is one that can be copied.
std::string Roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool begins = escaped.empty() || escaped.back() == '\n';
    if (begins && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// Running text, in lines that an editor shows whole.
std::string Prose(std::string_view text) { return Roff(Wrapped(text, 65, 0)); }

std::string Call(const CommandRow& command) {
  const bool is_default = &command == CommandTable().data();
  const std::string name(command.name);
  const bool has_flags =
      command.id != kHelp && command.id != kMan && command.id != kCompletion;
  return absl::StrCat(".B mxscan ", is_default ? "[" + name + "]" : name, "\n",
                      has_flags ? "[FLAGS] " : "", Roff(command.arguments),
                      has_flags || !command.arguments.empty() ? "\n" : "");
}

std::string Synopsis() {
  std::string text;
  for (const CommandRow& command : CommandTable()) {
    if (!text.empty()) text += ".br\n";
    text += Call(command);
  }
  return text;
}

std::string Commands() {
  std::string text = ".SH COMMANDS\n";
  for (const CommandRow& command : CommandTable()) {
    absl::StrAppend(&text, ".TP\n.B ", std::string(command.name), "\n",
                    Prose(command.page), "\n");
  }
  return text;
}

// The commands that take `flag`, unless all do.
std::string TakersOf(const Flag& flag) {
  if (flag.commands == kEveryCommand) return "";
  std::string takers;
  for (const CommandRow& command : CommandTable()) {
    if (!flag.TakenBy(command.id)) continue;
    if (!takers.empty()) takers += ", ";
    takers += command.name;
  }
  return takers;
}

std::string FlagEntry(const Flag& flag) {
  std::string text = ".TP\n";
  const std::string name = Roff(flag.name);
  const std::string argument =
      flag.IsSwitch() ? "" : absl::StrCat(" ", Roff(flag.argument));
  if (flag.letter != 0) {
    absl::StrAppend(&text, ".BR \\-", std::string(1, flag.letter), " \", \" ",
                    name, argument.empty() ? "" : " \"" + argument + "\"",
                    "\n");
  } else {
    absl::StrAppend(&text, ".BR ", name,
                    argument.empty() ? "" : " \"" + argument + "\"", "\n");
  }
  absl::StrAppend(&text, Prose(flag.help), ".\n");
  const std::string takers = TakersOf(flag);
  if (!flag.only_typed) {
    absl::StrAppend(&text, "(", takers, takers.empty() ? "" : "; ",
                    VariableOf(flag), ")\n");
  }
  return text;
}

std::string Flags() {
  std::string text = ".SH FLAGS\n";
  for (int i = 0; i < kFlagGroups; ++i) {
    const auto group = static_cast<FlagGroup>(i);
    std::string entries;
    for (const Flag& flag : FlagTable()) {
      if (flag.group == group) entries += FlagEntry(flag);
    }
    if (entries.empty()) continue;
    absl::StrAppend(&text, ".SS ", std::string(TitleOf(group)), "\n", entries);
  }
  return text;
}

std::string Examples() {
  std::string text = ".SH EXAMPLES\n.nf\n";
  for (const CommandRow& command : CommandTable()) {
    absl::StrAppend(&text, Roff(command.examples), "\n");
  }
  return text + ".fi\n";
}

}  // namespace

absl::StatusOr<PrintPlan> MakeManPlan(const TypedFlags&, const Environment&) {
  return PrintPlan{absl::StrCat(
      ".TH MXSCAN 1 ", MXSCAN_DATE, " \"mxscan ", std::string(kVersion), "\"\n",
      kName, Synopsis(), Commands(), Flags(), kSettings, kEnd, Examples())};
}

}  // namespace mxscan
