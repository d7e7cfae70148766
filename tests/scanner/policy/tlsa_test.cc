#include "scanner/policy/tlsa.h"

#include <gtest/gtest.h>

#include <vector>

namespace mxscan {
namespace {

bool IsUsable(uint8_t usage, uint8_t selector, uint8_t matching, size_t size) {
  std::vector<uint8_t> rdata = {usage, selector, matching};
  rdata.resize(3 + size, 0xab);
  return IsUsableTlsa(rdata);
}

TEST(Tlsa, IsUsableByMailServersWithUsageTwoAndThree) {
  EXPECT_TRUE(IsUsable(3, 1, 1, 32));
  EXPECT_TRUE(IsUsable(2, 0, 2, 64));
  EXPECT_TRUE(IsUsable(3, 0, 0, 800));
  EXPECT_FALSE(IsUsable(0, 1, 1, 32));
  EXPECT_FALSE(IsUsable(1, 1, 1, 32));
  EXPECT_FALSE(IsUsable(4, 1, 1, 32));
}

TEST(Tlsa, WantsASelectorAndADigestThatAreKnown) {
  EXPECT_FALSE(IsUsable(3, 2, 1, 32));
  EXPECT_FALSE(IsUsable(3, 1, 3, 32));
  EXPECT_FALSE(IsUsable(3, 1, 1, 31));
  EXPECT_FALSE(IsUsable(3, 1, 1, 64));
  EXPECT_FALSE(IsUsable(3, 1, 2, 32));
  EXPECT_FALSE(IsUsable(3, 1, 0, 0));
}

TEST(Tlsa, IsNotReadBeyondItsEnd) {
  for (size_t size = 0; size < 4; ++size) {
    EXPECT_FALSE(IsUsableTlsa(std::vector<uint8_t>(size, 1)));
  }
}

}  // namespace
}  // namespace mxscan
