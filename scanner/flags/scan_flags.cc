#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/read_value.h"
#include "scanner/flags/reading_flags.h"
#include "scanner/resolver_list.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxWindow = 1'000'000;
constexpr int kMaxAttempts = 50;
constexpr int kMaxTimeoutMs = 60'000;

absl::StatusOr<Format> FormatByFlag(const TypedFlag& typed) {
  if (!typed.has_value()) return Format::kCsv;
  const absl::StatusOr<Format> format = ParseFormat(*typed);
  if (format.ok()) return format;
  return Wrong(typed, "give csv, ndjson or parquet");
}

bool SameFile(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return a == b || fs::equivalent(a, b, ignored);
}

// Opening an output empties it, so none may be an input, or another output.
absl::Status CheckPath(const std::string& origin, const std::string& path,
                       const ScanPlan& plan) {
  if (path.empty()) return Wrong(origin, path, "give the path of a file");
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return Wrong(origin, path, "is a directory; give the path of a file");
  }
  for (const ResolvedInput& input : plan.inputs) {
    if (input.kind == ResolvedInput::Kind::kFile &&
        SameFile(input.text, path) && fs::is_regular_file(path, ignored)) {
      return Wrong(origin, path, "is an input; give another path");
    }
  }
  for (const OutputFile& output : plan.outputs) {
    if (SameFile(output.path, path)) {
      return Wrong(origin, path, "is written already; give each path once");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadOutputs(const TypedFlags& typed, ScanPlan& plan) {
  const absl::StatusOr<Format> format = FormatByFlag(typed.format);
  if (!format.ok()) return format.status();
  for (const std::string& path : typed.outputs.texts) {
    absl::Status usable = CheckPath(typed.outputs.origin, path, plan);
    if (!usable.ok()) return usable;
    const absl::StatusOr<Format> named = FormatFor(path, *format);
    if (!named.ok()) return named.status();
    plan.outputs.push_back({path, *named});
  }
  if (plan.outputs.empty()) plan.outputs.push_back({"-", *format});
  plan.bloom_filter = typed.bloom_filter.on();
  if (!typed.summary.has_value()) return absl::OkStatus();
  plan.summary_path = *typed.summary;
  return CheckPath(typed.summary.origin, *typed.summary, plan);
}

absl::Status ReadUpstream(const TypedFlags& typed,
                          const Environment& environment, ScanPlan& plan) {
  int attempts = 0;
  int timeout_ms = static_cast<int>(plan.timeout.count());
  for (const absl::Status& read :
       {ReadRate(typed.rate, plan.rate),
        ReadWhole(typed.window, 1, kMaxWindow, plan.window),
        ReadWhole(typed.attempts, 1, kMaxAttempts, attempts),
        ReadWhole(typed.timeout, 1, kMaxTimeoutMs, timeout_ms),
        ReadThreads(typed.threads, environment.cores, plan.threads)}) {
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
  plan.ask_addresses = !typed.no_addresses.on();
  plan.ask_implicit_mx = !typed.no_implicit.on();
  plan.ordered = typed.ordered.on();
  plan.quiet = typed.quiet.on();
  absl::Status read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) read = ReadReading(typed, plan.reading);
  if (read.ok()) read = ReadInputs(typed, environment, plan.inputs);
  if (read.ok()) read = ReadOutputs(typed, plan);
  if (read.ok()) read = ReadUpstream(typed, environment, plan);
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
