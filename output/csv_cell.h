// One cell of CSV (RFC 4180). An empty text is `""`, for a cell with nothing
// in it is null. Any thread.

#pragma once

#include <string_view>

#include "output/text_buffer.h"

namespace mxscan {

// Appends `text`, in quotes where it takes them; a NUL, which many readers
// end at, becomes U+FFFD. REQUIRES: valid UTF-8.
void AppendCsvCell(std::string_view text, TextBuffer& out);

}  // namespace mxscan
