// The flags of the group "Data", for every command that has them. Any thread.

#pragma once

#include "absl/status/status.h"
#include "scanner/flags/typed_flags.h"
#include "scanner/plan.h"

namespace mxscan {

absl::Status ReadDataPaths(const TypedFlags& typed, DataPaths& paths);

}  // namespace mxscan
