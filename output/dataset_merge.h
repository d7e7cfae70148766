// MergeDatasets makes one dataset of those that the shards of one scan have
// written (`--shard 0/4` to `3/4`): one directory and one manifest, which is
// what a warehouse loads.
//
// First everything is checked: each dataset by itself (dataset_check.h); that
// all were made alike, by the same version with the same tables and flags;
// that every shard is there once; and that their lines add up to the input.
// Only then is anything written.
//
// Parts are numbered anew, in the order of the shards, and linked: no byte is
// copied, the shards' directories stay as they are, and removing them later
// takes nothing away. On another file system, where links cannot be, parts are
// copied.

#pragma once

#include <string>
#include <vector>

#include "output/manifest.h"

namespace mxscan {

struct MergeResult {
  std::vector<std::string> faults;  // A sentence each; empty when it is done.
  Manifest manifest;                // What was written then.
};

// `out` is made, or is empty.
MergeResult MergeDatasets(const std::vector<std::string>& directories,
                          const std::string& out);

}  // namespace mxscan
