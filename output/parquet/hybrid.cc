#include "output/parquet/hybrid.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace mxscan {
namespace {

constexpr size_t kGroup = 8;  // Packed values come in groups of so many.

static_assert(std::endian::native == std::endian::little);

void AppendVarint(uint64_t value, TextBuffer& out) {
  for (; value >= 0x80; value >>= 7) {
    out.Append(static_cast<char>(value | 0x80));
  }
  out.Append(static_cast<char>(value));
}

template <typename T>
void AppendRun(T value, size_t length, size_t bit_width, TextBuffer& out) {
  AppendVarint(length << 1, out);
  for (size_t bits = 0; bits < bit_width; bits += 8) {
    out.Append(static_cast<char>(static_cast<uint32_t>(value) >> bits));
  }
}

// So many values, from `values` on, side by side from the lowest bit up.
template <size_t kCount, typename T>
uint64_t Pack(const T* values, size_t bit_width) {
  uint64_t packed = 0;
  for (size_t i = kCount; i-- > 0;) packed = packed << bit_width | values[i];
  return packed;
}

// Of a group, all words that it may take are written, and what follows it over
// those that are too many.
constexpr size_t kMostWords = 4;

// A group takes as many octets as a value has bits, which are four words at
// most. Within one or two of them, halves and quarters are packed on their own.
// Returns where the group ends.
template <typename T>
char* PutGroup(const T* values, size_t bit_width, char* to) {
  std::array<uint64_t, kMostWords> words = {};
  if (bit_width <= 8) {
    words[0] = Pack<8>(values, bit_width);
    std::memcpy(to, words.data(), sizeof(words[0]));
    return to + bit_width;
  }
  if (bit_width <= 16) {
    const uint64_t low = Pack<4>(values, bit_width);
    const uint64_t high = Pack<4>(values + 4, bit_width);
    words[0] = low | (bit_width < 16 ? high << 4 * bit_width : 0);
    words[1] = high >> (64 - 4 * bit_width);
  } else {
    for (size_t i = 0; i < kGroup; ++i) {
      const size_t bit = i * bit_width;
      const auto value = static_cast<uint64_t>(values[i]);
      words[bit / 64] |= value << bit % 64;
      if (bit % 64 > 32) words[bit / 64 + 1] |= value >> (64 - bit % 64);
    }
  }
  std::memcpy(to, words.data(), sizeof(words));
  return to + bit_width;
}

// The last group is filled with zeros, which a reader that counts values never
// sees.
template <typename T>
void AppendPacked(std::span<const T> values, size_t bit_width,
                  TextBuffer& out) {
  if (values.empty()) return;
  const size_t groups = (values.size() + kGroup - 1) / kGroup;
  AppendVarint(groups << 1 | 1, out);
  char* to = out.Room(groups * bit_width + kMostWords * sizeof(uint64_t));
  for (; values.size() >= kGroup; values = values.subspan(kGroup)) {
    to = PutGroup(values.data(), bit_width, to);
  }
  if (!values.empty()) {
    std::array<T, kGroup> last = {};
    std::ranges::copy(values, last.begin());
    to = PutGroup(last.data(), bit_width, to);
  }
  out.Take(to);
}

// Whether eight values are the same, looked at as words of memory.
template <typename T>
bool IsOfOne(const T* values) {
  const auto first = static_cast<uint64_t>(values[0]);
  const uint64_t wanted =
      sizeof(T) == 1 ? first * 0x0101010101010101 : first << 32 | first;
  uint64_t others = 0;
  for (size_t i = 0; i < kGroup; i += sizeof(uint64_t) / sizeof(T)) {
    uint64_t word;
    std::memcpy(&word, values + i, sizeof(word));
    others |= word ^ wanted;
  }
  return others == 0;
}

// How many values from the first on are like that, if they are eight; else 0.
template <typename T>
size_t RunLength(std::span<const T> values) {
  const T first = values[0];
  size_t run = 0;
  while (run + kGroup <= values.size() && values[run] == first &&
         IsOfOne(values.data() + run)) {
    run += kGroup;
  }
  if (run == 0) return 0;
  while (run < values.size() && values[run] == first) ++run;
  return run;
}

// Packs whole groups until a run begins at a group's border.
template <typename T>
void Append(std::span<const T> values, size_t bit_width, TextBuffer& out) {
  size_t packed = 0;  // Where the values begin that are still to be packed.
  for (size_t i = 0; i < values.size();) {
    const size_t run = RunLength(values.subspan(i));
    if (run == 0) {
      i += std::min(kGroup, values.size() - i);
      continue;
    }
    AppendPacked(values.subspan(packed, i - packed), bit_width, out);
    AppendRun(values[i], run, bit_width, out);
    i += run;
    packed = i;
  }
  AppendPacked(values.subspan(packed), bit_width, out);
}

}  // namespace

int BitWidth(uint32_t largest) {
  return std::max(1, static_cast<int>(std::bit_width(largest)));
}

void AppendHybrid(std::span<const uint8_t> values, int bit_width,
                  TextBuffer& out) {
  Append(values, static_cast<size_t>(bit_width), out);
}

void AppendHybrid(std::span<const uint32_t> values, int bit_width,
                  TextBuffer& out) {
  Append(values, static_cast<size_t>(bit_width), out);
}

}  // namespace mxscan
