#include "output/locked_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "output/file_error.h"

namespace mxscan {
namespace {

absl::StatusOr<int> Open(const std::string& path, int flags) {
  int descriptor;
  do {
    descriptor =
        open(path.c_str(), flags | O_CLOEXEC,
             S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor >= 0) return descriptor;
  return FileError(errno, (flags & O_CREAT) != 0 ? "create" : "open", path);
}

bool CanBeLocked(int descriptor) {
  struct stat file;
  return fstat(descriptor, &file) == 0 &&
         (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode));
}

// Whether `path` still is the file that was opened: whoever had the lock until
// now may have renamed or removed it.
bool StillThere(int descriptor, const std::string& path) {
  struct stat opened;
  struct stat named;
  return fstat(descriptor, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

absl::StatusOr<int> OpenLocked(const std::string& path, int flags) {
  assert((flags & O_TRUNC) == 0);
  while (true) {
    const absl::StatusOr<int> descriptor = Open(path, flags);
    if (!descriptor.ok() || !CanBeLocked(*descriptor)) return descriptor;
    int locked;
    do {
      locked = flock(*descriptor, LOCK_EX | LOCK_NB);
    } while (locked != 0 && errno == EINTR);
    if (locked != 0 && errno == EWOULDBLOCK) {
      close(*descriptor);
      return absl::FailedPreconditionError(
          "cannot write " + path +
          ": another process is writing it; wait until that has ended, or "
          "name another output");
    }
    if (StillThere(*descriptor, path)) return descriptor;
    close(*descriptor);
  }
}

}  // namespace mxscan
