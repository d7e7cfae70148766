#include "scanner/flags/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/flags/nearest.h"

namespace mxscan {
namespace {

// "-r,--resolvers", as CLI11 wants the names of a flag.
std::string NamesOf(const Flag& flag) {
  std::string names(flag.name);
  if (flag.letter != 0)
    names = absl::StrCat("-", std::string(1, flag.letter), ",", names);
  return names;
}

// Adds a flag of each kind to the application; its value goes into `typed`.
struct Adder {
  CLI::App& app;
  const std::string names;

  void operator()(TypedFlag& flag) const {
    app.add_option(names, flag.text)->take_last();
  }
  void operator()(TypedSwitch& flag) const {
    app.add_flag_function(names,
                          [&flag](int64_t count) { flag.given = count > 0; });
  }
  void operator()(TypedList& flag) const {
    app.add_option(names, flag.texts)->allow_extra_args(false)->take_all();
  }
};

void AddFlags(CLI::App& app, const CommandRow& command, TypedFlags& typed) {
  app.set_help_flag();  // Ours is a flag like the others.
  app.add_option("ARGUMENTS", typed.arguments);
  for (const Flag& flag : FlagTable()) {
    if (!flag.TakenBy(command.id)) continue;
    const Adder add{app, NamesOf(flag)};
    std::visit([&](auto into) { add(typed.*into); }, flag.into);
  }
}

// `--rate=`, where CLI11 would take the next word for the value.
bool LacksValue(std::string_view word) {
  return word.starts_with("--") && word.find('=') == word.size() - 1;
}

std::string SeeHelp(const CommandRow& command) {
  return absl::StrCat("; see mxscan ", std::string(command.name), " --help");
}

// The name of a command, other than the one called, that has flag `name`.
std::string_view OwnerOf(std::string_view name) {
  for (const Flag& flag : FlagTable()) {
    if (flag.name != name) continue;
    for (const CommandRow& command : CommandTable()) {
      if (flag.TakenBy(command.id)) return command.name;
    }
  }
  return {};
}

absl::Status UnknownWord(const CommandRow& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (const std::string_view owner = OwnerOf(name); !owner.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", name, "' is no flag of mxscan ", std::string(command.name),
        ", but of mxscan ", std::string(owner), SeeHelp(command)));
  }
  std::vector<std::string_view> names;
  for (const Flag& flag : FlagTable()) {
    if (flag.TakenBy(command.id)) names.push_back(flag.name);
  }
  const std::string meant = DidYouMean(name, names);
  return absl::InvalidArgumentError(absl::StrCat(
      "'", word, "' is unknown", meant.empty() ? SeeHelp(command) : meant));
}

// CLI11 throws; nobody else does.
absl::Status Parse(CLI::App& app, const CommandRow& command,
                   std::vector<std::string> words) {
  std::ranges::reverse(words);  // As CLI11 wants them.
  try {
    app.parse(std::move(words));
  } catch (const CLI::ExtrasError&) {
    return UnknownWord(command, app.remaining().front());
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(error.what(), SeeHelp(command)));
  }
  return absl::OkStatus();
}

}  // namespace

TypedFlags NothingTyped() {
  TypedFlags typed;
  for (const Flag& flag : FlagTable()) {
    std::visit([&](auto into) { (typed.*into).origin = flag.name; }, flag.into);
  }
  return typed;
}

absl::Status ReadCommandLine(const CommandRow& command,
                             std::vector<std::string> words,
                             TypedFlags& typed) {
  const auto lacking = std::ranges::find_if(words, LacksValue);
  if (lacking != words.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(*lacking, ": give a value", SeeHelp(command)));
  }
  CLI::App app;
  AddFlags(app, command, typed);
  if (auto parsed = Parse(app, command, std::move(words)); !parsed.ok()) {
    return parsed;
  }
  const size_t most = static_cast<size_t>(command.max_arguments);
  if (typed.help.on() || typed.arguments.size() <= most) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("'", typed.arguments[most],
                                                 "' is one argument too many",
                                                 SeeHelp(command)));
}

}  // namespace mxscan
