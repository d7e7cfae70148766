#include "scanner/journal/journal_lines.h"

#include <xxhash.h>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

constexpr size_t kDigits = 16;

std::string Prefix(uint64_t checksum) {
  return absl::StrFormat("%016x ", checksum);
}

uint64_t Checksum(std::string_view json, uint64_t before) {
  return XXH3_64bits_withSeed(json.data(), json.size(), before);
}

}  // namespace

std::string JournalLines::Next(std::string_view json) {
  checksum_ = Checksum(json, checksum_);
  std::string line = Prefix(checksum_);
  line.append(json).append("\n");
  return line;
}

ReadLines ReadJournalLines(std::string_view text) {
  ReadLines read{{}, text};
  uint64_t before = 0;
  while (true) {
    const size_t end = read.rest.find('\n');
    if (end == text.npos || end < kDigits + 1) return read;
    const std::string_view json =
        read.rest.substr(kDigits + 1, end - kDigits - 1);
    before = Checksum(json, before);
    if (read.rest.substr(0, kDigits + 1) != Prefix(before)) return read;
    read.objects.push_back(json);
    read.rest.remove_prefix(end + 1);
  }
}

}  // namespace mxscan
