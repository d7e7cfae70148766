// Any octets give the same names whatever the pieces they come in; numbers
// rise, no name follows itself, and every line is accounted for.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/input/zone_source.h"
#include "tests/support/memory_bytes.h"
#include "tests/support/source_rows.h"

namespace mxscan {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> Read(std::string_view content, size_t piece) {
  MemoryBytes bytes(content, piece);
  ZoneSource source(bytes, "fuzz.zone", /*file=*/0);
  return RowsOf(source);
}

void CheckOrder(std::string_view content) {
  MemoryBytes bytes(content);
  ZoneSource source(bytes, "fuzz.zone", /*file=*/0);
  InputLine line;
  Name last;
  int64_t last_line = 0;
  int64_t names = 0;
  absl::StatusOr<bool> more = source.Next(line);
  for (; more.ok() && *more; more = source.Next(line)) {
    Require(line.line > last_line);
    Require(!line.valid() || line.domain.view() != last.view());
    last_line = line.line;
    if (line.valid()) last = line.domain;
    Require(source.position() == ++names);
  }
  if (!more.ok()) return;
  const int64_t lines = std::ranges::count(content, '\n');
  Require(names + source.skipped() >= lines);
  Require(names + source.skipped() <= lines + 1);
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mxscan;
  if (size == 0) return 0;
  const size_t piece = size_t{1} + data[0];  // The first octet says how big.
  const std::string_view content(reinterpret_cast<const char*>(data) + 1,
                                 size - 1);
  Require(Read(content, piece) == Read(content, SIZE_MAX));
  CheckOrder(content);
  return 0;
}
