// `mxscan classify`: a row for every line of the input, a host each, with the
// provider that its name tells. Asks no network. Returns the exit code of the
// program, and says on standard error what an operator must know.
//
// A line that is no host has a row without a provider; so has the null
// exchange (`.`), which is nobody's.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int ClassifyCommand(const ClassifyPlan& plan);

}  // namespace mxscan
