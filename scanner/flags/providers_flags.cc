#include "scanner/flags/data_flags.h"
#include "scanner/flags/make_plans.h"
#include "scanner/flags/read_value.h"

namespace mxscan {

absl::StatusOr<ProvidersPlan> MakeProvidersPlan(
    const TypedFlags& typed, const Environment& environment) {
  ProvidersPlan plan;
  if (!typed.arguments.empty()) plan.id = typed.arguments.front();
  TableForm form = TableForm::kTsv;
  absl::Status read = ReadTableForm(typed.format, form);
  if (read.ok()) read = ReadDataPaths(typed, plan.data);
  if (!read.ok()) return read;
  if (typed.format.has_value() || !environment.stdout_is_terminal) {
    plan.form = form;
  }
  return plan;
}

}  // namespace mxscan
