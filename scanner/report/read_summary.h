// The summary of a scan, from the file that --summary wrote. Any thread.

#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "output/run_summary.h"

namespace mxscan {

// Reads `path`, where `-` is standard input. Errors name it, what is wrong, and
// what to give instead.
absl::StatusOr<RunSummary> ReadSummary(const std::string& path);

}  // namespace mxscan
