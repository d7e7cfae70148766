// `mxscan scan`: carries out a plan and says what an operator must know on
// standard error. Returns the exit code of interface: 0, 1, 75, 141.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int ScanCommand(const ScanPlan& plan);

}  // namespace mxscan
