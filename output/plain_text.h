// Nearly all text in a row is plain: printable ASCII that a format may copy as
// it stands. CopyPlain copies it and finds out in one pass, sixteen octets at
// a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mxscan {
namespace plain_text_internal {

// Sixteen octets side by side, which GCC and Clang take at once where the
// processor can.
typedef uint8_t Block __attribute__((vector_size(16)));
typedef uint64_t Words __attribute__((vector_size(16)));

// Sets the top bit of each octet that is a control, `"`, `kSpecial` or not
// ASCII. Of ASCII only those go below zero where something is taken away. Of
// what is not ASCII each of the last two leaves the bit, but for one octet.
template <char kSpecial>
Block MarkUnplain(Block octets) {
  static_assert(kSpecial != '"');
  return (octets - ' ') | ((octets ^ '"') - 1) | ((octets ^ kSpecial) - 1);
}

inline bool HasMark(Block octets) {
  const auto words = reinterpret_cast<Words>(octets);
  return ((words[0] | words[1]) & 0x8080808080808080) != 0;
}

template <typename Word>
Word CopyWord(const char* from, char* to) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  std::memcpy(to, &word, sizeof(word));
  return word;
}

// Copies fewer than eight octets, at least one, and returns them, some of them
// twice, filled up with plain ones.
inline uint64_t CopyShort(const char* from, size_t size, char* to) {
  if (size >= 4) {
    const auto first = CopyWord<uint32_t>(from, to);
    const auto last = CopyWord<uint32_t>(from + size - 4, to + size - 4);
    return first | uint64_t{last} << 32;
  }
  uint64_t word = 0x6161616161;
  for (const size_t i : {size_t{0}, size / 2, size - 1}) {
    word = word << 8 | CopyWord<uint8_t>(from + i, to + i);
  }
  return word;
}

}  // namespace plain_text_internal

// Copies `text` to `to`, where there is room for it, and returns whether it is
// ASCII without controls, `"` and `kSpecial`.
// REQUIRES: the two do not overlap.
template <char kSpecial>
bool CopyPlain(std::string_view text, char* to) {
  using namespace plain_text_internal;
  const char* const from = text.data();
  const size_t size = text.size();
  if (size > 16) {
    const size_t last = size - 16;
    Block marks =
        MarkUnplain<kSpecial>(CopyWord<Block>(from + last, to + last));
    for (size_t i = 0; i < last; i += 16) {
      marks |= MarkUnplain<kSpecial>(CopyWord<Block>(from + i, to + i));
    }
    return !HasMark(marks);
  }
  Words words;
  if (size >= 8) {
    words[0] = CopyWord<uint64_t>(from, to);
    words[1] = CopyWord<uint64_t>(from + size - 8, to + size - 8);
  } else if (size > 0) {
    words[0] = words[1] = CopyShort(from, size, to);
  } else {
    return true;
  }
  return !HasMark(MarkUnplain<kSpecial>(reinterpret_cast<Block>(words)));
}

}  // namespace mxscan
