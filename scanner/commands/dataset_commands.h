// `mxscan verify` and `mxscan merge`: each prints what it found, and returns
// the exit code.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int VerifyCommand(const VerifyPlan& plan);
int MergeCommand(const MergePlan& plan);

}  // namespace mxscan
