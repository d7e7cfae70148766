// What is to be read, and how: the INPUT arguments and the flags of the group
// "Input", for every command that has them. Any thread.

#pragma once

#include <vector>

#include "absl/status/status.h"
#include "scanner/flags/flags.h"
#include "scanner/flags/typed_flags.h"
#include "scanner/input/inputs.h"

namespace mxscan {

absl::Status ReadReading(const TypedFlags& typed, InputOptions& options);

// Standard input when nothing was named, unless that is a terminal.
absl::Status ReadInputs(const TypedFlags& typed, const Environment& environment,
                        std::vector<ResolvedInput>& inputs);

}  // namespace mxscan
