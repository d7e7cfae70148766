#include "resolver/random_bits.h"

#include <cstring>

namespace mxscan {
namespace {

constexpr int kRounds = 12;

// A row of the state: four words, for the four quarter rounds of a round.
typedef uint32_t Row __attribute__((vector_size(16)));

template <int kBits>
Row Rotated(Row row) {
  return row << kBits | row >> (32 - kBits);
}

void QuarterRounds(Row& a, Row& b, Row& c, Row& d) {
  a += b, d = Rotated<16>(d ^ a);
  c += d, b = Rotated<12>(b ^ c);
  a += b, d = Rotated<8>(d ^ a);
  c += d, b = Rotated<7>(b ^ c);
}

// The word `kPlaces` further on comes first.
template <int kPlaces>
Row Turned(Row row) {
  return __builtin_shufflevector(row, row, kPlaces, (kPlaces + 1) % 4,
                                 (kPlaces + 2) % 4, (kPlaces + 3) % 4);
}

}  // namespace

void ChaChaBlock(const std::array<uint32_t, 16>& state, int rounds,
                 std::array<uint32_t, 16>& block) {
  Row rows[4];
  std::memcpy(rows, state.data(), sizeof(rows));
  auto [a, b, c, d] = rows;
  for (int i = 0; i < rounds; i += 2) {
    QuarterRounds(a, b, c, d);
    b = Turned<1>(b), c = Turned<2>(c), d = Turned<3>(d);  // The diagonals.
    QuarterRounds(a, b, c, d);
    b = Turned<3>(b), c = Turned<2>(c), d = Turned<1>(d);
  }
  rows[0] += a, rows[1] += b, rows[2] += c, rows[3] += d;
  std::memcpy(block.data(), rows, sizeof(rows));
}

// "expand 32-byte k", the key, a counter of two words, and no nonce.
RandomBits::RandomBits(uint64_t seed)
    : state_{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574} {
  state_[4] = static_cast<uint32_t>(seed);
  state_[5] = static_cast<uint32_t>(seed >> 32);
}

void RandomBits::Refill() {
  ChaChaBlock(state_, kRounds, block_);
  if (++state_[12] == 0) ++state_[13];
  used_ = 0;
}

}  // namespace mxscan
