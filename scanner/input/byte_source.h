// ByteSource gives the octets of one input in order, as a file or a pipe has
// them; decompression will be another one. One thread reads; the counts are
// for any.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mxscan {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Puts into `out` what there is, at least one octet, and returns how many;
  // waits when there is none yet. 0 at the end, or once stopped.
  // REQUIRES: `out` is not empty.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> out) = 0;

  // Octets that Read has given, and how many there are in all; nullopt when
  // nobody knows (a pipe).
  virtual int64_t bytes_read() const = 0;
  virtual std::optional<int64_t> bytes_total() const = 0;
};

}  // namespace mxscan
