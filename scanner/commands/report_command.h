// `mxscan report`: the page of a summary, to a file or standard output. Returns
// the exit code of the program.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int ReportCommand(const ReportPlan& plan);

}  // namespace mxscan
