// A finding as a sentence: the table's message with what was seen in its
// places. Pure; any thread.

#pragma once

#include <string>
#include <string_view>

#include "scanner/audit/finding.h"

namespace mxscan {

// `message` is one that FindingTable has read. {subject} is the domain where
// the finding has no other.
std::string Filled(std::string_view message, std::string_view domain,
                   const Finding& finding);

}  // namespace mxscan
