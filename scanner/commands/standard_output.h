// What commands print whole on standard output; rows go through output/.

#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace mxscan {

// Writes all of `text`. On the main thread.
absl::Status Print(std::string_view text);

}  // namespace mxscan
