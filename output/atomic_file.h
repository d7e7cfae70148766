// AtomicFile is a file that appears whole or not at all: it is written beside
// its place under the name with `.tmp` after it (which no reader's `*.json` or
// `*.parquet` matches), made durable, and renamed. Until Commit the file that
// had the name before is untouched, and without Commit it stays.
//
// A symbolic link is followed, so the link stays and its target is replaced.
// What is there and is no regular file (/dev/stderr, a FIFO) is written
// directly, for it must not be renamed over.

#pragma once

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
  static absl::StatusOr<std::unique_ptr<AtomicFile>> Create(
      const std::string& path);

  // Removes what was written, if Commit never was.
  ~AtomicFile() override;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  absl::Status Write(std::string_view bytes) override;

  // Puts the file in its place. REQUIRES: called at most once, last.
  absl::Status Commit();

  absl::Status Close() override { return Commit(); }

 private:
  AtomicFile(std::string path, std::string written_path,
             std::unique_ptr<FileWriter> file);

  const std::string path_;
  const std::string written_path_;  // Equals path_ when written directly.
  std::unique_ptr<FileWriter> file_;
  bool committed_ = false;
};

// Makes `bytes` the whole content of the file at `path`.
absl::Status WriteAtomically(const std::string& path, std::string_view bytes);

}  // namespace mxscan
