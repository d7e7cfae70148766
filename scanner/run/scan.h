// Scan is one whole run: it opens what the plan names, runs a reader, the
// shards and a writer on threads of their own, watches signals and progress on
// the calling thread, and leaves rows and a summary.
//
//   reader ─lines─► shards ─rows─► writer
//      ▲              │ ▲            │
//      └─ queue full ─┘ └── no room ─┘
//
// The first SIGINT, SIGTERM or SIGHUP stops the reading; what is in flight
// still gets its rows. A second one ends the process at once.

#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "output/run_summary.h"
#include "scanner/commands/signals.h"
#include "scanner/journal/journal.h"
#include "scanner/plan.h"

namespace mxscan {

struct ScanResult {
  bool interrupted = false;       // Lines are left that have no row.
  bool already_complete = false;  // An earlier run left nothing to do.
  RunSummary summary;
  // Null when the run cannot be gone on with. Who has put everything else in
  // its place completes it, unless the run was interrupted.
  std::unique_ptr<Journal> journal;
  std::string learnt_addresses;  // A file of evidence, if one was wanted.
  std::string notice;  // Of the input, for the operator; empty for none.
};

// Carries out `plan`. A Status is for the operator to mend: codes of Sink
// (kResourceExhausted, kCancelled) when an output failed.
absl::StatusOr<ScanResult> RunScan(const ScanPlan& plan, SignalWatch& signals);

}  // namespace mxscan
