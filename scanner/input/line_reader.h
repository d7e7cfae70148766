// LineReader parts octets into lines, in one buffer, without copying them.
// Lines end in LF or CRLF; the last may end with the input. A byte order mark
// at the start is dropped. A line above `max_line` octets is cut there and what
// follows up to its end is passed over: memory stays flat and the next line is
// whole.
//
// `source` must outlive the reader. One thread.

#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "scanner/input/byte_source.h"
#include "scanner/input/read_ahead.h"

namespace mxscan {

class LineReader {
 public:
  static constexpr size_t kMaxLine = 4096;  // Of domains, without the end.
  static constexpr size_t kDefaultBuffer = size_t{1} << 20;

  struct Line {
    std::string_view text;  // Without the line end; holds until the next call.
    bool cut = false;       // It was longer than max_line.
  };

  // REQUIRES: buffer_size >= 2 * max_line.
  explicit LineReader(ByteSource& source, size_t buffer_size = kDefaultBuffer,
                      size_t max_line = kMaxLine);

  // Reads the next line. False at the end.
  absl::StatusOr<bool> Next(Line& line);

  // Octets of the source that the lines so far took.
  int64_t bytes_used() const { return buffer_.bytes_used(); }

 private:
  absl::Status DropByteOrderMark();
  // Passes over the rest of a line that was cut.
  absl::Status DropRest();
  void Take(size_t length, size_t line_end, Line& line);

  ReadAhead buffer_;
  const size_t max_line_;
  bool started_ = false;
  bool rest_pending_ = false;  // The line last given was cut.
};

}  // namespace mxscan
