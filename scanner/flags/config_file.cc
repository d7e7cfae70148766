// ReadConfigFile of settings.h; the only door to toml++.

#include <toml++/toml.h>

#include <charconv>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "scanner/flags/nearest.h"
#include "scanner/flags/settings.h"
#include "scanner/tables/text_file.h"

namespace mxscan {
namespace {

// A key of the file: what messages call it, and its value.
struct Setting {
  std::string origin;  // "mxscan.toml:3: rate"
  const toml::node& value;
};

absl::Status Mistyped(const Setting& setting, const char* remedy) {
  return absl::InvalidArgumentError(absl::StrCat(setting.origin, ": ", remedy));
}

std::optional<std::string> TextOf(const toml::node& value) {
  if (const auto* text = value.as_string()) return text->get();
  if (const auto* number = value.as_integer()) {
    return std::to_string(number->get());
  }
  if (const auto* number = value.as_floating_point()) {
    char digits[400];  // 1e308 has 309 of them.
    const auto end = std::to_chars(digits, std::end(digits), number->get(),
                                   std::chars_format::fixed);
    return std::string(digits, end.ptr);
  }
  return std::nullopt;
}

// A text, or an array of texts; nothing when it is anything else.
std::optional<std::vector<std::string>> TextsOf(const toml::node& value) {
  if (std::optional<std::string> text = TextOf(value)) return {{*text}};
  const toml::array* array = value.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    std::optional<std::string> text = TextOf(element);
    if (!text.has_value()) return std::nullopt;
    texts.push_back(*std::move(text));
  }
  return texts;
}

// Gives each kind of flag the value of a key.
struct Setter {
  const Flag& row;
  const Setting& setting;

  absl::Status operator()(TypedFlag& flag) const {
    const bool is_list = row.argument == "LIST";
    const auto texts = TextsOf(setting.value);
    if (!texts.has_value() || (setting.value.is_array() && !is_list)) {
      return Mistyped(setting, is_list ? "give a text, or an array of texts"
                                       : "give a text (in quotes) or a number");
    }
    std::string joined;
    for (const std::string& text : *texts) {
      if (&text != &texts->front()) joined += ',';
      joined += text;
    }
    flag = {setting.origin, joined};
    return absl::OkStatus();
  }
  absl::Status operator()(TypedSwitch& flag) const {
    const toml::value<bool>* truth = setting.value.as_boolean();
    if (truth == nullptr) return Mistyped(setting, "give true or false");
    flag = {setting.origin, truth->get()};
    return absl::OkStatus();
  }
  absl::Status operator()(TypedList& flag) const {
    const auto texts = TextsOf(setting.value);
    if (!texts.has_value()) {
      return Mistyped(setting, "give a text, or an array of texts");
    }
    flag = {setting.origin, *texts};
    return absl::OkStatus();
  }
};

bool HasKey(const Flag& flag) {
  return !flag.only_typed && flag.name != "--config";
}

absl::Status UnknownKey(const Setting& setting, std::string_view key) {
  if (setting.value.is_table()) {
    return Mistyped(setting,
                    "is a section, and there are none; write its keys "
                    "at the top of the file");
  }
  std::vector<std::string_view> known;
  for (const Flag& flag : FlagTable()) {
    if (HasKey(flag)) known.push_back(flag.name.substr(2));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(setting.origin, ": no flag has this key",
                   DidYouMean(key, known), " (see mxscan --help all)"));
}

absl::Status ReadKey(std::string_view key, const Setting& setting,
                     CommandSet command, TypedFlags& typed) {
  bool is_known = false;
  for (const Flag& flag : FlagTable()) {
    if (!HasKey(flag) || flag.name.substr(2) != key) continue;
    is_known = true;
    if (!flag.TakenBy(command) || IsGiven(flag, typed)) continue;
    return std::visit(
        [&](auto into) {
          return Setter{flag, setting}(typed.*into);
        },
        flag.into);
  }
  return is_known ? absl::OkStatus() : UnknownKey(setting, key);
}

absl::Status ReadTable(const std::string& path, const toml::table& table,
                       CommandSet command, TypedFlags& typed) {
  for (const auto& [name, value] : table) {
    const std::string key(name.str());
    const Setting setting = {
        absl::StrCat(path, ":", value.source().begin.line, ": ", key), value};
    absl::Status read = ReadKey(key, setting, command, typed);
    if (!read.ok()) return read;
  }
  return absl::OkStatus();
}

}  // namespace

// toml++ throws; nobody else does.
absl::Status ReadConfigFile(const std::string& path, CommandSet command,
                            TypedFlags& typed) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  try {
    const toml::table table = toml::parse(*text, path);
    return ReadTable(path, table, command, typed);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line,
                     ": no TOML: ", std::string(error.description()),
                     "; write key = value, texts in quotes"));
  }
}

}  // namespace mxscan
