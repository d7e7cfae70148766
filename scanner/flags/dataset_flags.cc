#include <string>

#include "scanner/flags/make_plans.h"
#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

absl::Status CheckDirectories(const TypedFlags& typed) {
  if (typed.arguments.empty()) {
    return Wrong("DIR", "", "give the directory of a dataset");
  }
  for (const std::string& directory : typed.arguments) {
    if (directory.empty()) {
      return Wrong("DIR", directory, "give the directory of a dataset");
    }
  }
  return absl::OkStatus();
}

bool IsSummary(const std::string& path) { return path.ends_with(".json"); }

}  // namespace

absl::StatusOr<VerifyPlan> MakeVerifyPlan(const TypedFlags& typed,
                                          const Environment&) {
  const absl::Status checked = CheckDirectories(typed);
  if (!checked.ok()) return checked;
  return VerifyPlan{typed.arguments};
}

absl::StatusOr<MergePlan> MakeMergePlan(const TypedFlags& typed,
                                        const Environment&) {
  const absl::Status checked = CheckDirectories(typed);
  if (!checked.ok()) return checked;
  const TypedList& outputs = typed.outputs;
  if (outputs.texts.size() != 1 || outputs.texts.front().empty()) {
    return Wrong("--output", outputs.texts.empty() ? "" : outputs.texts.back(),
                 "give one directory for the dataset of all shards");
  }
  const std::string& output = outputs.texts.front();
  const bool summaries = IsSummary(output);
  for (const std::string& path : typed.arguments) {
    if (IsSummary(path) == summaries) continue;
    return Wrong("DIR", path,
                 "merge datasets into a directory, or summaries (.json) into "
                 "a summary");
  }
  return MergePlan{typed.arguments, summaries, output};
}

}  // namespace mxscan
