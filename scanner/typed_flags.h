// From the words of the command line to a plan: what every value means, which
// are allowed, and what a message says of those that are not. It knows no
// command-line library. Reads the files that flags name; any thread.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/flags.h"
#include "scanner/plan.h"

namespace mxscan {

// A flag's value as it was typed; nullopt when it was not given.
using TypedFlag = std::optional<std::string>;

struct TypedFlags {
  std::vector<std::string> inputs;
  TypedFlag input_format, column, skip, limit, shard;
  bool unique = false, extract_host = false, ordered = false;
  TypedFlag resolvers, rate, window, attempts, timeout, threads;
  std::vector<std::string> outputs;
  TypedFlag format, summary, progress, directory;
  bool no_addresses = false, no_implicit = false, quiet = false;
  bool bloom_filter = false;
  bool help = false, version = false;
};

absl::StatusOr<ScanPlan> MakeScanPlan(const TypedFlags& typed,
                                      const Environment& environment);
absl::StatusOr<DemoPlan> MakeDemoPlan(const TypedFlags& typed,
                                      const Environment& environment);

}  // namespace mxscan
