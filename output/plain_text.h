// Nearly all text in a row is plain: printable ASCII that a format may copy as
// it stands. IsPlain finds out eight octets at a time.

#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace mxscan {
namespace plain_text_internal {

constexpr uint64_t Repeat(uint8_t octet) {
  return octet * uint64_t{0x0101010101010101};
}

// Whether none of eight octets is a control, `"`, `kSpecial` or not ASCII. In
// (x - 0x01) & ~x the top bit of an octet shows that it was zero; a borrow
// can only come from such an octet, so the answer for all eight is exact.
template <char kSpecial>
bool IsPlainWord(uint64_t word) {
  constexpr uint64_t kTops = Repeat(0x80);
  const uint64_t quote = word ^ Repeat('"');
  const uint64_t special = word ^ Repeat(kSpecial);
  const uint64_t zeros = ((word - Repeat(0x20)) & ~word) |
                         ((quote - Repeat(1)) & ~quote) |
                         ((special - Repeat(1)) & ~special);
  return ((zeros | word) & kTops) == 0;
}

inline uint64_t Load(const char* from) {
  uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// A word that holds every octet of a text shorter than a word, some twice.
inline uint64_t LoadShort(std::string_view text) {
  const size_t size = text.size();
  if (size >= 4) {
    uint32_t ends[2];
    std::memcpy(&ends[0], text.data(), 4);
    std::memcpy(&ends[1], text.data() + size - 4, 4);
    return ends[0] | uint64_t{ends[1]} << 32;
  }
  uint64_t word = Repeat('a');
  for (const char octet : text) {
    word = word << 8 | static_cast<uint8_t>(octet);
  }
  return word;
}

}  // namespace plain_text_internal

// Whether `text` is ASCII without controls, `"` and `kSpecial`.
template <char kSpecial>
bool IsPlain(std::string_view text) {
  using namespace plain_text_internal;
  if (text.size() < 8) return IsPlainWord<kSpecial>(LoadShort(text));
  for (size_t i = 0; i + 8 < text.size(); i += 8) {
    if (!IsPlainWord<kSpecial>(Load(text.data() + i))) return false;
  }
  return IsPlainWord<kSpecial>(Load(text.data() + text.size() - 8));
}

}  // namespace mxscan
