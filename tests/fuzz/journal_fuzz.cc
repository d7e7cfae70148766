// Any octets are a journal or are not. So that the fuzzer gets past the
// checksums, the lines of its input are given theirs.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "output/place_set.h"
#include "scanner/journal/journal_lines.h"
#include "scanner/journal/journal_state.h"

namespace {

void Check(std::string_view text) {
  using namespace mxscan;
  const auto content = ReadJournal(text);
  if (!content.ok()) return;
  if (!PlaceSet::Parse(content->state.places).ok()) std::abort();
  // What is read can be written, and read again.
  JournalLines lines;
  const bool begun = !content->state.marks.empty() || content->state.complete;
  std::string again = lines.Next(HeaderJson(content->identity, begun));
  if (begun) again += lines.Next(EntryJson(content->state));
  const auto same = ReadJournal(again);
  if (!same.ok()) std::abort();
  if (same->state.marks != content->state.marks) std::abort();
  if (same->state.places != content->state.places) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Check(text);
  mxscan::JournalLines lines;
  std::string sealed;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    sealed += lines.Next(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  Check(sealed);
  return 0;
}
