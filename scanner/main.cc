// mxscan: flags → plan → run → exit code.

#include <string>
#include <variant>
#include <vector>

#include "scanner/commands/classify_command.h"
#include "scanner/commands/dataset_commands.h"
#include "scanner/commands/demo_command.h"
#include "scanner/commands/exit_codes.h"
#include "scanner/commands/explain_command.h"
#include "scanner/commands/providers_command.h"
#include "scanner/commands/report_command.h"
#include "scanner/commands/scan_command.h"
#include "scanner/commands/standard_output.h"
#include "scanner/flags/flags.h"
#include "scanner/run/open_files.h"

namespace mxscan {
namespace {

int Run(const ScanPlan& plan) { return ScanCommand(plan); }
int Run(const DemoPlan& plan) { return DemoCommand(plan); }
int Run(const ClassifyPlan& plan) { return ClassifyCommand(plan); }
int Run(const ProvidersPlan& plan) { return ProvidersCommand(plan); }
int Run(const ReportPlan& plan) { return ReportCommand(plan); }
int Run(const ExplainPlan& plan) { return ExplainCommand(plan); }
int Run(const VerifyPlan& plan) { return VerifyCommand(plan); }
int Run(const MergePlan& plan) { return MergeCommand(plan); }
int Run(const PrintPlan& plan) {
  const absl::Status printed = Print(plan.text);
  return printed.ok() ? 0 : ReportFailure(printed);
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<Command> command =
      ParseFlags(arguments, Environment::OfThisProcess());
  if (!command.ok()) {
    const int code = ReportFailure(command.status());
    return absl::IsInvalidArgument(command.status()) ? kExitUsage : code;
  }
  return std::visit([](const auto& plan) { return Run(plan); }, *command);
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) {
  mxscan::OccupyStandardStreams();
  return mxscan::Main({argv + 1, argv + argc});
}
