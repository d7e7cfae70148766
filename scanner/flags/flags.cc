#include "scanner/flags/flags.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/flags/command_line.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/help_page.h"
#include "scanner/flags/nearest.h"
#include "scanner/flags/settings.h"
#include "scanner/flags/version_page.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

// What was not typed, from the environment and then from the file.
absl::Status ReadSettings(const CommandRow& command,
                          const Environment& environment, TypedFlags& typed) {
  absl::Status read = ReadVariables(environment.variables, command.id, typed);
  if (!read.ok() || !typed.config.has_value()) return read;
  if ((*typed.config).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(typed.config.origin, ": give the path of a TOML file"));
  }
  return ReadConfigFile(*typed.config, command.id, typed);
}

// `mxscan clasify hosts.txt`, `mxscan -q classify hosts.txt`: a word among the
// inputs that is no input, and looks like a command.
absl::Status CheckForCommands(const std::vector<std::string>& inputs) {
  std::error_code ignored;
  for (const std::string& input : inputs) {
    if (input.find_first_of("./") != input.npos || input == "-" ||
        fs::exists(input, ignored)) {
      continue;
    }
    if (FindCommand(input) != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", input,
                       "': a command comes first, before its "
                       "flags; write mxscan ",
                       input));
    }
    const std::string meant = DidYouMean(input, CommandNames());
    if (!meant.empty() && &input == &inputs.front()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", input, "' is no command, no file and no domain", meant));
    }
  }
  return absl::OkStatus();
}

std::vector<std::pair<std::string, std::string>> VariablesOfThisProcess() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (!text.starts_with("MXSCAN_") || equals == text.npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  std::ranges::sort(variables);
  return variables;
}

}  // namespace

Environment Environment::OfThisProcess() {
  Environment environment;
  environment.stdin_is_terminal = isatty(STDIN_FILENO) == 1;
  environment.stdout_is_terminal = isatty(STDOUT_FILENO) == 1;
  environment.cores =
      std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  environment.variables = VariablesOfThisProcess();
  return environment;
}

absl::StatusOr<Command> ParseFlags(const std::vector<std::string>& arguments,
                                   const Environment& environment) {
  const CommandRow* command = &CommandTable().front();
  auto words = arguments.begin();
  const bool is_named =
      words != arguments.end() && FindCommand(*words) != nullptr;
  if (is_named) command = FindCommand(*words++);
  TypedFlags typed = NothingTyped();
  absl::Status read =
      ReadCommandLine(*command, {words, arguments.end()}, typed);
  if (!read.ok()) return read;
  const bool bare = words == arguments.end() && command->id == kScan &&
                    environment.stdin_is_terminal;
  if (typed.help.on() || bare) return HelpFor(*command, typed.arguments);
  if (typed.version.on()) return PrintPlan{VersionPage()};
  if (!is_named) read = CheckForCommands(typed.arguments);
  if (read.ok()) read = ReadSettings(*command, environment, typed);
  if (!read.ok()) return read;
  return command->plan(typed, environment);
}

}  // namespace mxscan
