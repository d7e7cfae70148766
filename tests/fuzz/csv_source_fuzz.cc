// Any octets, in pieces of any size, give the records that a slow reading of
// RFC 4180 gives: line numbers rise, none is lost, and a quote that is never
// closed costs its own line only.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/input/csv_reader.h"
#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// The cells of the record at the head of `text`, which loses it; empty when a
// quote is not closed. By recursive descent, where the reader has states.
std::vector<std::string> SlowRecord(std::string_view& text) {
  std::vector<std::string> cells;
  size_t at = 0;
  const auto more = [&] { return at < text.size(); };
  while (true) {
    std::string cell;
    if (more() && text[at] == '"') {
      for (++at;; ++at) {
        if (!more()) return {};
        if (text[at] == '"' && text.substr(at + 1, 1) != "\"") break;
        if (text[at] == '"') ++at;
        cell += text[at];
      }
      ++at;
    }
    while (more() && text[at] != ',' && text[at] != '\n') cell += text[at++];
    const bool last = !more() || text[at] == '\n';
    // A CR before the line end is no part of the cell, unless it was quoted.
    if (last && at > 0 && text[at - 1] == '\r') cell.pop_back();
    cells.push_back(cell);
    if (last) break;
    ++at;
  }
  text.remove_prefix(std::min(text.size(), at + 1));
  return cells;
}

void DropLine(std::string_view& text) {
  text.remove_prefix(
      std::min(text.size(), text.substr(0, text.find('\n')).size() + 1));
}

void CheckAll(CsvReader& reader, std::string_view text) {
  CsvReader::Record got;
  int64_t line = 1;
  while (!text.empty()) {
    const std::string_view before = text;
    const std::vector<std::string> cells = SlowRecord(text);
    Require(*reader.Next(got));
    Require(got.line == line);
    if (cells.empty()) {
      Require(got.fault == "unclosed_quote" && got.cells.empty());
      DropLine(text);
    } else {
      Require(got.fault.empty());
      Require(std::ranges::equal(got.cells, cells));
    }
    const std::string_view taken =
        before.substr(0, before.size() - text.size());
    line += std::max<int64_t>(std::ranges::count(taken, '\n'), 1);
  }
  Require(!*reader.Next(got));
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mxscan;
  if (size == 0 || size > CsvReader::kMaxRecord) return 0;
  const size_t piece = size_t{1} + data[0];  // The first octet says how big.
  const std::string_view content(reinterpret_cast<const char*>(data) + 1,
                                 size - 1);
  MemoryBytes bytes(content, piece);
  CsvReader reader(bytes, ',', 2 * CsvReader::kMaxRecord);
  CheckAll(reader, content);
  return 0;
}
