#include "scanner/flags/settings.h"

#include <cctype>
#include <optional>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "scanner/flags/nearest.h"
#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

constexpr std::string_view kPrefix = "MXSCAN_";

struct Asker {
  bool operator()(const TypedFlag& flag) const { return flag.has_value(); }
  bool operator()(const TypedSwitch& flag) const {
    return flag.given.has_value();
  }
  bool operator()(const TypedList& flag) const { return !flag.texts.empty(); }
};

std::optional<bool> ReadTruth(std::string_view text) {
  for (const std::string_view word : {"true", "1", "yes", "on"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"false", "0", "no", "off"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

// Gives each kind of flag the value of a variable.
struct Setter {
  const Variable& variable;

  absl::Status operator()(TypedFlag& flag) const {
    flag = {variable.first, variable.second};
    return absl::OkStatus();
  }
  absl::Status operator()(TypedSwitch& flag) const {
    const std::optional<bool> truth = ReadTruth(variable.second);
    if (!truth.has_value()) {
      return Wrong(variable.first, variable.second,
                   "give true or false, or unset it");
    }
    flag = {variable.first, truth};
    return absl::OkStatus();
  }
  absl::Status operator()(TypedList& flag) const {
    flag = {variable.first, {variable.second}};
    return absl::OkStatus();
  }
};

absl::Status UnknownVariable(const std::string& name) {
  std::vector<std::string> known;
  for (const Flag& flag : FlagTable()) {
    if (!flag.only_typed) known.push_back(VariableOf(flag));
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": no flag has this variable", DidYouMean(name, views),
                   " (unset it, or see mxscan --help all)"));
}

absl::Status ReadVariable(const Variable& variable, CommandSet command,
                          TypedFlags& typed) {
  bool is_known = false;
  for (const Flag& flag : FlagTable()) {
    if (flag.only_typed || VariableOf(flag) != variable.first) continue;
    is_known = true;
    if (!flag.TakenBy(command) || IsGiven(flag, typed)) continue;
    return std::visit([&](auto into) { return Setter{variable}(typed.*into); },
                      flag.into);
  }
  return is_known ? absl::OkStatus() : UnknownVariable(variable.first);
}

}  // namespace

std::string VariableOf(const Flag& flag) {
  std::string name(kPrefix);
  for (const char c : flag.name.substr(2)) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  }
  return name;
}

bool IsGiven(const Flag& flag, const TypedFlags& typed) {
  return std::visit([&](auto into) { return Asker()(typed.*into); }, flag.into);
}

absl::Status ReadVariables(const std::vector<Variable>& variables,
                           CommandSet command, TypedFlags& typed) {
  for (const Variable& variable : variables) {
    if (!variable.first.starts_with(kPrefix)) continue;
    absl::Status read = ReadVariable(variable, command, typed);
    if (!read.ok()) return read;
  }
  return absl::OkStatus();
}

}  // namespace mxscan
