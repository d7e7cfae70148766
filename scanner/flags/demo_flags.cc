#include "scanner/flags/make_plans.h"
#include "scanner/flags/read_value.h"

namespace mxscan {

absl::StatusOr<DemoPlan> MakeDemoPlan(const TypedFlags& typed,
                                      const Environment& environment) {
  DemoPlan plan;
  plan.directory =
      typed.arguments.empty() ? "mxscan-demo" : typed.arguments.front();
  if (plan.directory.empty()) {
    return Wrong("DIR", plan.directory, "give the path of a folder");
  }
  absl::Status read = ReadVerbosity(typed, plan.quiet, plan.verbose);
  if (read.ok()) read = ReadProgress(typed.progress, plan.progress);
  if (read.ok()) read = ReadChecks(typed.checks, plan.checks);
  if (read.ok()) {
    read = ReadThreads(typed.threads, environment.cores, plan.threads);
  }
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
