#include "scanner/flags/read_value.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "scanner/flags/nearest.h"

namespace mxscan {
namespace {

// The time between two queries must fit 63 bits of nanoseconds.
constexpr double kLeastRate = .001;
constexpr int kMaxThreads = 256;

// Reads `5`, `1.5k`, `2m`, `1g`: a count, in decimal units.
std::optional<double> ReadCount(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read =
      std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (read.ec != std::errc()) return std::nullopt;
  const std::string_view unit(read.ptr, end - read.ptr);
  if (unit.empty()) return value;
  if (unit == "k" || unit == "K") return value * 1e3;
  if (unit == "m" || unit == "M") return value * 1e6;
  if (unit == "g" || unit == "G") return value * 1e9;
  return std::nullopt;
}

// A whole number from `minimum`, which may be large.
absl::Status ReadLarge(const TypedFlag& flag, int64_t minimum,
                       const std::string& remedy, int64_t& value) {
  if (!flag.has_value()) return absl::OkStatus();
  constexpr double kMost = 1e15;
  const std::optional<double> count = ReadCount(*flag);
  if (!count.has_value() ||
      !(*count >= static_cast<double>(minimum) && *count <= kMost) ||
      *count != static_cast<double>(static_cast<int64_t>(*count))) {
    return Wrong(flag, remedy);
  }
  value = static_cast<int64_t>(*count);
  return absl::OkStatus();
}

}  // namespace

absl::Status Wrong(const std::string& origin, const std::string& value,
                   const std::string& remedy) {
  return absl::InvalidArgumentError(
      absl::StrCat(origin, " '", value, "': ", remedy));
}

absl::Status Wrong(const TypedFlag& flag, const std::string& remedy) {
  return Wrong(flag.origin, *flag, remedy);
}

absl::Status ReadWhole(const TypedFlag& flag, int minimum, int maximum,
                       int& value) {
  if (!flag.has_value()) return absl::OkStatus();
  const std::optional<double> count = ReadCount(*flag);
  if (!count.has_value() || !(*count >= minimum && *count <= maximum) ||
      *count != static_cast<int>(*count)) {
    return Wrong(flag, absl::StrCat("give a whole number from ", minimum,
                                    " to ", maximum));
  }
  value = static_cast<int>(*count);
  return absl::OkStatus();
}

absl::Status ReadLines(const TypedFlag& flag, int64_t& value) {
  return ReadLarge(flag, 0, "give a number of lines, such as 1000 or 2m",
                   value);
}

absl::Status ReadBytes(const TypedFlag& flag, int64_t minimum, int64_t& value) {
  return ReadLarge(flag, minimum,
                   absl::StrCat("give a number of octets from ", minimum,
                                ", such as 256m or 2g"),
                   value);
}

absl::Status ReadRate(const TypedFlag& flag, double& rate) {
  if (!flag.has_value()) return absl::OkStatus();
  const std::optional<double> count = ReadCount(*flag);
  if (!count.has_value() || !(*count >= kLeastRate && *count <= 1e9)) {
    return Wrong(flag,
                 "give queries per second from 0.001, such as 500, 5k or 1.5m; "
                 "without the flag there is no ceiling");
  }
  rate = *count;
  return absl::OkStatus();
}

absl::Status ReadProgress(const TypedFlag& flag, ProgressMode& mode) {
  return ReadWord<ProgressMode>(flag,
                                {{"auto", ProgressMode::kAuto},
                                 {"always", ProgressMode::kAlways},
                                 {"never", ProgressMode::kNever}},
                                mode);
}

absl::Status ReadVerbosity(const TypedFlags& typed, bool& quiet,
                           bool& verbose) {
  quiet = typed.quiet.on();
  verbose = typed.verbose.on();
  if (!quiet || !verbose) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(typed.verbose.origin, ": contradicts ", typed.quiet.origin,
                   "; leave one of them out"));
}

absl::Status ReadTableForm(const TypedFlag& flag, TableForm& form) {
  return ReadWord<TableForm>(flag,
                             {{"csv", TableForm::kCsv},
                              {"tsv", TableForm::kTsv},
                              {"ndjson", TableForm::kNdjson}},
                             form);
}

absl::Status ReadThreads(const TypedFlag& flag, int cores, int& threads) {
  threads = std::clamp(cores - 1, 1, kMaxThreads);
  return ReadWhole(flag, 1, kMaxThreads, threads);
}

absl::Status ReadChecks(const TypedFlag& flag, CheckSet& checks) {
  if (!flag.has_value()) return absl::OkStatus();
  for (std::string_view rest = *flag;;) {
    const size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    const auto* const found = std::ranges::find(kCheckGroupNames, word);
    if (word == "all") {
      checks = CheckSet::All();
    } else if (word == "parked") {  // Findings that take the two together.
      checks.Add(CheckGroup::kSpf).Add(CheckGroup::kDmarc);
    } else if (found != kCheckGroupNames.end()) {
      checks.Add(static_cast<CheckGroup>(found - kCheckGroupNames.begin()));
    } else {
      return Wrong(
          flag.origin, std::string(word),
          absl::StrCat("give all, or some of ", ToText(CheckSet::All()),
                       DidYouMean(word, kCheckGroupNames)));
    }
    if (comma == rest.npos) return absl::OkStatus();
    rest.remove_prefix(comma + 1);
  }
}

absl::Status ReadProbe(const TypedFlag& flag, ProbeNames& names) {
  if (!flag.has_value()) return absl::OkStatus();
  const std::string_view text = *flag;
  const size_t comma = text.find(',');
  const std::optional<Name> sound = Name::FromText(text.substr(0, comma));
  const std::optional<Name> broken =
      comma == text.npos ? std::nullopt
                         : Name::FromText(text.substr(comma + 1));
  if (!sound || !broken) {
    return Wrong(flag,
                 "give two zones with a comma between, one with sound and one "
                 "with broken signatures");
  }
  names = {*sound, *broken};
  return absl::OkStatus();
}

std::optional<int64_t> ReadDigits(std::string_view text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace mxscan
