// TsvFile is a table as we keep them in data/: UTF-8 text, one fact a line,
// fields parted by single tabs, with the names of the columns in the first
// line. Lines that begin with `#` and empty lines say nothing. A field may be
// empty and holds any octets but tabs, line ends and other control codes.
//
// The fields are views into the text that was parsed, which must outlive them.
// Pure; any thread.

#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mxscan {

struct TsvRow {
  int line = 0;  // From 1, counting every line of the file.
  std::vector<std::string_view> fields;  // As many as there are columns.
};

struct TsvFile {
  std::vector<TsvRow> rows;

  // Reads `text`. `name` is what errors call the file; they say
  // `name:line: reason`. Fails when the first line that says something is not
  // exactly `columns`, when a row has more or fewer fields, and on anything
  // that an editor may have put there unasked: CRLF, a byte order mark, NULs.
  static absl::StatusOr<TsvFile> Parse(
      std::string_view name, std::string_view text,
      absl::Span<const std::string_view> columns);
};

// `name:line: reason`, for whoever finds a row's meaning wrong.
absl::Status TsvError(std::string_view name, int line, std::string_view reason);

}  // namespace mxscan
