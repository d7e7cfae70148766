// Flags that were not typed but set beforehand: in the environment, or in a
// configuration file. What is there already goes first: the command line is
// read before the environment, and the environment before the file.
//
// A name that no command knows is an error which names the nearest: a slip in
// a batch job must not pass unseen. One that only other commands have is
// passed over, so that one file or environment serves all. Any thread.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "scanner/flags/flag_table.h"
#include "scanner/flags/typed_flags.h"

namespace mxscan {

// A variable of the environment and its value.
using Variable = std::pair<std::string, std::string>;

// MXSCAN_RATE_PER_RESOLVER for --rate-per-resolver.
std::string VariableOf(const Flag& flag);

// Those of `variables` that begin with MXSCAN_. A switch is true or false; a
// flag that may be given several times has one value here.
absl::Status ReadVariables(const std::vector<Variable>& variables,
                           CommandSet command, TypedFlags& typed);

// The TOML file at `path`: `rate = 5000`, `output = ["a.csv", "b.parquet"]`,
// `unique = true`; the keys are the flags without their dashes in front.
// Errors name the file and the line.
absl::Status ReadConfigFile(const std::string& path, CommandSet command,
                            TypedFlags& typed);

// Whether the user chose a value for `flag`.
bool IsGiven(const Flag& flag, const TypedFlags& typed);

}  // namespace mxscan
