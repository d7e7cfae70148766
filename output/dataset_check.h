// Whether a dataset is what its manifest says: every part there with its size
// and checksum, nothing else in its partitions, and complete. It reads every
// byte once. Functions without state; any thread.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "output/manifest.h"

namespace mxscan {

struct DatasetVerdict {
  std::optional<Manifest> manifest;  // If there is one that can be read.
  // What is wrong, a sentence each, beginning with the path; empty for a
  // dataset that is as it was written.
  std::vector<std::string> faults;
};

DatasetVerdict CheckDataset(const std::string& directory);

}  // namespace mxscan
