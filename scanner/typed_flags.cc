#include "scanner/typed_flags.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scanner/resolver_list.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxWindow = 1'000'000;
constexpr int kMaxAttempts = 50;
constexpr int kMaxTimeoutMs = 60'000;
constexpr int kMaxThreads = 256;

// A flag's value that is wrong, and what would be right.
absl::Status Wrong(std::string_view flag, const std::string& value,
                   const std::string& remedy) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(flag), " '", value, "': ", remedy));
}

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

// Reads a whole number of `minimum` to `maximum` into `value`, which keeps its
// default when the flag was not given.
absl::Status ReadWhole(std::string_view flag, const TypedFlag& typed,
                       int minimum, int maximum, int& value) {
  if (!typed.has_value()) return absl::OkStatus();
  const std::optional<double> count = ReadCount(*typed);
  if (!count.has_value() || !(*count >= minimum && *count <= maximum) ||
      *count != static_cast<int>(*count)) {
    return Wrong(
        flag, *typed,
        absl::StrCat("give a whole number from ", minimum, " to ", maximum));
  }
  value = static_cast<int>(*count);
  return absl::OkStatus();
}

absl::Status ReadRate(const TypedFlag& typed, double& rate) {
  if (!typed.has_value()) return absl::OkStatus();
  const std::optional<double> count = ReadCount(*typed);
  if (!count.has_value() || !(*count > 0 && *count <= 1e9)) {
    return Wrong("--rate", *typed,
                 "give queries per second above 0, such as 500, 5k or 1.5m; "
                 "without the flag there is no ceiling");
  }
  rate = *count;
  return absl::OkStatus();
}

absl::Status ReadProgress(const TypedFlag& typed, ProgressMode& mode) {
  if (!typed.has_value() || typed == "auto") {
    mode = ProgressMode::kAuto;
  } else if (typed == "always") {
    mode = ProgressMode::kAlways;
  } else if (typed == "never") {
    mode = ProgressMode::kNever;
  } else {
    return Wrong("--progress", *typed, "give auto, always or never");
  }
  return absl::OkStatus();
}

int DefaultThreads(const Environment& environment) {
  return std::clamp(environment.cores - 1, 1, kMaxThreads);
}

// Two labels or more, of anything that may stand in one: whether it is a valid
// domain is for the row to say.
bool LooksLikeDomain(std::string_view text) {
  if (text.find_first_of("/ \t") != text.npos) return false;
  const size_t dot = text.find('.');
  return dot != text.npos && dot > 0 && dot + 1 < text.size();
}

absl::StatusOr<ScanInput> ReadInput(const std::string& typed) {
  using Kind = ScanInput::Kind;
  if (typed == "-") return ScanInput{Kind::kStandardInput, typed};
  std::error_code ignored;
  const fs::file_status found = fs::status(typed, ignored);
  if (fs::is_directory(found)) {
    return Wrong("INPUT", typed, "is a directory; name the files in it");
  }
  if (fs::exists(found)) return ScanInput{Kind::kFile, typed};
  if (LooksLikeDomain(typed)) return ScanInput{Kind::kDomain, typed};
  return Wrong("INPUT", typed,
               "no such file, and no domain of two labels or more; "
               "see mxscan --help");
}

absl::Status ReadInputs(const TypedFlags& typed, const Environment& environment,
                        ScanPlan& plan) {
  for (const std::string& text : typed.inputs) {
    absl::StatusOr<ScanInput> input = ReadInput(text);
    if (!input.ok()) return input.status();
    plan.inputs.push_back(*std::move(input));
  }
  if (std::ranges::count(typed.inputs, "-") > 1) {
    return Wrong("INPUT", "-", "standard input can be read only once");
  }
  if (!plan.inputs.empty()) return absl::OkStatus();
  if (environment.stdin_is_terminal) {
    return absl::InvalidArgumentError(
        "no INPUT: name a file of domains, a domain, or - for standard "
        "input; see mxscan --help");
  }
  plan.inputs.push_back({ScanInput::Kind::kStandardInput, "-"});
  return absl::OkStatus();
}

absl::StatusOr<OutputFormat> FormatByFlag(const TypedFlag& typed) {
  if (!typed.has_value() || typed == "csv") return OutputFormat::kCsv;
  if (typed == "ndjson") return OutputFormat::kNdjson;
  return Wrong("--format", *typed, "give csv or ndjson");
}

// The format that a path's name says, or else the one of --format.
absl::StatusOr<OutputFormat> FormatOf(const std::string& path,
                                      OutputFormat otherwise) {
  const std::string extension = fs::path(path).extension();
  if (extension == ".csv") return OutputFormat::kCsv;
  if (extension == ".ndjson" || extension == ".jsonl") {
    return OutputFormat::kNdjson;
  }
  if (extension == ".gz" || extension == ".zst" || extension == ".parquet" ||
      absl::EndsWith(path, "/")) {
    return Wrong("--output", path,
                 "this version writes .csv and .ndjson files only");
  }
  return otherwise;
}

bool SameFile(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return a == b || fs::equivalent(a, b, ignored);
}

// Opening an output empties it, so none may be an input, or another output.
absl::Status CheckPath(std::string_view flag, const std::string& path,
                       const ScanPlan& plan) {
  if (path.empty()) return Wrong(flag, path, "give the path of a file");
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return Wrong(flag, path, "is a directory; give the path of a file");
  }
  for (const ScanInput& input : plan.inputs) {
    if (input.kind == ScanInput::Kind::kFile && SameFile(input.text, path) &&
        fs::is_regular_file(path, ignored)) {
      return Wrong(flag, path, "is an input; give another path");
    }
  }
  for (const OutputFile& output : plan.outputs) {
    if (SameFile(output.path, path)) {
      return Wrong(flag, path, "is written already; give each path once");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadOutputs(const TypedFlags& typed, ScanPlan& plan) {
  const absl::StatusOr<OutputFormat> format = FormatByFlag(typed.format);
  if (!format.ok()) return format.status();
  for (const std::string& path : typed.outputs) {
    absl::Status usable = CheckPath("--output", path, plan);
    if (!usable.ok()) return usable;
    const absl::StatusOr<OutputFormat> named = FormatOf(path, *format);
    if (!named.ok()) return named.status();
    plan.outputs.push_back({path, *named});
  }
  if (plan.outputs.empty()) plan.outputs.push_back({"-", *format});
  if (!typed.summary.has_value()) return absl::OkStatus();
  plan.summary_path = typed.summary;
  return CheckPath("--summary", *typed.summary, plan);
}

absl::Status ReadUpstream(const TypedFlags& typed,
                          const Environment& environment, ScanPlan& plan) {
  int attempts = 0;
  int timeout_ms = static_cast<int>(plan.timeout.count());
  for (const absl::Status& read :
       {ReadRate(typed.rate, plan.rate),
        ReadWhole("--window", typed.window, 1, kMaxWindow, plan.window),
        ReadWhole("--attempts", typed.attempts, 1, kMaxAttempts, attempts),
        ReadWhole("--timeout", typed.timeout, 1, kMaxTimeoutMs, timeout_ms),
        ReadWhole("--threads", typed.threads, 1, kMaxThreads, plan.threads)}) {
    if (!read.ok()) return read;
  }
  if (attempts > 0) plan.attempts_spoken = plan.attempts_silent = attempts;
  plan.timeout = std::chrono::milliseconds(timeout_ms);
  absl::StatusOr<std::vector<Endpoint>> resolvers =
      typed.resolvers.has_value()
          ? ReadResolvers(*typed.resolvers)
          : ReadSystemResolvers(environment.resolv_conf);
  if (!resolvers.ok()) return resolvers.status();
  plan.resolvers = *std::move(resolvers);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScanPlan> MakeScanPlan(const TypedFlags& typed,
                                      const Environment& environment) {
  ScanPlan plan;
  plan.threads = DefaultThreads(environment);
  plan.ask_addresses = !typed.no_addresses;
  plan.ask_implicit_mx = !typed.no_implicit;
  plan.quiet = typed.quiet;
  absl::Status read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) read = ReadInputs(typed, environment, plan);
  if (read.ok()) read = ReadOutputs(typed, plan);
  if (read.ok()) read = ReadUpstream(typed, environment, plan);
  if (!read.ok()) return read;
  return plan;
}

absl::StatusOr<DemoPlan> MakeDemoPlan(const TypedFlags& typed,
                                      const Environment& environment) {
  DemoPlan plan;
  plan.directory = typed.directory.value_or("mxscan-demo");
  plan.threads = DefaultThreads(environment);
  plan.quiet = typed.quiet;
  if (plan.directory.empty()) {
    return Wrong("DIR", plan.directory, "give the path of a folder");
  }
  absl::Status read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) {
    read = ReadWhole("--threads", typed.threads, 1, kMaxThreads, plan.threads);
  }
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
