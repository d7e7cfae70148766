// Text columns are UTF-8, but an input line may hold any octets. This is
// the border: what is not UTF-8 becomes U+FFFD, one for each maximal part of a
// broken sequence (as Unicode advises, chapter 3.9, and as browsers and Python
// do).

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mxscan {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Whether `text` is of ASCII alone, as nearly all is. Eight octets a step, the
// last of which may overlap.
inline bool IsAscii(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  uint64_t octets = 0;
  const auto look_at = [&octets](const char* eight) {
    uint64_t word;
    std::memcpy(&word, eight, sizeof(word));
    octets |= word;
  };
  const size_t size = text.size();
  if (size < 8) {
    for (const char octet : text) octets |= static_cast<uint8_t>(octet);
    return (octets & kHighBits) == 0;
  }
  for (size_t i = 0; i + 8 < size; i += 8) look_at(text.data() + i);
  look_at(text.data() + size - 8);
  return (octets & kHighBits) == 0;
}

// As ValidUtf8, of text that is not of ASCII alone.
std::string_view ValidWideUtf8(std::string_view text, std::string& scratch);

// `text` itself when it is valid UTF-8; else its repair, which lies in
// `scratch` until scratch changes.
inline std::string_view ValidUtf8(std::string_view text, std::string& scratch) {
  return IsAscii(text) ? text : ValidWideUtf8(text, scratch);
}

}  // namespace mxscan
