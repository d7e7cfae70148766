// A small file as one string: tables, lists of servers, configuration. Errors
// name the path, what the system said of it, and what to do. Any thread.

#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace mxscan {

// Reads all of `path`, which may be a pipe, up to 64 MiB.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace mxscan
