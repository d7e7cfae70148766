#include <utility>

#include "scanner/flags/data_flags.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/output_path.h"
#include "scanner/flags/read_value.h"
#include "scanner/flags/reading_flags.h"

namespace mxscan {
namespace {

absl::Status ReadTables(const TypedFlags& typed, ClassifyPlan& plan) {
  TableForm form = TableForm::kCsv;
  absl::Status read = ReadTableForm(typed.format, form);
  if (!read.ok()) return read;
  std::vector<std::string> written;
  for (const std::string& path : typed.outputs.texts) {
    read = CheckOutputPath(typed.outputs.origin, path, plan.inputs, written);
    if (!read.ok()) return read;
    const absl::StatusOr<TableForm> named = TableFormFor(path, form);
    if (!named.ok()) return named.status();
    plan.outputs.push_back({path, *named});
    written.push_back(path);
  }
  if (plan.outputs.empty()) plan.outputs.push_back({"-", form});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ClassifyPlan> MakeClassifyPlan(const TypedFlags& typed,
                                              const Environment& environment) {
  ClassifyPlan plan;
  plan.quiet = typed.quiet.on();
  absl::Status read = ReadReading(typed, plan.reading);
  if (read.ok() && plan.reading.format == InputFormat::kZone) {
    read = Wrong(typed.input_format,
                 "a zone file has no MX hosts; give lines "
                 "or csv");
  }
  if (read.ok()) read = ReadInputs(typed, environment, plan.inputs);
  if (read.ok()) read = ReadTables(typed, plan);
  if (read.ok()) read = ReadDataPaths(typed, plan.data);
  if (!read.ok()) return read;
  return plan;
}

}  // namespace mxscan
