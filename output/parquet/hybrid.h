// Parquet's hybrid of run lengths and bit packing, in which the levels and the
// dictionary indexes of a page are written. (parquet-format, Encodings.md,
// "RLE/Bit-Packing Hybrid".)

#pragma once

#include <cstdint>
#include <span>

#include "output/text_buffer.h"

namespace mxscan {

// Bits that `largest` needs; at least one, for readers differ on none.
int BitWidth(uint32_t largest);

// Appends `values`, each of `bit_width` bits, to `out`.
// REQUIRES: 1 <= bit_width <= 32, and every value fits.
void AppendHybrid(std::span<const uint8_t> values, int bit_width,
                  TextBuffer& out);
void AppendHybrid(std::span<const uint32_t> values, int bit_width,
                  TextBuffer& out);

}  // namespace mxscan
