// Any octets are a table or are not; a table's rows, written again, are its
// text without comments.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scanner/tables/tsv.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mxscan::TsvFile;
  using mxscan::TsvRow;
  constexpr std::array<std::string_view, 3> kColumns = {"id", "fact", "value"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<TsvFile> file = TsvFile::Parse("t", text, kColumns);
  if (!file.ok()) return 0;
  int last_line = 0;
  for (const TsvRow& row : file->rows) {
    if (row.fields.size() != kColumns.size()) std::abort();
    if (row.line <= last_line) std::abort();
    last_line = row.line;
    // The fields stand in the text side by side, with a tab between two.
    for (size_t i = 1; i < row.fields.size(); ++i) {
      const char* end = row.fields[i - 1].data() + row.fields[i - 1].size();
      if (*end != '\t' || end + 1 != row.fields[i].data()) std::abort();
    }
  }
  if (last_line > std::count(text.begin(), text.end(), '\n') + 1) std::abort();
  return 0;
}
