#include "output/atomic_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "output/file_error.h"

namespace mxscan {
namespace {

// The file that `path` stands for; itself when it is not there yet.
std::string FollowLinks(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

// Whether something is there that a rename would do away with: a device, a
// FIFO. (For a directory, too, the direct way gives the better message.)
bool IsIrregular(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) &&
         !std::filesystem::is_regular_file(status);
}

// Makes the renaming itself durable. A file system that cannot is not at
// fault: the file is whole all the same.
void SyncDirectoryOf(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  const int descriptor = open(directory.empty() ? "." : directory.c_str(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::Create(
    const std::string& path) {
  const std::string target = FollowLinks(path);
  const std::string written = IsIrregular(target) ? target : target + ".tmp";
  absl::StatusOr<std::unique_ptr<FileWriter>> file =
      FileWriter::Create(written);
  if (!file.ok()) return file.status();
  return std::unique_ptr<AtomicFile>(
      new AtomicFile(target, written, *std::move(file)));
}

AtomicFile::AtomicFile(std::string path, std::string written_path,
                       std::unique_ptr<FileWriter> file)
    : path_(std::move(path)),
      written_path_(std::move(written_path)),
      file_(std::move(file)) {}

AtomicFile::~AtomicFile() {
  if (!committed_ && written_path_ != path_) unlink(written_path_.c_str());
}

absl::Status AtomicFile::Write(std::string_view bytes) {
  return file_->Write(bytes);
}

absl::Status AtomicFile::Commit() {
  const absl::Status synced = file_->Sync();
  const absl::Status closed = file_->Close();
  if (!synced.ok()) return synced;
  if (!closed.ok()) return closed;
  if (written_path_ != path_) {
    if (rename(written_path_.c_str(), path_.c_str()) != 0) {
      return FileError(errno, "replace", path_);
    }
    SyncDirectoryOf(path_);
  }
  committed_ = true;
  return absl::OkStatus();
}

absl::Status WriteAtomically(const std::string& path, std::string_view bytes) {
  absl::StatusOr<std::unique_ptr<AtomicFile>> file = AtomicFile::Create(path);
  if (!file.ok()) return file.status();
  if (absl::Status wrote = (*file)->Write(bytes); !wrote.ok()) return wrote;
  return (*file)->Commit();
}

}  // namespace mxscan
