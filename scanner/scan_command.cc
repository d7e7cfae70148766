#include "scanner/scan_command.h"

#include <cinttypes>
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "output/run_summary.h"
#include "scanner/scan.h"
#include "scanner/signals.h"

namespace mxscan {
namespace {

constexpr int kFailed = 1;
constexpr int kInterrupted = 75;  // EX_TEMPFAIL: run me again.
constexpr int kReaderGone = 141;  // As a shell reports SIGPIPE.

int Report(const absl::Status& status) {
  if (absl::IsCancelled(status)) return kReaderGone;
  const std::string message(status.message());
  std::fprintf(stderr, "mxscan: %s\n", message.c_str());
  return absl::IsResourceExhausted(status) ? kInterrupted : kFailed;
}

void SayInterrupted(const RunSummary& summary) {
  std::fprintf(stderr,
               "mxscan: interrupted; %" PRId64
               " rows are whole; the other lines have none\n",
               summary.input.rows);
}

}  // namespace

int ScanCommand(const ScanPlan& plan) {
  absl::StatusOr<SignalWatch> signals = SignalWatch::Begin();
  if (!signals.ok()) return Report(signals.status());
  const absl::StatusOr<ScanResult> result = RunScan(plan, *signals);
  if (!result.ok()) return Report(result.status());
  if (!result->notice.empty() && !plan.quiet) {
    std::fprintf(stderr, "mxscan: %s\n", result->notice.c_str());
  }
  if (plan.summary_path) {
    const absl::Status written =
        WriteSummary(result->summary, *plan.summary_path);
    if (!written.ok()) return Report(written);
  }
  if (!result->interrupted) return 0;
  SayInterrupted(result->summary);
  return kInterrupted;
}

}  // namespace mxscan
