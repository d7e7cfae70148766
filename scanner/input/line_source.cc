#include "scanner/input/line_source.h"

#include "scanner/input/extract_host.h"

namespace mxscan {
namespace {

bool SaysNothing(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\v\f\r");
  return first == std::string_view::npos || text[first] == '#';
}

}  // namespace

absl::StatusOr<bool> LineSource::Next(InputLine& line) {
  LineReader::Line raw;
  while (true) {
    const absl::StatusOr<bool> more = lines_.Next(raw);
    if (!more.ok() || !*more) return more;
    ++line_;
    if (!SaysNothing(raw.text)) break;
    skipped_.fetch_add(1, std::memory_order_relaxed);
  }
  line.line = line_;
  line.file = file_;
  SetDomain(raw.text, extract_host_, line);
  if (raw.cut) {
    line.domain = Name();
    line.invalid = "line_too_long";
  }
  return true;
}

}  // namespace mxscan
