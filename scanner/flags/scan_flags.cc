#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/flags/data_flags.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/output_path.h"
#include "scanner/flags/read_value.h"
#include "scanner/flags/reading_flags.h"
#include "scanner/input/line_estimate.h"
#include "scanner/journal/resumable.h"
#include "scanner/upstreams/resolver_list.h"

namespace mxscan {
namespace {

constexpr int kMaxWindow = 1'000'000;
constexpr int kMaxAttempts = 50;
constexpr int kMaxCheckpointMs = 3'600'000;
constexpr int kMaxRowsPerPart = 1'000'000'000;
constexpr int kMaxTimeoutMs = 60'000;
constexpr int64_t kMinCache = 1'000'000;
constexpr int kMinBuffer = 4096;  // The kernel's own least, about.
constexpr int kMaxBuffer = 1'000'000'000;

absl::Status ReadFormat(const TypedFlag& typed,
                        std::optional<FileFormat>& format) {
  if (!typed.has_value()) return absl::OkStatus();
  const absl::StatusOr<FileFormat> parsed = ParseFormat(*typed);
  if (!parsed.ok()) {
    return Wrong(typed,
                 "give csv, ndjson or parquet; the first two also with .gz or "
                 ".zst behind");
  }
  format = *parsed;
  return absl::OkStatus();
}

absl::Status ReadFindingsOut(const TypedFlags& typed, ScanPlan& plan,
                             std::vector<std::string>& written) {
  const TypedFlag& flag = typed.findings_out;
  if (!flag.has_value()) return absl::OkStatus();
  if ((*flag).ends_with('/')) {
    return Wrong(flag, "is a directory; give the path of a file");
  }
  if (*flag == "-" && plan.outputs.front().path == "-") {
    return Wrong(flag,
                 "has the rows already; name a file by --output for one "
                 "of them");
  }
  absl::Status usable =
      CheckOutputPath(flag.origin, *flag, plan.inputs, written);
  if (!usable.ok()) return usable;
  const absl::StatusOr<FileFormat> format = FormatFor(*flag);
  if (!format.ok()) return format.status();
  plan.outputs.push_back({*flag, *format, /*has_findings=*/true});
  written.push_back(*flag);
  return absl::OkStatus();
}

// Whoever asks about a handful of domains on a terminal, and about no form,
// reads pages.
bool WantsPages(const TypedFlags& typed, const Environment& environment,
                const ScanPlan& plan) {
  constexpr int64_t kHandful = 20;
  if (!environment.stdout_is_terminal || typed.format.has_value() ||
      typed.layout.has_value()) {
    return false;
  }
  const std::optional<int64_t> lines = EstimateLines(plan.inputs, plan.reading);
  return lines && *lines <= kHandful;
}

absl::Status ReadOutputs(const TypedFlags& typed,
                         const Environment& environment, ScanPlan& plan) {
  std::optional<FileFormat> asked;
  if (absl::Status read = ReadFormat(typed.format, asked); !read.ok()) {
    return read;
  }
  std::vector<std::string> written;
  for (const std::string& path : typed.outputs.texts) {
    absl::Status usable =
        CheckOutputPath(typed.outputs.origin, path, plan.inputs, written);
    if (!usable.ok()) return usable;
    const absl::StatusOr<FileFormat> named = FormatFor(path, asked);
    if (!named.ok()) return named.status();
    if (named->format == Format::kSarif) {
      return Wrong(typed.outputs.origin, path,
                   "is SARIF, which has findings and no rows; name it by "
                   "--findings-out");
    }
    plan.outputs.push_back({path, *named});
    written.push_back(path);
  }
  if (plan.outputs.empty()) {
    OutputFile& screen = plan.outputs.emplace_back();
    screen.path = "-";
    screen.format = asked.value_or(FileFormat());
    screen.has_pages = WantsPages(typed, environment, plan);
    plan.ordered = plan.ordered || screen.has_pages;
  }
  if (absl::Status read = ReadFindingsOut(typed, plan, written); !read.ok()) {
    return read;
  }
  plan.bloom_filter = typed.bloom_filter.on();
  plan.summary_path = typed.summary.text;
  plan.report_path = typed.report.text;
  plan.address_evidence_path = typed.address_evidence_out.text;
  for (const TypedFlag* flag :
       {&typed.summary, &typed.report, &typed.address_evidence_out}) {
    if (!flag->has_value()) continue;
    if ((**flag).ends_with('/')) {
      return Wrong(*flag, "is a directory; give the path of a file");
    }
    absl::Status usable =
        CheckOutputPath(flag->origin, **flag, plan.inputs, written);
    if (!usable.ok()) return usable;
    written.push_back(**flag);
  }
  return absl::OkStatus();
}

absl::Status ReadCompare(const TypedFlags& typed, ScanPlan& plan) {
  plan.compare_path = typed.compare.text;
  if (!plan.compare_path || plan.report_path) return absl::OkStatus();
  return Wrong(typed.compare, "is for the page; give --report FILE too");
}

absl::Status ReadResume(const TypedFlags& typed, ScanPlan& plan) {
  int checkpoint_ms = static_cast<int>(plan.checkpoint.count());
  absl::Status read =
      ReadWhole(typed.checkpoint, 1, kMaxCheckpointMs, checkpoint_ms);
  if (!read.ok()) return read;
  plan.checkpoint = std::chrono::milliseconds(checkpoint_ms);
  plan.resume = typed.resume.on();
  if (!plan.resume) return absl::OkStatus();
  const std::optional<std::string> why = WhyNotResumable(plan);
  if (!why) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(typed.resume.origin, ": ", *why));
}

absl::Status ReadFetch(const TypedFlags& typed, ScanPlan& plan) {
  constexpr int kLastPort = 65535;
  FetchPlan& fetch = plan.fetch;
  fetch.policies = typed.fetch_policies.on();
  fetch.allow_private = typed.allow_private.on();
  fetch.authorities = typed.https_ca.text;
  if (fetch.policies) plan.checks.Add(CheckGroup::kMtaSts);
  constexpr char kAlone[] = "is about --fetch-policies; give that too";
  if (fetch.allow_private && !fetch.policies) {
    return absl::InvalidArgumentError(
        absl::StrCat(typed.allow_private.origin, " ", kAlone));
  }
  for (const TypedFlag* flag : {&typed.https_ca, &typed.https_port}) {
    if (flag->has_value() && !fetch.policies) return Wrong(*flag, kAlone);
  }
  if (fetch.authorities && fetch.authorities->empty()) {
    return Wrong(typed.https_ca, "give the path of a file");
  }
  return ReadWhole(typed.https_port, 1, kLastPort, fetch.port);
}

absl::Status ReadDatasets(const TypedFlags& typed, ScanPlan& plan) {
  absl::Status read = ReadWord(
      typed.layout, {{"nested", Layout::kNested}, {"long", Layout::kLong}},
      plan.layout);
  if (!read.ok()) return read;
  int rows = 0;
  read = ReadWhole(typed.rows_per_part, 1, kMaxRowsPerPart, rows);
  if (rows > 0) plan.rows_per_part = rows;
  return read;
}

absl::Status ReadUpstream(const TypedFlags& typed,
                          const Environment& environment, ScanPlan& plan) {
  int attempts = 0;
  int timeout_ms = static_cast<int>(plan.timeout.count());
  for (const absl::Status& read :
       {ReadRate(typed.rate, plan.rate),
        ReadRate(typed.rate_per_resolver, plan.rate_per_resolver),
        ReadWhole(typed.window, 1, kMaxWindow, plan.window),
        ReadBytes(typed.cache_mem, kMinCache, plan.cache_bytes),
        ReadWhole(typed.attempts, 1, kMaxAttempts, attempts),
        ReadWhole(typed.timeout, 1, kMaxTimeoutMs, timeout_ms),
        ReadWhole(typed.receive_buffer, kMinBuffer, kMaxBuffer,
                  plan.receive_buffer),
        ReadThreads(typed.threads, environment.cores, plan.threads)}) {
    if (!read.ok()) return read;
  }
  // Each thread has at least one of the questions in flight.
  plan.threads = std::min(plan.threads, plan.window);
  if (attempts > 0) plan.attempts_spoken = plan.attempts_silent = attempts;
  plan.timeout = std::chrono::milliseconds(timeout_ms);
  absl::StatusOr<std::vector<Endpoint>> resolvers =
      typed.resolvers.has_value()
          ? ReadResolvers(typed.resolvers.origin, *typed.resolvers)
          : ReadSystemResolvers(environment.resolv_conf);
  if (!resolvers.ok()) return resolvers.status();
  plan.resolvers = *std::move(resolvers);
  plan.resolvers_from_system = !typed.resolvers.has_value();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScanPlan> MakeScanPlan(const TypedFlags& typed,
                                      const Environment& environment) {
  ScanPlan plan;
  plan.ask_addresses = !typed.no_addresses.on();
  plan.ask_implicit_mx = !typed.no_implicit.on();
  plan.ask_backend = !typed.no_backend.on();
  plan.ordered = typed.ordered.on();
  absl::Status read = ReadVerbosity(typed, plan.quiet, plan.verbose);
  if (read.ok()) read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) read = ReadChecks(typed.checks, plan.checks);
  if (read.ok()) read = ReadProbe(typed.dnssec_probe, plan.dnssec_probe);
  if (read.ok()) read = ReadFetch(typed, plan);
  if (read.ok()) {
    read = ReadWord(typed.fail_on,
                    {{"error", FailOn::kError}, {"warning", FailOn::kWarning}},
                    plan.fail_on);
  }
  if (read.ok()) read = ReadReading(typed, plan.reading);
  if (read.ok()) read = ReadInputs(typed, environment, plan.inputs);
  if (read.ok()) read = ReadDataPaths(typed, plan.data);
  if (read.ok()) read = ReadOutputs(typed, environment, plan);
  if (read.ok()) read = ReadCompare(typed, plan);
  if (read.ok()) read = ReadResume(typed, plan);
  if (read.ok()) read = ReadDatasets(typed, plan);
  if (read.ok()) read = ReadUpstream(typed, environment, plan);
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
