// What the manifest of a dataset says of a run: from the plan, and from the
// source when all of it is read. Pure functions.

#pragma once

#include <chrono>
#include <cstdint>

#include "output/open_sink.h"
#include "scanner/input/domain_source.h"
#include "scanner/plan.h"

namespace mxscan {

// All but `run`.
DatasetOptions DatasetOptionsOf(const ScanPlan& plan,
                                std::chrono::system_clock::time_point start);

// `source` has given `lines` lines, which have rows. REQUIRES: nobody reads it
// any more.
DatasetRun DatasetRunOf(const ScanPlan& plan, const DomainSource& source,
                        int64_t lines);

}  // namespace mxscan
