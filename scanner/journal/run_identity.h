// What must be the same for a run to go on where another one stopped: the
// input, the flags that shape rows, the schema and the tables, each under a
// name for people. Plain data.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/plan.h"

namespace mxscan {

struct RunIdentity {
  // Valid UTF-8. In the order in which they are compared.
  std::vector<std::pair<std::string, std::string>> facts;
};

// That of a run of `plan`. It reads the ends of every input file: a file that
// was changed has another size or time, or, were both forged, other ends.
absl::StatusOr<RunIdentity> IdentityOf(const ScanPlan& plan,
                                       const std::string& provider_table);

// What differs, as `--limit was 5 and is 10; ...`; empty when nothing does.
std::string Differences(const RunIdentity& before, const RunIdentity& now);

}  // namespace mxscan
