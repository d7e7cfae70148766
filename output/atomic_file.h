// AtomicFile is a file that appears whole or not at all: it is written beside
// its place under the name with `.tmp` after it (which no reader's `*.json` or
// `*.parquet` matches), made durable, and renamed. Until Commit the file that
// had the name before is untouched, and without Commit it stays.
//
// A symbolic link is followed, so the link stays and its target is replaced.
// What is there and is no regular file (/dev/stderr, a FIFO) is written
// directly, for it must not be renamed over.
//
// A file that is to be gone on with after an interruption is kept where it is,
// as far as it came, also without Commit.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/byte_sink.h"
#include "output/file_writer.h"

namespace mxscan {

class AtomicFile final : public ByteSink {
 public:
  // What becomes of a file that never saw its Commit.
  enum class Unfinished : uint8_t { kRemoved, kKept };

  static absl::StatusOr<std::unique_ptr<AtomicFile>> Create(
      const std::string& path, Unfinished unfinished = Unfinished::kRemoved);

  // Goes on behind `mark` in what an earlier run kept or committed: the latter
  // loses its name until the next Commit. Kept if that never comes. kDataLoss
  // when there is no such file, or it is not what the mark was made of.
  static absl::StatusOr<std::unique_ptr<AtomicFile>> Reopen(
      const std::string& path, const FileMark& mark);

  // As Create, with a name of the caller's for the file until it is whole, on
  // the same file system. REQUIRES: `path` is no link, and nothing but a file.
  static absl::StatusOr<std::unique_ptr<AtomicFile>> CreateAs(
      const std::string& path, const std::string& written,
      Unfinished unfinished = Unfinished::kRemoved);

  ~AtomicFile() override;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  absl::Status Write(std::string_view bytes) override;

  absl::StatusOr<FileMark> Checkpoint() override { return file_->Checkpoint(); }

  // Puts the file in its place. REQUIRES: called at most once, last.
  absl::Status Commit();

  absl::Status Close() override { return Commit(); }

 private:
  AtomicFile(std::string path, std::string written_path,
             std::unique_ptr<FileWriter> file, Unfinished unfinished);

  const std::string path_;
  const std::string written_path_;  // Equals path_ when written directly.
  std::unique_ptr<FileWriter> file_;
  const Unfinished unfinished_;
  bool committed_ = false;
};

// Makes `bytes` the whole content of the file at `path`.
absl::Status WriteAtomically(const std::string& path, std::string_view bytes);

}  // namespace mxscan
