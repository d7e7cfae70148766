// A label that nobody has: for names whose answers show whether there is a
// wildcard. Unpredictable for whoever does not know the run's seed, and the
// same for the same name all run long. Pure; any thread.

#pragma once

#include <cstdint>
#include <string>

#include "resolver/wire/name.h"

namespace mxscan {

// Thirteen letters and digits, a letter first, by `name` and `seed`.
std::string RandomLabel(NameView name, uint64_t seed);

}  // namespace mxscan
