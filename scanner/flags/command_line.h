// The words of the command line into TypedFlags, as flag_table.h says. The
// only door to CLI11. Pure; any thread.

#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/typed_flags.h"

namespace mxscan {

// Every flag under its own name, and none of them given.
TypedFlags NothingTyped();

// Reads `words`, which follow the name of `command`, into `typed`. The last
// one counts when a flag is given twice, so that a script's defaults can be
// overruled behind it. Errors are kInvalidArgument.
absl::Status ReadCommandLine(const CommandRow& command,
                             std::vector<std::string> words, TypedFlags& typed);

}  // namespace mxscan
