// The report of a scan: one HTML page that holds everything it needs, so that
// it can be mailed, kept and opened without a network. The page draws itself
// from the summary's JSON in it (page/README of this folder says how).
//
// Nothing in a summary can become markup or script, whoever wrote it: in the
// page it is text of a JSON element that no `<` can end, and the page's policy
// (CSP) lets no script run but ours, by checksum, and asks nobody for anything.
//
// Pure; any thread.

#pragma once

#include <string>

#include "output/run_summary.h"

namespace mxscan {

// `before`, unless null, is the summary that `summary` is compared with.
std::string ReportPage(const RunSummary& summary, const RunSummary* before);

}  // namespace mxscan
