// `mxscan demo`: the whole job offline. Starts the embedded name server with
// the sample world, scans it as any list would be scanned, and leaves in the
// plan's folder domains.txt, rows.csv, rows.ndjson and summary.json. A short
// table of providers and of names that were not settled goes to standard
// output. Returns an exit code.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int DemoCommand(const DemoPlan& plan);

}  // namespace mxscan
