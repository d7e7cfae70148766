#include "resolver/cache/hash_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace mxscan {
namespace {

uint32_t FindValue(const HashIndex& index, uint32_t tag, uint32_t value) {
  return index.Find(tag, [&](uint32_t found) { return found == value; });
}

TEST(HashIndex, FindsOnlyWhatTheCallerSaysIsTheSame) {
  HashIndex index;
  index.Insert(7, 1);
  index.Insert(7, 2);
  EXPECT_EQ(FindValue(index, 7, 2), 2u);
  EXPECT_EQ(FindValue(index, 7, 3), HashIndex::kNone);
  EXPECT_EQ(FindValue(index, 8, 1), HashIndex::kNone);
}

TEST(HashIndex, FollowsAMovedValue) {
  HashIndex index;
  index.Insert(7, 1);
  index.Move(7, 1, 9);
  EXPECT_EQ(FindValue(index, 7, 1), HashIndex::kNone);
  EXPECT_EQ(FindValue(index, 7, 9), 9u);
}

// Tags from a small range, and near the table's end, make long runs that wrap.
TEST(HashIndex, BehavesLikeAMapUnderRandomUse) {
  for (uint32_t range : {16u, 1000u, 0xffffffffu}) {
    HashIndex index;
    std::map<uint32_t, uint32_t> tags;  // By value.
    std::mt19937 random(range);
    for (uint32_t step = 0; step < 20000; ++step) {
      const uint32_t value = random() % 3000;
      const auto known = tags.find(value);
      if (known != tags.end()) {
        ASSERT_EQ(FindValue(index, known->second, value), value);
        index.Erase(known->second, value);
        ASSERT_EQ(FindValue(index, known->second, value), HashIndex::kNone);
        tags.erase(known);
      } else {
        const uint32_t tag = 0xffffffff - random() % range;
        index.Insert(tag, value);
        tags[value] = tag;
      }
    }
    EXPECT_EQ(index.size(), tags.size());
    for (const auto& [value, tag] : tags) {
      EXPECT_EQ(FindValue(index, tag, value), value);
    }
  }
}

TEST(HashIndex, HoldsWhatItSaysWithinTheBytesItSays) {
  const size_t bytes = 1 << 20;
  HashIndex index;
  for (uint32_t i = 0; i < HashIndex::CapacityIn(bytes); ++i) {
    index.Insert(i * 2654435761u, i);
  }
  EXPECT_LE(index.bytes(), bytes);
  EXPECT_GT(index.bytes(), bytes / 2);
}

}  // namespace
}  // namespace mxscan
