// MergeSummaries adds up the summaries of scans of different domains, such as
// the shards of one scan (`--shard 0/4` to `3/4`), into one.
//
// Counts are exact as long as no table of theirs forgot anything: what
// `at_most_missing` of the result says. Rates are those of a run's time, not of
// the time from the first to the last. Pure.

#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "output/run_summary.h"
#include "scanner/classify/provider_table.h"

namespace mxscan {

struct NamedSummary {
  std::string path;  // What errors call it.
  RunSummary summary;
};

// Fails, naming the file, when one lacks what it was added up from, as those
// of earlier versions do. Names of providers are those of the summaries.
// REQUIRES: at least one.
absl::StatusOr<RunSummary> MergeSummaries(std::span<const NamedSummary> parts,
                                          const ProviderTable& providers);

}  // namespace mxscan
