// What was odd about a resolver, as words for the summary and for people. What
// the words mean stands in output/README.md. Pure; any thread.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/run_summary.h"
#include "resolver/resolver.h"

namespace mxscan {

// `all` is what all shards know of it together: counts added up, and true what
// is true for one of them.
std::vector<std::string> NotesOn(const ResolverStats::Upstream& all);

// One line that names each resolver of which something is noted that its
// operator or the user should look at; empty when there is none.
std::string ResolverNotice(const RunSummary& summary);

// A name that no one ever answers for: it is below .invalid (RFC 6761 §6.4),
// and no cache holds it. `random` makes it so.
Name AbsentName(uint64_t random);

}  // namespace mxscan
