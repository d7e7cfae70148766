// How many lines a scan will have, before it begins: for what is told an
// operator while there is still a choice. Reads the beginning of each file a
// second time. Any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/input/inputs.h"

namespace mxscan {

// The lines that will have rows, by the size of each file and its first
// quarter of a megabyte; exact for what is no longer than that. Skip, limit
// and shard are taken into account, `unique` is not. nullopt where an input is
// no regular file (a pipe cannot be read twice) or cannot be read.
std::optional<int64_t> EstimateLines(const std::vector<ResolvedInput>& inputs,
                                     const InputOptions& options);

}  // namespace mxscan
