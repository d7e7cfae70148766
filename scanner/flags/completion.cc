// MakeCompletionPlan: a script for each shell, made from the tables of commands
// and flags. What stands for an argument is one of its words, or a file.

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

enum class Shell : uint8_t { kBash, kZsh, kFish };

bool IsFile(const Flag& flag) {
  return flag.argument == "FILE" || flag.argument == "PATH" ||
         flag.argument == "DIR";
}

// What may stand for the argument of a command.
std::string_view WordsOf(const CommandRow& command) {
  if (command.id == kCompletion) return "bash zsh fish";
  return {};
}

std::string Joined(const std::vector<std::string_view>& words) {
  std::string joined;
  for (const std::string_view word : words) {
    if (!joined.empty()) joined += ' ';
    joined += word;
  }
  return joined;
}

// `text` within single quotes of a shell.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// bash.

constexpr char kBashHead[] = R"(# Completion of mxscan for bash.
_mxscan() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command=scan flags words=
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
)";

constexpr char kBashTail[] = R"(  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
    return
  fi
  ((COMP_CWORD == 1)) && words=$commands
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"; compgen -f -- "$cur")
}
complete -o filenames -F _mxscan mxscan
)";

std::string BashNames(const Flag& flag) {
  std::string names(flag.name);
  if (flag.letter != 0)
    absl::StrAppend(&names, "|-", std::string(1, flag.letter));
  return names;
}

// What follows a flag with an argument.
std::string BashArguments(const CommandRow& command) {
  std::string cases;
  for (const Flag& flag : FlagTable()) {
    if (!flag.TakenBy(command.id) || flag.IsSwitch()) continue;
    absl::StrAppend(&cases, "        ", BashNames(flag), ") ");
    if (IsFile(flag)) {
      cases += "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n";
    } else {
      absl::StrAppend(&cases, "mapfile -t COMPREPLY < <(compgen -W ",
                      Quoted(flag.words), " -- \"$cur\"); return ;;\n");
    }
  }
  if (cases.empty()) return "";
  return absl::StrCat("      case $prev in\n", cases, "      esac\n");
}

std::string BashCase(const CommandRow& command) {
  std::vector<std::string_view> flags;
  for (const Flag& flag : FlagTable()) {
    if (flag.TakenBy(command.id)) flags.push_back(flag.name);
  }
  return absl::StrCat("    ", std::string(command.name),
                      ")\n      flags=", Quoted(Joined(flags)),
                      "\n      words=", Quoted(WordsOf(command)), "\n",
                      BashArguments(command), "      ;;\n");
}

std::string Bash() {
  const std::string names = Joined(CommandNames());
  std::string script = kBashHead;
  absl::StrAppend(&script, "  local commands=", Quoted(names),
                  "\n  [[ $COMP_CWORD -gt 1 && \" $commands \" == "
                  "*\" ${COMP_WORDS[1]} \"* ]] &&\n"
                  "    command=${COMP_WORDS[1]}\n  case $command in\n");
  for (const CommandRow& command : CommandTable()) script += BashCase(command);
  return script + "  esac\n" + kBashTail;
}

// zsh.

// A colon, a bracket and a backslash have a meaning in a specification.
std::string ZshText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ZshArgument(const Flag& flag) {
  if (flag.IsSwitch()) return "";
  const std::string name = absl::StrCat(":", std::string(flag.argument), ":");
  if (IsFile(flag)) return name + "_files";
  if (flag.words.empty()) return name + " ";
  return absl::StrCat(name, "(", std::string(flag.words), ")");
}

std::string ZshFlag(const Flag& flag) {
  const char* const equals = flag.IsSwitch() ? "" : "=";
  const std::string help = ZshText(flag.help);
  const bool several =
      std::holds_alternative<TypedList TypedFlags::*>(flag.into);
  const std::string before = several ? "*" : "";
  std::string lines =
      absl::StrCat("        ",
                   Quoted(absl::StrCat(before, std::string(flag.name), equals,
                                       "[", help, "]", ZshArgument(flag))),
                   " \\\n");
  if (flag.letter == 0) return lines;
  return absl::StrCat(
      lines, "        ",
      Quoted(absl::StrCat(before, "-", std::string(1, flag.letter), "[", help,
                          "]", ZshArgument(flag))),
      " \\\n");
}

std::string ZshCase(const CommandRow& command) {
  std::string text = absl::StrCat("    (", std::string(command.name),
                                  ")\n      _arguments -s -S \\\n");
  for (const Flag& flag : FlagTable()) {
    if (flag.TakenBy(command.id)) text += ZshFlag(flag);
  }
  const std::string_view words = WordsOf(command);
  const std::string rest =
      words.empty() ? "_files" : absl::StrCat("(", std::string(words), ")");
  return absl::StrCat(text, "        ", Quoted("*:argument:" + rest),
                      "\n      ;;\n");
}

std::string Zsh() {
  std::string script =
      "#compdef mxscan\n"
      "# Completion of mxscan for zsh.\n"
      "_mxscan() {\n"
      "  local command=scan\n"
      "  local -a commands=(\n";
  for (const CommandRow& command : CommandTable()) {
    absl::StrAppend(&script, "    ",
                    Quoted(absl::StrCat(std::string(command.name), ":",
                                        ZshText(command.summary))),
                    "\n");
  }
  script +=
      "  )\n"
      "  if ((CURRENT > 2)) && (($#commands[(r)$words[2]:*])); then\n"
      "    command=$words[2]\n"
      "    shift words\n"
      "    ((CURRENT--))\n"
      "  elif ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
      "    _describe command commands\n"
      "  fi\n"
      "  case $command in\n";
  for (const CommandRow& command : CommandTable()) script += ZshCase(command);
  return script + "  esac\n}\n_mxscan \"$@\"\n";
}

// fish.

// The default command is meant when no other is named.
std::string FishCondition(const CommandRow& command) {
  if (&command != CommandTable().data()) {
    return Quoted("__fish_seen_subcommand_from " + std::string(command.name));
  }
  std::vector<std::string_view> others = CommandNames();
  others.erase(others.begin());
  return Quoted("not __fish_seen_subcommand_from " + Joined(others));
}

std::string FishFlag(const CommandRow& command, const Flag& flag) {
  std::string line =
      absl::StrCat("complete -c mxscan -n ", FishCondition(command));
  if (flag.letter != 0)
    absl::StrAppend(&line, " -s ", std::string(1, flag.letter));
  absl::StrAppend(&line, " -l ", std::string(flag.name.substr(2)));
  if (!flag.IsSwitch()) line += IsFile(flag) ? " -rF" : " -x";
  if (!flag.words.empty()) absl::StrAppend(&line, " -a ", Quoted(flag.words));
  return absl::StrCat(line, " -d ", Quoted(flag.help), "\n");
}

std::string Fish() {
  std::string script = "# Completion of mxscan for fish.\n";
  for (const CommandRow& command : CommandTable()) {
    absl::StrAppend(&script, "complete -c mxscan -n __fish_use_subcommand -a ",
                    std::string(command.name), " -d ", Quoted(command.summary),
                    "\n");
    for (const Flag& flag : FlagTable()) {
      if (flag.TakenBy(command.id)) script += FishFlag(command, flag);
    }
    if (const std::string_view words = WordsOf(command); !words.empty()) {
      absl::StrAppend(
          &script, "complete -c mxscan -n ",
          Quoted("__fish_seen_subcommand_from " + std::string(command.name)),
          " -xa ", Quoted(words), "\n");
    }
  }
  return script;
}

}  // namespace

absl::StatusOr<PrintPlan> MakeCompletionPlan(const TypedFlags& typed,
                                             const Environment&) {
  TypedFlag shell{"SHELL", ""};
  if (!typed.arguments.empty()) shell.text = typed.arguments.front();
  Shell which = Shell::kBash;
  absl::Status read = ReadWord<Shell>(
      shell,
      {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}},
      which);
  if (!read.ok()) return read;
  switch (which) {
    case Shell::kBash: return PrintPlan{Bash()};
    case Shell::kZsh: return PrintPlan{Zsh()};
    case Shell::kFish: return PrintPlan{Fish()};
  }
  return PrintPlan{};
}

}  // namespace mxscan
