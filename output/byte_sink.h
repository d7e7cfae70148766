// ByteSink is where a format puts its bytes: a file, standard output, or a
// compressor before one of them. It is driven by one thread.
//
// A chunk is whole rows, and a destination that can (a regular file) holds
// whole chunks only: one that did not fit is taken back, so that a full disk
// leaves no half row behind. Codes of errors are those of sink.h.

#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/durable_mark.h"

namespace mxscan {

class ByteSink {
 public:
  // How much a format should gather before it writes.
  static constexpr size_t kChunk = size_t{256} << 10;

  virtual ~ByteSink() = default;

  // Writes all of `chunk` or fails; blocks as long as the destination does.
  // After a failure every call fails in the same way and writes nothing.
  virtual absl::Status Write(std::string_view chunk) = 0;

  // Whether small chunks cost space: then they are written only where a file
  // ends or is made durable, and not for a reader's sake.
  virtual bool wants_whole_chunks() const { return false; }

  // Returns when all that was written will outlive a loss of power.
  // REQUIRES: the destination is a regular file.
  virtual absl::StatusOr<FileMark> Checkpoint() = 0;

  // Closes; only now is every error known. REQUIRES: called at most once, last.
  virtual absl::Status Close() = 0;
};

}  // namespace mxscan
