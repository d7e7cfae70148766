// What the program says of its end: to standard error, and to who called it.

#pragma once

#include "absl/status/status.h"

namespace mxscan {

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFindings = 3;      // Those of --fail-on.
inline constexpr int kExitInterrupted = 75;  // EX_TEMPFAIL: run me again.
inline constexpr int kExitSecondSignal = 130;
inline constexpr int kExitReaderGone = 141;  // As a shell reports SIGPIPE.

// Says what failed on standard error, unless whoever read standard output has
// gone, and returns the exit code. REQUIRES: !status.ok().
int ReportFailure(const absl::Status& status);

}  // namespace mxscan
