#include "scanner/flags.h"

#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "scanner/flags/command_line.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/help_page.h"

namespace mxscan {
namespace {

PrintPlan Help(const CommandRow& command, const TypedFlags& typed) {
  const bool all = std::ranges::count(typed.arguments, "all") > 0;
  return {HelpPage(command, all)};
}

}  // namespace

Environment Environment::OfThisProcess() {
  Environment environment;
  environment.stdin_is_terminal = isatty(STDIN_FILENO) == 1;
  environment.cores =
      std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return environment;
}

absl::StatusOr<Command> ParseFlags(const std::vector<std::string>& arguments,
                                   const Environment& environment) {
  const CommandRow* command = &CommandTable().front();
  auto words = arguments.begin();
  if (words != arguments.end() && FindCommand(*words) != nullptr) {
    command = FindCommand(*words++);
  }
  TypedFlags typed = NothingTyped();
  absl::Status read =
      ReadCommandLine(*command, {words, arguments.end()}, typed);
  if (!read.ok()) return read;
  const bool bare = words == arguments.end() && command->id == kScan &&
                    environment.stdin_is_terminal;
  if (typed.help.on() || bare) return Help(*command, typed);
  if (typed.version.on()) return PrintPlan{"mxscan " MXSCAN_VERSION "\n"};
  return command->plan(typed, environment);
}

}  // namespace mxscan
