// Makes the summary of a scan: the figures of its runs, and what its rows come
// to. Pure.

#pragma once

#include <span>
#include <vector>

#include "output/run_summary.h"
#include "scanner/classify/provider_table.h"
#include "scanner/summary/run_figures.h"
#include "scanner/summary/tally.h"

namespace mxscan {

// What `rows` found, as a summary has it.
std::vector<RunSummary::Finding> FindingsIn(const Tally& rows);

// `rows` are those of all runs. REQUIRES: at least one run, the first one
// first.
RunSummary MakeSummary(const Tally& rows, const ProviderTable& providers,
                       std::span<const RunSummary> runs);

}  // namespace mxscan
