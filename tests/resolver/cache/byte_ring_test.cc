#include "resolver/cache/byte_ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>

namespace mxscan {
namespace {

TEST(ByteRing, RefusesWhatDoesNotFit) {
  ByteRing ring(64);
  EXPECT_EQ(ring.Append(65), ByteRing::kNone);
  EXPECT_NE(ring.Append(64), ByteRing::kNone);
  EXPECT_EQ(ring.Append(4), ByteRing::kNone);
  ring.DropOldest();
  EXPECT_TRUE(ring.empty());
  EXPECT_NE(ring.Append(64), ByteRing::kNone);
}

TEST(ByteRing, KeepsTheSpareFree) {
  ByteRing ring(64);
  EXPECT_EQ(ring.Append(40, /*spare=*/32), ByteRing::kNone);
  EXPECT_NE(ring.Append(32, /*spare=*/32), ByteRing::kNone);
}

struct Kept {
  uint32_t record;
  size_t bytes;
  uint8_t fill;
};

void ExpectFill(ByteRing& ring, const Kept& kept) {
  for (size_t i = sizeof(ByteRing::Header); i < kept.bytes; ++i) {
    ASSERT_EQ(ring.at(kept.record)[i], kept.fill);
  }
}

// Drops dead padding, then the oldest record, which must be `kept`.
void DropAndCheck(ByteRing& ring, const Kept& kept) {
  while (ring.header(ring.oldest()).mark == ByteRing::kDead) ring.DropOldest();
  ASSERT_EQ(ring.oldest(), kept.record);
  ExpectFill(ring, kept);
  ring.DropOldest();
}

TEST(ByteRing, GivesBackEveryRecordWholeAndInOrder) {
  ByteRing ring(4096);
  std::deque<Kept> all;
  std::mt19937 random(1);
  for (int step = 0; step < 20000; ++step) {
    const size_t bytes = 4 + random() % 300;
    const uint32_t record = ring.Append(bytes);
    if (record == ByteRing::kNone) {
      ASSERT_FALSE(all.empty());
      DropAndCheck(ring, all.front());
      all.pop_front();
      continue;
    }
    const auto fill = static_cast<uint8_t>(step);
    std::memset(ring.at(record) + 4, fill, bytes - 4);
    all.push_back({record, bytes, fill});
    EXPECT_LE(ring.used_bytes(), ring.capacity());
  }
  EXPECT_GT(all.size(), 10u);
}

}  // namespace
}  // namespace mxscan
