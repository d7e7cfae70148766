// What is said of findings, as outputs that describe them once want it: the
// rules of a SARIF file. Pure; any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "output/sarif_sink.h"
#include "scanner/audit/finding_table.h"

namespace mxscan {

// One for every row of `table`, in its order.
std::vector<FindingRule> RulesOf(const FindingTable& table);

// Where `reference` can be read: that of the first RFC in it, at its section
// where one is named (`RFC 5321 §5.1`). Empty for anything else.
std::string UriOfReference(std::string_view reference);

}  // namespace mxscan
