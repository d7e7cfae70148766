#include "output/atomic_file.h"

#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "output/file_error.h"
#include "output/sync_directory.h"

namespace mxscan {
namespace {

// The file that `path` stands for, whether it is there or not.
std::string FollowLinks(const std::string& path) {
  constexpr int kMostLinks = 40;
  std::filesystem::path target = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks; ++i) {
    const auto next = std::filesystem::read_symlink(target, error);
    if (error) break;  // No link.
    target = target.parent_path() / next;
  }
  return target.string();
}

std::string UnfinishedName(const std::string& target) {
  return target + ".tmp";
}

// Whether something is there that a rename would do away with: a device, a
// FIFO. (For a directory, too, the direct way gives the better message.)
bool IsIrregular(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) &&
         !std::filesystem::is_regular_file(status);
}

absl::Status Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) {
    return FileError(errno, "replace", to);
  }
  SyncDirectoryOf(to);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::Create(
    const std::string& path, Unfinished unfinished) {
  const std::string target = FollowLinks(path);
  return CreateAs(target, IsIrregular(target) ? target : UnfinishedName(target),
                  unfinished);
}

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::CreateAs(
    const std::string& path, const std::string& written,
    Unfinished unfinished) {
  absl::StatusOr<std::unique_ptr<FileWriter>> file =
      FileWriter::Create(written);
  if (!file.ok()) return file.status();
  return std::unique_ptr<AtomicFile>(
      new AtomicFile(path, written, *std::move(file), unfinished));
}

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::Reopen(
    const std::string& path, const FileMark& mark) {
  const std::string target = FollowLinks(path);
  const std::string written = UnfinishedName(target);
  std::error_code ignored;
  // The earlier run may have committed: it was interrupted in peace, or killed
  // with nothing left to write.
  const bool committed = !std::filesystem::exists(written, ignored) &&
                         std::filesystem::exists(target, ignored);
  if (committed) {
    if (absl::Status moved = Rename(target, written); !moved.ok()) return moved;
  }
  absl::StatusOr<std::unique_ptr<FileWriter>> file =
      FileWriter::Reopen(written, mark);
  if (!file.ok()) {
    if (committed) Rename(written, target).IgnoreError();
    return file.status();
  }
  return std::unique_ptr<AtomicFile>(
      new AtomicFile(target, written, *std::move(file), Unfinished::kKept));
}

AtomicFile::AtomicFile(std::string path, std::string written_path,
                       std::unique_ptr<FileWriter> file, Unfinished unfinished)
    : path_(std::move(path)),
      written_path_(std::move(written_path)),
      file_(std::move(file)),
      unfinished_(unfinished) {}

AtomicFile::~AtomicFile() {
  if (committed_ || unfinished_ == Unfinished::kKept) return;
  if (written_path_ != path_) unlink(written_path_.c_str());
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
    absl::Status renamed = Rename(written_path_, path_);
    if (!renamed.ok()) return renamed;
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
