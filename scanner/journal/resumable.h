// Which runs can be gone on with at all: those whose input can be read again
// and whose rows are in files. Looks at the files that a plan names; any
// thread.

#pragma once

#include <optional>
#include <string>

#include "scanner/plan.h"

namespace mxscan {

// Why a run of `plan` cannot be gone on with when it was interrupted, as a
// sentence without an end; nullopt when it can.
std::optional<std::string> WhyNotResumable(const ScanPlan& plan);

// Where the journal of a run of `plan` is: beside its first output.
std::string JournalPathOf(const ScanPlan& plan);

}  // namespace mxscan
