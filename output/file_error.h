// What the operating system said about a file, as a Status that the operator
// can act on: what was tried, on which path, what went wrong, what to do.

#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace mxscan {

// The Status for `error`, an errno value, met when trying to `verb` ("open",
// "write") the file `path`. Codes are those of sink.h.
absl::Status FileError(int error, std::string_view verb, std::string_view path);

}  // namespace mxscan
