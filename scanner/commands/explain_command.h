// `mxscan explain`: what findings mean, for people.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

// Returns the exit code.
int ExplainCommand(const ExplainPlan& plan);

}  // namespace mxscan
