// Finds the journal of a run, or makes it: what of a run that is there already
// is gone on with, what is refused, and what is overwritten.

#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "scanner/journal/journal.h"
#include "scanner/plan.h"

namespace mxscan {

// The journal of the run of `plan`, of which an earlier run may be complete()
// or resumed() (journal.h); null when a run of this kind cannot be gone on
// with, or a journal cannot be written where its rows can. `provider_table`
// tells tables apart.
absl::StatusOr<std::unique_ptr<Journal>> OpenJournalOf(
    const ScanPlan& plan, const std::string& provider_table);

}  // namespace mxscan
