// FileWriter is the ByteSink over a file descriptor: a plain file that grows
// in place, a pipe, a terminal, standard output. One thread drives it.
//
// It writes all or fails: interrupted and short writes go on, and a
// descriptor that someone else made non-blocking is waited for. When a regular
// file takes only part of a chunk (no space left), the part is cut off again,
// so the file ends where a chunk ends; a pipe cannot be cut.
//
// The first 256 MiB of a file stay in the system's memory for whoever reads it
// next. What comes behind them it is asked to let go of as soon as the disk has
// it (RWF_DONTCACHE, pwritev2(2), Linux 6.14), so that millions of rows push
// nothing else out. A system or file system that cannot do so keeps them.
//
// A file that was opened by name is this process's own as long as the writer
// lives (locked_file.h).
//
// Nothing here touches SIGPIPE: a program that writes to pipes ignores it.

#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/byte_sink.h"

namespace mxscan {

class FileWriter final : public ByteSink {
 public:
  // Creates `path`, or empties the file that is there.
  static absl::StatusOr<std::unique_ptr<FileWriter>> Create(
      const std::string& path);

  // Goes on behind `mark` in the file at `path`: what was written after it is
  // cut off. kDataLoss, and the file untouched, when it is not what the mark
  // was made of.
  static absl::StatusOr<std::unique_ptr<FileWriter>> Reopen(
      const std::string& path, const FileMark& mark);

  // Writes to `descriptor`, which stays the caller's and must outlive the
  // writer; `name` is how errors call it.
  static std::unique_ptr<FileWriter> Borrow(int descriptor, std::string name);

  // Closes without a word about errors, if Close was never called.
  ~FileWriter() override;
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  absl::Status Write(std::string_view chunk) override;

  absl::StatusOr<FileMark> Checkpoint() override;

  // The same without a mark, for any destination.
  absl::Status Sync();

  absl::Status Close() override;

 private:
  FileWriter(int descriptor, bool owned, std::string name);

  // What became of a chunk: bytes taken, and the errno that stopped it or 0.
  struct Taken {
    size_t bytes = 0;
    int error = 0;
  };
  Taken WriteSome(std::string_view chunk);

  // As write(2), but what a long file need not keep in memory is let go of.
  ssize_t WriteOnce(std::string_view bytes);

  // Takes the file's last `bytes` back. Returns whether no half row is left.
  bool CutBack(size_t bytes);

  absl::Status CutTo(const FileMark& mark);
  void Remember(std::string_view chunk);

  int descriptor_;
  bool owned_;
  std::string name_;
  bool name_synced_ = false;  // The directory knows the file for good.
  bool always_kept_ = false;  // The system lets go of nothing here.
  int64_t bytes_ = 0;
  std::string tail_;     // The last of them.
  absl::Status status_;  // The first failure.
};

}  // namespace mxscan
