#include "output/parquet/hybrid.h"

#include <algorithm>
#include <bit>

namespace mxscan {
namespace {

constexpr size_t kGroup = 8;  // Packed values come in groups of so many.

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) {
    out.push_back(static_cast<char>(value | 0x80));
  }
  out.push_back(static_cast<char>(value));
}

template <typename T>
void AppendRun(T value, size_t length, int bit_width, std::string& out) {
  AppendVarint(length << 1, out);
  for (int bits = 0; bits < bit_width; bits += 8) {
    out.push_back(static_cast<char>(static_cast<uint32_t>(value) >> bits));
  }
}

// Values side by side from the lowest bit up; the last group is filled with
// zeros, which a reader that counts values never sees.
template <typename T>
void AppendPacked(std::span<const T> values, int bit_width, std::string& out) {
  if (values.empty()) return;
  const size_t groups = (values.size() + kGroup - 1) / kGroup;
  AppendVarint(groups << 1 | 1, out);
  uint64_t pending = 0;
  int bits = 0;
  for (size_t i = 0; i < groups * kGroup; ++i) {
    const uint64_t value = i < values.size() ? values[i] : 0;
    pending |= value << bits;
    for (bits += bit_width; bits >= 8; bits -= 8) {
      out.push_back(static_cast<char>(pending));
      pending >>= 8;
    }
  }
}

template <typename T>
size_t RunLength(std::span<const T> values) {
  const auto other = std::ranges::find_if(
      values, [first = values[0]](T value) { return value != first; });
  return static_cast<size_t>(other - values.begin());
}

// Packs whole groups until a run begins at a group's border.
template <typename T>
void Append(std::span<const T> values, int bit_width, std::string& out) {
  size_t packed = 0;  // Where the values begin that are still to be packed.
  for (size_t i = 0; i < values.size();) {
    const size_t run = RunLength(values.subspan(i));
    if (run < kGroup) {
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
                  std::string& out) {
  Append(values, bit_width, out);
}

void AppendHybrid(std::span<const uint32_t> values, int bit_width,
                  std::string& out) {
  Append(values, bit_width, out);
}

}  // namespace mxscan
