// RandomBits draws the bits that a forger must guess: ids, ports and the case
// of letters.
//
// A blind forger may well know some of what was drawn. Whoever runs a name
// server that we ask, or owns one domain of the list, sees ids, ports and
// letter case. The usual fast generators (Mersenne Twister, xorshift,
// xoshiro) are linear: from a few hundred such bits their whole state follows,
// and with it every id to come. That is how several resolvers were poisoned.
// ChaCha (Bernstein 2008) is a cipher: seeing its stream tells nothing of the
// rest. We take 12 rounds, over the best attack known (7 rounds) and cheaper
// than the 20 of RFC 8439; a block of 64 octets serves several queries, which
// makes the draw of one id a matter of some nanoseconds.
//
// The 64 bits of seed are the whole secret: they must come from the operating
// system, never from the clock, except in tests, where equal seeds give equal
// draws. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace mxscan {

class RandomBits {
 public:
  explicit RandomBits(uint64_t seed);

  uint16_t Draw16() { return Draw<uint16_t>(); }
  uint32_t Draw32() { return Draw<uint32_t>(); }
  uint64_t Draw64() { return Draw<uint64_t>(); }

 private:
  static constexpr size_t kBlockOctets = 64;

  template <typename T>
  T Draw() {
    if (used_ + sizeof(T) > kBlockOctets) Refill();
    T value;
    std::memcpy(&value, reinterpret_cast<uint8_t*>(block_.data()) + used_,
                sizeof(T));
    used_ += sizeof(T);
    return value;
  }

  void Refill();

  std::array<uint32_t, 16> state_;
  std::array<uint32_t, 16> block_;
  size_t used_ = kBlockOctets;
};

// One ChaCha block of `rounds` rounds (RFC 8439 §2.3 with 20), in words.
// REQUIRES: rounds is even.
void ChaChaBlock(const std::array<uint32_t, 16>& state, int rounds,
                 std::array<uint32_t, 16>& block);

}  // namespace mxscan
