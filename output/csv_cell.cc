#include "output/csv_cell.h"

#include "output/utf8.h"

namespace mxscan {
namespace {

void AppendQuoted(std::string_view text, TextBuffer& out) {
  out.Append('"');
  for (const char octet : text) {
    switch (octet) {
      case '"': out.Append("\"\""); break;
      case '\0': out.Append(kReplacement); break;
      default: out.Append(octet);
    }
  }
  out.Append('"');
}

}  // namespace

void AppendCsvCell(std::string_view text, TextBuffer& out) {
  constexpr std::string_view kQuoted("\",\r\n\0", 5);
  if (text.empty() || text.find_first_of(kQuoted) != text.npos) {
    return AppendQuoted(text, out);
  }
  out.Append(text);
}

}  // namespace mxscan
