// The table that ends a scan, for people, on standard error: rows by status,
// who runs the mail, and what it took. What a program wants is in the summary.
//
//   status            domains    share
//   ok                400,000    80.0%
//   …
//   provider          domains  of mail    shares of the domains with mail
//   google            120,000    30.0%
//   …
//   queries         1,000,000  10.0k/s
//   sent again         12,300     1.2%
//   rows              500,000  5.00k/s
//   time                1m40s

#pragma once

#include <string>

#include "output/run_summary.h"

namespace mxscan {

// Lines of at most `columns`, each with its end; names that do not fit are
// cut. Without control characters, save those of `colours`.
// REQUIRES: columns >= 20.
std::string FormatFinalTable(const RunSummary& summary, int columns,
                             bool colours);

}  // namespace mxscan
