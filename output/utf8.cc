#include "output/utf8.h"

#include <cstdint>

namespace mxscan {
namespace {

// What may follow a lead octet: how many octets, and the bounds of the first
// (Unicode, table 3-7); the others are always 80..BF.
struct Lead {
  int continuations;
  uint8_t low;
  uint8_t high;
};

constexpr Lead LeadOf(uint8_t octet) {
  if (octet < 0x80) return {0, 0, 0};
  if (octet < 0xC2) return {-1, 0, 0};
  if (octet < 0xE0) return {1, 0x80, 0xBF};
  if (octet == 0xE0) return {2, 0xA0, 0xBF};
  if (octet == 0xED) return {2, 0x80, 0x9F};
  if (octet < 0xF0) return {2, 0x80, 0xBF};
  if (octet == 0xF0) return {3, 0x90, 0xBF};
  if (octet < 0xF4) return {3, 0x80, 0xBF};
  if (octet == 0xF4) return {3, 0x80, 0x8F};
  return {-1, 0, 0};
}

struct Sequence {
  size_t length;  // Of the sequence, or of its part that was well-formed.
  bool whole;
};

Sequence ReadSequence(std::string_view text) {
  const Lead lead = LeadOf(static_cast<uint8_t>(text[0]));
  if (lead.continuations < 0) return {1, false};
  const auto wanted = static_cast<size_t>(lead.continuations) + 1;
  for (size_t i = 1; i < wanted; ++i) {
    if (i == text.size()) return {i, false};
    const auto octet = static_cast<uint8_t>(text[i]);
    const uint8_t low = i == 1 ? lead.low : 0x80;
    const uint8_t high = i == 1 ? lead.high : 0xBF;
    if (octet < low || octet > high) return {i, false};
  }
  return {wanted, true};
}

// How much of `text` is plain ASCII from its start, eight octets a step.
size_t AsciiPrefix(std::string_view text) {
  size_t i = 0;
  while (i + 8 <= text.size() && IsAscii(text.substr(i, 8))) i += 8;
  while (i < text.size() && !(text[i] & 0x80)) ++i;
  return i;
}

size_t ValidPrefix(std::string_view text) {
  size_t i = AsciiPrefix(text);
  while (i < text.size()) {
    const Sequence next = ReadSequence(text.substr(i));
    if (!next.whole) return i;
    i += next.length;
    i += AsciiPrefix(text.substr(i));
  }
  return i;
}

}  // namespace

std::string_view ValidWideUtf8(std::string_view text, std::string& scratch) {
  size_t valid = ValidPrefix(text);
  if (valid == text.size()) return text;
  scratch.clear();
  while (true) {
    scratch.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return scratch;
    scratch.append(kReplacement);
    text.remove_prefix(ReadSequence(text).length);
    valid = ValidPrefix(text);
  }
}

}  // namespace mxscan
