#include "scanner/commands/scan_command.h"

#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <optional>

#include "absl/status/status.h"
#include "output/atomic_file.h"
#include "output/run_summary.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/commands/signals.h"
#include "scanner/input/line_estimate.h"
#include "scanner/journal/resumable.h"
#include "scanner/report/read_summary.h"
#include "scanner/report/report_page.h"
#include "scanner/run/scan.h"
#include "scanner/screen/final_table.h"
#include "scanner/screen/terminal.h"
#include "scanner/summary/resolver_notes.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/upstreams/public_resolvers.h"
#include "scanner/upstreams/upstream_advice.h"

namespace mxscan {
namespace {

// On most lists: what exchanges that no other domain has add to the question
// for MX, and what domains without MX add.
constexpr double kAddressQueries = 1.1;
constexpr double kImplicitQueries = .2;

absl::Status AdviseOnResolvers(const ScanPlan& plan) {
  const absl::StatusOr<PublicResolvers> table =
      PublicResolvers::Parse("data/public_resolvers.tsv", PublicResolverText());
  if (!table.ok()) return table.status();
  UpstreamSituation situation;
  situation.resolvers = plan.resolvers;
  situation.from_system = plan.resolvers_from_system;
  situation.rate = plan.rate;
  situation.rate_per_resolver = plan.rate_per_resolver;
  situation.queries_per_domain = 1 +
                                 (plan.ask_addresses ? kAddressQueries : 0) +
                                 (plan.ask_implicit_mx ? kImplicitQueries : 0);
  const UpstreamAdvice advice(situation, *table);
  if (!advice.is_due()) return absl::OkStatus();
  const std::string text =
      advice.Text(EstimateLines(plan.inputs, plan.reading));
  if (!text.empty()) std::fprintf(stderr, "mxscan: %s\n", text.c_str());
  return absl::OkStatus();
}

void SayInterrupted(const ScanPlan& plan, const ScanResult& result) {
  std::string next = "--resume goes on with the other lines";
  if (result.journal == nullptr) {
    next = "the other lines have none, and cannot be gone on with: " +
           WhyNotResumable(plan).value_or("no journal could be written");
  }
  std::fprintf(stderr, "mxscan: interrupted; %" PRId64 " rows are whole; %s\n",
               result.summary.input.rows, next.c_str());
}

// All is done, and all is in its place.
absl::Status CompleteJournal(const ScanPlan& plan, const ScanResult& result) {
  if (result.journal == nullptr) return absl::OkStatus();
  return result.journal->Complete(/*kept=*/plan.resume);
}

// What the findings come to, once every line has its row.
int ExitCodeFor(const ScanPlan& plan, const RunSummary& summary) {
  const auto counts = [&plan](const RunSummary::Finding& finding) {
    return finding.severity == "error" ||
           (finding.severity == "warning" && plan.fail_on == FailOn::kWarning);
  };
  if (plan.fail_on == FailOn::kNothing) return 0;
  return std::ranges::any_of(summary.findings, counts) ? kExitFindings : 0;
}

void SayComplete(const ScanPlan& plan) {
  if (plan.quiet) return;
  std::fprintf(stderr, "mxscan: %s is complete already\n",
               plan.outputs.front().path.c_str());
}

// Whoever asks about a handful of domains reads their rows.
void ShowTable(const ScanPlan& plan, const RunSummary& summary) {
  constexpr int64_t kHandful = 20;
  if (plan.quiet || plan.progress == ProgressMode::kNever) return;
  if (!plan.final_table || summary.input.rows <= kHandful) return;
  const Terminal terminal = Terminal::Of(STDERR_FILENO);
  terminal.Write(
      FormatFinalTable(summary, terminal.Columns(), terminal.colours));
}

void SayOfResolvers(const ScanPlan& plan, const RunSummary& summary) {
  const std::string notice = ResolverNotice(summary);
  if (plan.quiet || notice.empty()) return;
  std::fprintf(stderr, "mxscan: %s\n", notice.c_str());
}

// What the page is compared with: read before the scan, for it may be the file
// that this one's summary replaces.
absl::StatusOr<std::optional<RunSummary>> ReadCompared(const ScanPlan& plan) {
  if (!plan.compare_path) return std::nullopt;
  absl::StatusOr<RunSummary> before = ReadSummary(*plan.compare_path);
  if (!before.ok()) return before.status();
  return *std::move(before);
}

// All but the rows.
absl::Status WriteFiles(const ScanPlan& plan, const ScanResult& result,
                        const std::optional<RunSummary>& before) {
  absl::Status written;
  if (plan.summary_path) {
    written = WriteSummary(result.summary, *plan.summary_path);
  }
  if (written.ok() && plan.report_path) {
    written = WriteAtomically(
        *plan.report_path,
        ReportPage(result.summary, before ? &*before : nullptr));
  }
  if (written.ok() && plan.address_evidence_path) {
    written =
        WriteAtomically(*plan.address_evidence_path, result.learnt_addresses);
  }
  return written;
}

}  // namespace

int ScanCommand(const ScanPlan& plan) {
  absl::StatusOr<SignalWatch> signals = SignalWatch::Begin();
  if (!signals.ok()) return ReportFailure(signals.status());
  const absl::StatusOr<std::optional<RunSummary>> before = ReadCompared(plan);
  if (!before.ok()) return ReportFailure(before.status());
  if (!plan.quiet) {
    const absl::Status advised = AdviseOnResolvers(plan);
    if (!advised.ok()) return ReportFailure(advised);
  }
  const absl::StatusOr<ScanResult> result = RunScan(plan, *signals);
  if (!result.ok()) return ReportFailure(result.status());
  if (result->already_complete) {
    SayComplete(plan);
    return ExitCodeFor(plan, result->summary);
  }
  if (!result->notice.empty() && !plan.quiet) {
    std::fprintf(stderr, "mxscan: %s\n", result->notice.c_str());
  }
  ShowTable(plan, result->summary);
  SayOfResolvers(plan, result->summary);
  const absl::Status written = WriteFiles(plan, *result, *before);
  if (!written.ok()) return ReportFailure(written);
  if (result->interrupted) {
    SayInterrupted(plan, *result);
    return kExitInterrupted;
  }
  const absl::Status completed = CompleteJournal(plan, *result);
  return completed.ok() ? ExitCodeFor(plan, result->summary)
                        : ReportFailure(completed);
}

}  // namespace mxscan
