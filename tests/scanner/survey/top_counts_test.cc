#include "scanner/survey/top_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace mxscan {
namespace {

constexpr size_t kAll = SIZE_MAX;

TEST(TopCounts, CountsAndSortsByCountThenKey) {
  TopCounts counts;
  for (const char* key : {"b", "c", "a", "c", "b", "c"}) counts.Add(key);
  counts.Add("d", 2);
  EXPECT_EQ(counts.ToText(kAll), "0 c,3 b,2 d,2 a,1");
  EXPECT_EQ(counts.CountOf("c"), 3);
  EXPECT_EQ(counts.CountOf("none"), 0);
}

TEST(TopCounts, KeepsTheThreeSmallestDifferentWitnessesInAnyOrder) {
  std::vector<uint32_t> hashes = {9, 2, 7, 2, 5, 9};
  std::ranges::sort(hashes);
  do {
    TopCounts counts;
    for (const uint32_t hash : hashes) counts.Add("a", 1, hash);
    ASSERT_EQ(counts.ToText(kAll), "0 a,6,2,5,7");
  } while (std::ranges::next_permutation(hashes).found);
}

TEST(TopCounts, OneWitnessHoweverOftenIsOne) {
  TopCounts counts;
  for (int i = 0; i < 5; ++i) counts.Add("a", 1, 77);
  EXPECT_EQ(counts.Sorted()[0].entry.Witnesses(), 1);
  counts.Add("a", 1, 78);
  EXPECT_EQ(counts.Sorted()[0].entry.Witnesses(), 2);
}

TEST(TopCounts, PartsAddUpToTheWholeAndTheirWitnessesToThree) {
  TopCounts whole;
  TopCounts parts[2];
  for (uint32_t i = 0; i < 1000; ++i) {
    const std::string key = "k" + std::to_string(i % 37);
    whole.Add(key, 1, i + 1);
    parts[i % 2].Add(key, 1, i + 1);
  }
  parts[0].Add(parts[1]);
  EXPECT_EQ(parts[0].ToText(kAll), whole.ToText(kAll));
}

// A few keys that come often among many that come once: what the bounds in
// the header say must hold, while a table that is full forgets.
TEST(TopCounts, WhatIsForgottenIsBoundedAndTheLargestStay) {
  std::mt19937 random(7);
  std::map<std::string, int64_t> truth;
  TopCounts counts;
  int64_t total = 0;
  for (int i = 0; i < 300'000; ++i) {
    const bool often = random() % 4 == 0;
    const std::string key = often ? "often" + std::to_string(random() % 50)
                                  : "once" + std::to_string(i);
    ++truth[key];
    ++total;
    counts.Add(key);
  }
  EXPECT_GT(counts.at_most_missing(), 0);
  EXPECT_LE(counts.at_most_missing(),
            total / static_cast<int64_t>(TopCounts::kKept));
  EXPECT_LE(counts.size(), TopCounts::kMost);
  for (const auto& [key, count] : truth) {
    ASSERT_LE(counts.CountOf(key), count) << key;
    ASSERT_GE(counts.CountOf(key) + counts.at_most_missing(), count) << key;
  }
}

TEST(TopCounts, TextKeepsTheLargestAndSaysWhatTheOthersHad) {
  TopCounts counts;
  counts.Add("a", 5);
  counts.Add("b", 4);
  counts.Add("c", 3);
  EXPECT_EQ(counts.ToText(2), "3 a,5 b,4");
  EXPECT_EQ(counts.ToText(3), "0 a,5 b,4 c,3");
}

TEST(TopCounts, AnyKeyComesBackFromText) {
  TopCounts counts;
  for (const char* key :
       {"a b", "1,2", "100%", "\x01\n\x7f", "\xFF>\\032", ""}) {
    counts.Add(key, 3, 0xabc);
  }
  const auto read = TopCounts::FromText(counts.ToText(kAll));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ToText(kAll), counts.ToText(kAll));
  EXPECT_EQ(read->CountOf("a b"), 3);
}

TEST(TopCounts, ReadsNothingElse) {
  for (const char* text :
       {"", "x", "-1", "0 a", "0 a,", "0 a,0", "0 a,-1", "0 a,1,0", "0 a,1,x",
        "0 a,1 a,2", "0 %4,1", "0 %zz,1", "0  a,1", "0 a,9223372036854775807",
        "9223372036854775807"}) {
    EXPECT_FALSE(TopCounts::FromText(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace mxscan
