#include "scanner/journal/resumable.h"

#include <filesystem>
#include <system_error>

namespace mxscan {

std::optional<std::string> WhyNotResumable(const ScanPlan& plan) {
  for (const OutputFile& output : plan.outputs) {
    if (output.path == "-") {
      return "rows on standard output cannot be gone on with; name a file by "
             "--output";
    }
    if (!CanBeResumed(output.path)) {
      return output.path +
             " is no regular file, so what was written to it is not there any "
             "more; name a file by --output";
    }
  }
  for (const ResolvedInput& input : plan.inputs) {
    if (input.kind == ResolvedInput::Kind::kStandardInput) {
      return "standard input cannot be read again; give a file";
    }
    std::error_code ignored;
    if (input.kind == ResolvedInput::Kind::kFile &&
        !std::filesystem::is_regular_file(input.text, ignored)) {
      return input.text + " is a pipe, which cannot be read again; give a file";
    }
  }
  return std::nullopt;
}

std::string JournalPathOf(const ScanPlan& plan) {
  const std::string& first = plan.outputs.front().path;
  return first.ends_with('/') ? first + "_journal" : first + ".journal";
}

}  // namespace mxscan
