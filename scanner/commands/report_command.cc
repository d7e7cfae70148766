#include "scanner/commands/report_command.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "output/atomic_file.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/commands/standard_output.h"
#include "scanner/report/read_summary.h"
#include "scanner/report/report_page.h"

namespace mxscan {
namespace {

absl::Status WritePage(const std::string& path, const std::string& page) {
  return path == "-" ? Print(page) : WriteAtomically(path, page);
}

absl::Status Report(const ReportPlan& plan) {
  const absl::StatusOr<RunSummary> summary = ReadSummary(plan.summary);
  if (!summary.ok()) return summary.status();
  if (!plan.compare) {
    return WritePage(plan.output, ReportPage(*summary, nullptr));
  }
  const absl::StatusOr<RunSummary> before = ReadSummary(*plan.compare);
  if (!before.ok()) return before.status();
  return WritePage(plan.output, ReportPage(*summary, &*before));
}

}  // namespace

int ReportCommand(const ReportPlan& plan) {
  const absl::Status reported = Report(plan);
  return reported.ok() ? 0 : ReportFailure(reported);
}

}  // namespace mxscan
