#include <string>
#include <vector>

#include "scanner/flags/make_plans.h"
#include "scanner/flags/output_path.h"
#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

absl::Status ReadOutput(const TypedFlags& typed, const Environment& environment,
                        ReportPlan& plan) {
  const TypedList& outputs = typed.outputs;
  if (outputs.texts.size() > 1) {
    return Wrong(outputs.origin, outputs.texts.back(), "give one page");
  }
  if (outputs.texts.empty()) {
    if (!environment.stdout_is_terminal) return absl::OkStatus();
    return Wrong("--output", "", "give a file for the page, as report.html");
  }
  plan.output = outputs.texts.front();
  if (plan.output.ends_with('/')) {
    return Wrong(outputs.origin, plan.output,
                 "is a directory; give the path of a file");
  }
  std::vector<ResolvedInput> inputs = {
      {ResolvedInput::Kind::kFile, plan.summary}};
  if (plan.compare) {
    inputs.push_back({ResolvedInput::Kind::kFile, *plan.compare});
  }
  return CheckOutputPath(outputs.origin, plan.output, inputs, {});
}

}  // namespace

absl::StatusOr<ReportPlan> MakeReportPlan(const TypedFlags& typed,
                                          const Environment& environment) {
  ReportPlan plan;
  if (typed.arguments.size() != 1 || typed.arguments.front().empty()) {
    return Wrong("SUMMARY", "", "give the file that --summary wrote");
  }
  plan.summary = typed.arguments.front();
  plan.compare = typed.compare.text;
  const absl::Status read = ReadOutput(typed, environment, plan);
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
