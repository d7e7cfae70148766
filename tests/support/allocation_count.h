// Counts what operator new hands out in the whole program, for tests of code
// that promises to allocate nothing once warm. Linking it replaces operator
// new. Any thread.

#pragma once

#include <cstdint>

namespace mxscan {

// Calls of operator new since the program began.
int64_t AllocationCount();

}  // namespace mxscan
