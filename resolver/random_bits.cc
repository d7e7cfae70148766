#include "resolver/random_bits.h"

#include <bit>

namespace mxscan {
namespace {

constexpr int kRounds = 12;

void QuarterRound(uint32_t& a, uint32_t& b, uint32_t& c, uint32_t& d) {
  a += b, d = std::rotl(d ^ a, 16);
  c += d, b = std::rotl(b ^ c, 12);
  a += b, d = std::rotl(d ^ a, 8);
  c += d, b = std::rotl(b ^ c, 7);
}

}  // namespace

void ChaChaBlock(const std::array<uint32_t, 16>& state, int rounds,
                 std::array<uint32_t, 16>& block) {
  std::array<uint32_t, 16> x = state;
  for (int i = 0; i < rounds; i += 2) {
    QuarterRound(x[0], x[4], x[8], x[12]);
    QuarterRound(x[1], x[5], x[9], x[13]);
    QuarterRound(x[2], x[6], x[10], x[14]);
    QuarterRound(x[3], x[7], x[11], x[15]);
    QuarterRound(x[0], x[5], x[10], x[15]);
    QuarterRound(x[1], x[6], x[11], x[12]);
    QuarterRound(x[2], x[7], x[8], x[13]);
    QuarterRound(x[3], x[4], x[9], x[14]);
  }
  for (size_t i = 0; i < x.size(); ++i) block[i] = x[i] + state[i];
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
