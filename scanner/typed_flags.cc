#include "scanner/typed_flags.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/resolver_list.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxWindow = 1'000'000;
// The time between two queries must fit 63 bits of nanoseconds.
constexpr double kLeastRate = .001;
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
  if (!count.has_value() || !(*count >= kLeastRate && *count <= 1e9)) {
    return Wrong("--rate", *typed,
                 "give queries per second from 0.001, such as 500, 5k or 1.5m; "
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

// The same for line numbers, which may be large.
absl::Status ReadLines(std::string_view flag, const TypedFlag& typed,
                       int64_t& value) {
  if (!typed.has_value()) return absl::OkStatus();
  constexpr double kMost = 1e15;
  const std::optional<double> count = ReadCount(*typed);
  if (!count.has_value() || !(*count >= 0 && *count <= kMost) ||
      *count != static_cast<double>(static_cast<int64_t>(*count))) {
    return Wrong(flag, *typed, "give a number of lines, such as 1000 or 2m");
  }
  value = static_cast<int64_t>(*count);
  return absl::OkStatus();
}

std::optional<int64_t> ReadDigits(std::string_view text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

absl::Status ReadShard(const TypedFlag& typed, InputOptions& options) {
  if (!typed.has_value()) return absl::OkStatus();
  const std::string_view text = *typed;
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::optional<int64_t> shard = ReadDigits(text.substr(0, slash));
    const std::optional<int64_t> shards = ReadDigits(text.substr(slash + 1));
    if (shard && shards && *shard >= 0 && *shard < *shards) {
      options.shard = *shard;
      options.shards = *shards;
      return absl::OkStatus();
    }
  }
  return Wrong("--shard", *typed,
               "give I/N with I from 0 to N-1, such as 0/4, 1/4, 2/4, 3/4");
}

absl::Status ReadInputFormat(const TypedFlag& typed, InputFormat& format) {
  if (!typed.has_value() || typed == "auto") {
    format = InputFormat::kAuto;
  } else if (typed == "lines") {
    format = InputFormat::kLines;
  } else if (typed == "csv") {
    format = InputFormat::kCsv;
  } else if (typed == "zone") {
    format = InputFormat::kZone;
  } else {
    return Wrong("--input-format", *typed, "give auto, lines, csv or zone");
  }
  return absl::OkStatus();
}

absl::Status ReadColumn(const TypedFlag& typed, InputOptions& options) {
  if (!typed.has_value()) return absl::OkStatus();
  if (typed->empty() || ReadDigits(*typed).value_or(1) < 1) {
    return Wrong("--column", *typed,
                 "give the name of a column, or its number from 1");
  }
  if (options.format == InputFormat::kLines ||
      options.format == InputFormat::kZone) {
    return Wrong("--column", *typed,
                 "only CSV has columns; leave --input-format away");
  }
  options.column = *typed;
  return absl::OkStatus();
}

absl::Status ReadReading(const TypedFlags& typed, InputOptions& options) {
  options.unique = typed.unique;
  options.extract_host = typed.extract_host;
  absl::Status read = ReadInputFormat(typed.input_format, options.format);
  if (read.ok()) read = ReadColumn(typed.column, options);
  if (read.ok()) read = ReadLines("--skip", typed.skip, options.skip);
  if (read.ok()) read = ReadShard(typed.shard, options);
  int64_t limit = 0;
  if (read.ok()) read = ReadLines("--limit", typed.limit, limit);
  if (typed.limit.has_value()) options.limit = limit;
  return read;
}

absl::Status ReadInputs(const TypedFlags& typed, const Environment& environment,
                        ScanPlan& plan) {
  if (typed.inputs.empty() && environment.stdin_is_terminal) {
    return absl::InvalidArgumentError(
        "no INPUT: name a file of domains, a domain, or - for standard "
        "input; see mxscan --help");
  }
  absl::StatusOr<std::vector<ResolvedInput>> inputs = ResolveInputs(
      typed.inputs.empty() ? std::vector<std::string>{"-"} : typed.inputs,
      typed.extract_host);
  if (!inputs.ok()) return inputs.status();
  plan.inputs = *std::move(inputs);
  return absl::OkStatus();
}

absl::StatusOr<Format> FormatByFlag(const TypedFlag& typed) {
  if (!typed.has_value()) return Format::kCsv;
  const absl::StatusOr<Format> format = ParseFormat(*typed);
  if (format.ok()) return format;
  return Wrong("--format", *typed, "give csv, ndjson or parquet");
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
  for (const ResolvedInput& input : plan.inputs) {
    if (input.kind == ResolvedInput::Kind::kFile &&
        SameFile(input.text, path) && fs::is_regular_file(path, ignored)) {
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
  const absl::StatusOr<Format> format = FormatByFlag(typed.format);
  if (!format.ok()) return format.status();
  for (const std::string& path : typed.outputs) {
    absl::Status usable = CheckPath("--output", path, plan);
    if (!usable.ok()) return usable;
    const absl::StatusOr<Format> named = FormatFor(path, *format);
    if (!named.ok()) return named.status();
    plan.outputs.push_back({path, *named});
  }
  if (plan.outputs.empty()) plan.outputs.push_back({"-", *format});
  plan.bloom_filter = typed.bloom_filter;
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
  // Each thread has at least one of the questions in flight.
  plan.threads = std::min(plan.threads, plan.window);
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
  plan.ordered = typed.ordered;
  plan.quiet = typed.quiet;
  absl::Status read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) read = ReadReading(typed, plan.reading);
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
