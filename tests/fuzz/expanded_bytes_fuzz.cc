// Whatever is called compressed ends: with the same octets and the same word
// about it whatever the pieces, and without more than the limit allows.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/input/expanded_bytes.h"
#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

constexpr ExpansionLimit kLimit = {.free = 1 << 20, .ratio = 50};
constexpr size_t kOut = 4096;

void Require(bool condition) {
  if (!condition) std::abort();
}

struct Result {
  std::string text;
  bool ok = true;
  bool over = false;
};

Result Expand(std::string_view content, size_t piece) {
  MemoryBytes bytes(content, piece);
  const StopEvent stop;
  ExpandedBytes expanded("fuzz", bytes, stop, kLimit);
  Result result;
  std::string out(kOut, '\0');
  while (true) {
    const absl::StatusOr<size_t> got =
        expanded.Read(absl::MakeSpan(&out[0], kOut));
    result.ok = got.ok();
    if (!got.ok()) {
      const std::string message(got.status().message());
      result.over = message.find("expands to more") != std::string::npos;
    }
    if (!got.ok() || *got == 0) return result;
    Require(*got <= kOut);
    result.text.append(out, 0, *got);
  }
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mxscan;
  if (size == 0) return 0;
  const size_t piece = size_t{1} + data[0];  // The first octet says how big.
  const std::string_view content(reinterpret_cast<const char*>(data) + 1,
                                 size - 1);
  const Result in_pieces = Expand(content, piece);
  const Result whole = Expand(content, SIZE_MAX);
  Require(in_pieces.ok == whole.ok);
  // What is stopped or damaged may be so an octet earlier or later.
  if (whole.ok) Require(in_pieces.text == whole.text);
  const int64_t most = kLimit.free + static_cast<int64_t>(kOut) +
                       kLimit.ratio * static_cast<int64_t>(content.size());
  Require(static_cast<int64_t>(whole.text.size()) <= most);
  return 0;
}
