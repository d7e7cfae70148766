// CsvReader parts octets into records and these into cells (RFC 4180): a cell
// in quotes may hold delimiters, line ends and quotes written twice. Lines end
// in LF or CRLF; a quote inside a bare cell is a quote.
//
// What RFC 4180 does not allow costs one record, never its neighbours. A quote
// that is not closed within kMaxRecord octets was none: its line alone is a
// bad record, and reading goes on behind that line. A line that is longer
// than that is cut.
//
// `source` must outlive the reader. One thread; memory is flat.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/input/byte_source.h"
#include "scanner/input/read_ahead.h"

namespace mxscan {

class CsvReader {
 public:
  static constexpr size_t kMaxRecord = size_t{64} << 10;
  static constexpr size_t kDefaultBuffer = size_t{1} << 20;

  // Its views hold until the next call.
  struct Record {
    int64_t line = 0;  // Where it begins, from 1.
    std::vector<std::string_view> cells;
    std::string_view text;  // As it stands there, without the line end.
    // `unclosed_quote` or `line_too_long`, and then no cells; else empty.
    std::string_view fault;
  };

  // REQUIRES: buffer_size >= 2 * kMaxRecord.
  CsvReader(ByteSource& source, char delimiter,
            size_t buffer_size = kDefaultBuffer);

  // Reads the next record, an empty one for an empty line. False at the end.
  absl::StatusOr<bool> Next(Record& record);

  // Lines begun so far.
  int64_t lines() const { return lines_; }

  // Octets of the source that the records so far took.
  int64_t bytes_used() const { return buffer_.bytes_used(); }

 private:
  enum class State : uint8_t { kCellStart, kBare, kQuoted, kQuoteInQuoted };

  absl::Status DropRest();
  State Follow(State state, char c) const;
  void TakeWhole(size_t length, Record& record);
  void TakeBad(State state, Record& record);
  void Give(size_t length, Record& record);
  void Split(Record& record);

  ReadAhead buffer_;
  const char delimiter_;
  bool rest_pending_ = false;  // The line last given was cut.
  int64_t lines_ = 0;
  std::string text_;  // Cells whose quotes are off.
};

}  // namespace mxscan
