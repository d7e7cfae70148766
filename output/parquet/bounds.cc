#include "output/parquet/bounds.h"

namespace mxscan {
namespace {

bool IsContinuation(char octet) {
  return (static_cast<uint8_t>(octet) & 0xC0) == 0x80;
}

// The character after `character` in the order of Unicode, which is that of
// UTF-8's octets as well; empty after the last.
std::string NextCharacter(std::string_view character) {
  uint32_t code = static_cast<uint8_t>(character[0]);
  if (character.size() > 1) code &= 0x7Fu >> character.size();
  for (const char octet : character.substr(1)) {
    code = code << 6 | (static_cast<uint8_t>(octet) & 0x3F);
  }
  if (++code == 0xD800) code = 0xE000;  // Surrogates are no characters.
  if (code > 0x10FFFF) return "";
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  const size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = 0xFF00u >> (more + 1) & 0xFF;  // A 1 for each octet.
  std::string next(1, static_cast<char>(lead | code >> 6 * more));
  for (size_t i = more; i-- > 0;) {
    next.push_back(static_cast<char>(0x80 | (code >> 6 * i & 0x3F)));
  }
  return next;
}

// The longest prefix of at most kLongestBound octets that cuts no character.
std::string_view Prefix(std::string_view text) {
  size_t size = kLongestBound;
  while (size > 0 && IsContinuation(text[size])) --size;
  return text.substr(0, size);
}

}  // namespace

Bound LowerBound(std::string_view value) {
  if (value.size() <= kLongestBound) return {std::string(value), true};
  return {std::string(Prefix(value)), false};
}

Bound UpperBound(std::string_view value) {
  if (value.size() <= kLongestBound) return {std::string(value), true};
  std::string above(Prefix(value));
  while (!above.empty()) {
    size_t last = above.size() - 1;
    while (IsContinuation(above[last])) --last;
    const std::string raised = NextCharacter(above.substr(last));
    above.resize(last);
    if (raised.empty() || above.size() + raised.size() > kLongestBound) {
      continue;  // What is left is raised further to the left.
    }
    return {above + raised, false};
  }
  return {std::string(value), true};
}

}  // namespace mxscan
