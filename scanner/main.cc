// mxscan: flags → plan → run → exit code.

#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "scanner/demo_command.h"
#include "scanner/flags.h"
#include "scanner/scan_command.h"

namespace mxscan {
namespace {

constexpr int kUsage = 2;

int Run(const ScanPlan& plan) { return ScanCommand(plan); }
int Run(const DemoPlan& plan) { return DemoCommand(plan); }
int Run(const PrintPlan& plan) {
  std::fputs(plan.text.c_str(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<Command> command =
      ParseFlags(arguments, Environment::OfThisProcess());
  if (!command.ok()) {
    const std::string message(command.status().message());
    std::fprintf(stderr, "mxscan: %s\n", message.c_str());
    return absl::IsInvalidArgument(command.status()) ? kUsage : 1;
  }
  return std::visit([](const auto& plan) { return Run(plan); }, *command);
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) {
  return mxscan::Main({argv + 1, argv + argc});
}
