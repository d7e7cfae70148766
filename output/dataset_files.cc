#include "output/dataset_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "output/file_error.h"
#include "output/sync_directory.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartition = "scan_date=";

}  // namespace

std::string WithoutSlash(std::string directory) {
  while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  return directory;
}

std::string UnfinishedName(const std::string& path) {
  const size_t name = path.rfind('/') + 1;
  return path.substr(0, name) + "_" + path.substr(name) + ".tmp";
}

absl::Status MakeDurableDirectory(const fs::path& directory) {
  std::error_code ignored;
  if (directory.empty() || fs::is_directory(directory, ignored)) {
    return absl::OkStatus();
  }
  absl::Status above = MakeDurableDirectory(directory.parent_path());
  if (!above.ok()) return above;
  constexpr mode_t kAsUmaskSays = 0777;
  if (mkdir(directory.c_str(), kAsUmaskSays) != 0 && errno != EEXIST) {
    return FileError(errno, "create", directory.string());
  }
  SyncDirectoryOf(directory.string());
  return absl::OkStatus();
}

absl::Status CheckIsEmpty(const std::string& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(directory, error)) {
    std::error_code ignored;
    const std::string name = entry.path().filename().string();
    if (name.starts_with("_journal")) continue;
    if (name.starts_with(kPartition) && fs::is_empty(entry.path(), ignored)) {
      continue;
    }
    return absl::FailedPreconditionError(
        "cannot write a dataset into " + directory +
        ": it is not empty; name another directory, or remove this one first");
  }
  if (error) return FileError(error.value(), "read", directory);
  return absl::OkStatus();
}

std::vector<std::string> FilesInPartitions(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const fs::directory_entry& partition :
       fs::directory_iterator(directory, ignored)) {
    const std::string name = partition.path().filename().string();
    if (!name.starts_with(kPartition)) continue;
    for (const fs::directory_entry& file :
         fs::directory_iterator(partition.path(), ignored)) {
      files.push_back(name + "/" + file.path().filename().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace mxscan
