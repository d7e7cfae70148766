// A name in a directory outlives a loss of power only once the directory
// itself was made durable.

#pragma once

#include <string>

namespace mxscan {

// Makes it so for the file at `path`, whether it was created, renamed or
// removed. A file system that cannot is not at fault: nothing is said.
void SyncDirectoryOf(const std::string& path);

}  // namespace mxscan
