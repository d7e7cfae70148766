#include "output/sync_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace mxscan {

void SyncDirectoryOf(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  const int descriptor = open(directory.empty() ? "." : directory.c_str(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace mxscan
