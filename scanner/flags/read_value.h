// The values that flags of many kinds share: numbers with units, words of a
// closed list. Each function leaves its result as it is, at its default, when
// the flag was not given; its error names the flag, what was typed, and what
// would be right. Pure; any thread.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "scanner/flags/typed_flags.h"
#include "scanner/plan.h"

namespace mxscan {

// kInvalidArgument: `origin 'value': remedy`.
absl::Status Wrong(const std::string& origin, const std::string& value,
                   const std::string& remedy);
// REQUIRES: the flag was given.
absl::Status Wrong(const TypedFlag& flag, const std::string& remedy);

// A whole number of `minimum` to `maximum`, as 5, 20k or 1.5m.
absl::Status ReadWhole(const TypedFlag& flag, int minimum, int maximum,
                       int& value);

// A number of lines, which may be large.
absl::Status ReadLines(const TypedFlag& flag, int64_t& value);

// A number of octets, from `minimum`.
absl::Status ReadBytes(const TypedFlag& flag, int64_t minimum, int64_t& value);

// Queries per second; 0 says that there is no ceiling.
absl::Status ReadRate(const TypedFlag& flag, double& rate);

absl::Status ReadProgress(const TypedFlag& flag, ProgressMode& mode);

// -q and -v, of which one may be on.
absl::Status ReadVerbosity(const TypedFlags& typed, bool& quiet, bool& verbose);

// csv, tsv or ndjson.
absl::Status ReadTableForm(const TypedFlag& flag, TableForm& form);

// One word of `choices`, each with what it means.
template <typename T>
absl::Status ReadWord(
    const TypedFlag& flag,
    std::initializer_list<std::pair<std::string_view, T>> choices, T& value);

// From 1 to 256.
absl::Status ReadThreads(const TypedFlag& flag, int cores, int& threads);

// Groups of checks with commas between, or all.
absl::Status ReadChecks(const TypedFlag& flag, CheckSet& checks);

// Two names with a comma between.
absl::Status ReadProbe(const TypedFlag& flag, ProbeNames& names);

// Digits, and nothing else.
std::optional<int64_t> ReadDigits(std::string_view text);

template <typename T>
absl::Status ReadWord(
    const TypedFlag& flag,
    std::initializer_list<std::pair<std::string_view, T>> choices, T& value) {
  if (!flag.has_value()) return absl::OkStatus();
  std::string remedy = "give ";
  size_t after = choices.size();
  for (const auto& [word, meaning] : choices) {
    if (*flag == word) {
      value = meaning;
      return absl::OkStatus();
    }
    remedy += word;
    if (--after > 0) remedy += after == 1 ? " or " : ", ";
  }
  return Wrong(flag, remedy);
}

}  // namespace mxscan
