// Open files: how many a run needs, and the limit on them. To run out of them
// half-way is bad (libuv, for one, ends the process), so a run that may not
// have enough does not begin.

#pragma once

#include "absl/status/status.h"
#include "scanner/plan.h"

namespace mxscan {

// How many `plan` opens, with some to spare for TCP. UDP ports are shared by
// all resolvers, so it matters little how many of those there are.
int OpenFilesFor(const ScanPlan& plan);

// Raises the limit of this process as far as it may. Where `needed` beyond
// what is open still do not fit, says how many there must be and what to do.
absl::Status MakeRoomForFiles(int needed);

// Puts something into the places of standard input, output and error that are
// closed (`mxscan - <&-`), so that no file or socket of ours gets one of these
// numbers and is taken for it. It can neither be read nor written, in the
// direction that matters: whoever tries hears of it. First thing of all.
void OccupyStandardStreams();

}  // namespace mxscan
