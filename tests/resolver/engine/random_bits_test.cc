#include "resolver/random_bits.h"

#include <bit>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

TEST(ChaChaBlock, AgreesWithRfc8439Section232) {
  const std::array<uint32_t, 16> state = {
      0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100, 0x07060504,
      0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c,
      0x00000001, 0x09000000, 0x4a000000, 0x00000000};
  const std::array<uint32_t, 16> expected = {
      0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033,
      0x9aaa2204, 0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
      0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2};
  std::array<uint32_t, 16> block;
  ChaChaBlock(state, 20, block);
  EXPECT_EQ(block, expected);
}

TEST(RandomBits, DrawTheSameFromEqualSeedsAndOtherwiseNot) {
  RandomBits a(7), b(7), c(8);
  int same = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t drawn = a.Draw64();
    EXPECT_EQ(drawn, b.Draw64());
    if (drawn == c.Draw64()) ++same;
  }
  EXPECT_EQ(same, 0);
}

TEST(RandomBits, ComeUpZeroAndOneEquallyOften) {
  RandomBits random(1);
  int64_t ones = 0;
  for (int i = 0; i < 100000; ++i) {
    ones += std::popcount(random.Draw16()) + std::popcount(random.Draw32());
  }
  // Of 4.8 million; the standard deviation is about 1100.
  EXPECT_NEAR(static_cast<double>(ones), 2.4e6, 8000);
}

}  // namespace
}  // namespace mxscan
