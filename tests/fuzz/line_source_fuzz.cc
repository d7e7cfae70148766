// Any octets, in pieces of any size, give the lines that a plain reading of
// the rules gives: none lost, none joined, none invented.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "scanner/input/domain_name.h"
#include "scanner/input/line_source.h"
#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// The lines of `content` by the rules, whatever their length.
std::vector<std::string_view> PlainLines(std::string_view content) {
  std::vector<std::string_view> lines;
  if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
  while (!content.empty()) {
    std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(content.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

bool SaysNothing(std::string_view line) {
  line = line.substr(0, LineReader::kMaxLine);
  const size_t first = line.find_first_not_of(" \t\v\f\r");
  return first == std::string_view::npos || line[first] == '#';
}

void CheckLine(const InputLine& got, std::string_view plain) {
  Require(plain.starts_with(got.input));
  const bool cut = got.input.size() < plain.size();
  Require(cut == (plain.size() > LineReader::kMaxLine));
  Require(!cut || got.input.size() + 3 >= LineReader::kMaxLine);
  const std::string_view reason =
      cut ? "line_too_long" : NormalizeDomain(plain).invalid;
  Require(got.invalid == reason);
  Require(got.valid() || got.domain.view().IsRoot());
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mxscan;
  if (size == 0) return 0;
  const size_t piece = size_t{1} + data[0];  // The first octet says how big.
  const std::string_view content(reinterpret_cast<const char*>(data) + 1,
                                 size - 1);
  MemoryBytes bytes(content, piece);
  LineSource source(bytes, /*file=*/0, /*extract_host=*/false,
                    2 * LineReader::kMaxLine);
  InputLine got;
  int64_t number = 0;
  int64_t skipped = 0;
  for (const std::string_view plain : PlainLines(content)) {
    ++number;
    if (SaysNothing(plain)) {
      ++skipped;
      continue;
    }
    Require(*source.Next(got));
    Require(got.line == number);
    CheckLine(got, plain);
  }
  Require(!*source.Next(got));
  Require(source.skipped() == skipped);
  return 0;
}
