// Opens what this process alone may write: two runs that write one file leave
// nonsense. The lock (flock) holds as long as the descriptor is open, also
// when the file is renamed, and dies with the process. Devices and pipes are
// opened without one, as are files where the file system knows no locks.

#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace mxscan {

// Opens `path` as open(2) does with `flags` (and O_CLOEXEC), and locks it: the
// descriptor, which the caller closes. A directory can be locked as well.
// kFailedPrecondition when another process has it. REQUIRES: no O_TRUNC, which
// would empty a file that is another's.
absl::StatusOr<int> OpenLocked(const std::string& path, int flags);

}  // namespace mxscan
