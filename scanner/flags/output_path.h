// Whether a file may be written: for every flag that names one. Any thread.

#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "scanner/input/inputs.h"

namespace mxscan {

// Opening an output empties it, so none may be an input of the run, or one of
// the paths that are `written` already. `origin` is what the error calls the
// flag that named `path`.
absl::Status CheckOutputPath(const std::string& origin, const std::string& path,
                             const std::vector<ResolvedInput>& inputs,
                             const std::vector<std::string>& written);

}  // namespace mxscan
