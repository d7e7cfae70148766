// What was odd about a resolver, as words for the summary and for people. What
// the words mean stands in output/README.md. Pure; any thread.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "output/run_summary.h"
#include "resolver/resolver.h"

namespace mxscan {

// `all` is what all shards know of it together: counts added up, and true what
// is true for one of them.
std::vector<std::string> NotesOn(const ResolverStats::Upstream& all);

// The same of the runs of one scan that asked a resolver, the first one first:
// what was noted of it in any of them. Whoever answered in one has answered;
// an outage in each of two is two; the ceiling is that of the last run.
// REQUIRES: !runs.empty().
std::vector<std::string> NotesOverRuns(
    std::span<const RunSummary::Resolver* const> runs);

// One line that names each resolver of which something is noted that its
// operator or the user should look at; empty when there is none.
std::string ResolverNotice(const RunSummary& summary);

// A name that no one ever answers for: it is below .invalid (RFC 6761 §6.4),
// and no cache holds it. `random` makes it so.
Name AbsentName(uint64_t random);

}  // namespace mxscan
