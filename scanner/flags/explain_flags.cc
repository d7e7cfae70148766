#include "scanner/flags/data_flags.h"
#include "scanner/flags/make_plans.h"

namespace mxscan {

absl::StatusOr<ExplainPlan> MakeExplainPlan(const TypedFlags& typed,
                                            const Environment&) {
  ExplainPlan plan;
  if (!typed.arguments.empty()) plan.id = typed.arguments.front();
  const absl::Status read = ReadDataPaths(typed, plan.data);
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
