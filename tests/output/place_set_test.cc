#include "output/place_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace mxscan {
namespace {

PlaceSet SetOf(const std::vector<int64_t>& places) {
  PlaceSet set;
  for (const int64_t place : places) set.Add(place);
  return set;
}

TEST(PlaceSet, SaysWhatIsInItAsALowWaterMarkAndRunsAboveIt) {
  EXPECT_EQ(PlaceSet().ToText(), "0");
  EXPECT_EQ(SetOf({0, 1, 2}).ToText(), "3");
  EXPECT_EQ(SetOf({1}).ToText(), "0 1 1");
  EXPECT_EQ(SetOf({0, 2, 3, 7}).ToText(), "1 1 2 3 1");
  EXPECT_EQ(SetOf({200}).ToText(), "0 200 1");
}

TEST(PlaceSet, ForgetsNothingAndInventsNothing) {
  std::mt19937 random(3);
  for (const int ahead : {1, 5, 64, 1'000}) {
    std::vector<int64_t> places(3'000);
    std::iota(places.begin(), places.end(), 0);
    for (size_t i = 0; i < places.size(); ++i) {
      const size_t most = std::min(places.size() - 1, i + ahead);
      std::swap(places[i], places[i + random() % (most - i + 1)]);
    }
    PlaceSet set;
    std::set<int64_t> slow;
    for (const int64_t place : places) {
      set.Add(place);
      slow.insert(place);
      if (random() % 50 > 0) continue;
      const auto read = PlaceSet::Parse(set.ToText());
      ASSERT_TRUE(read.ok()) << set.ToText();
      ASSERT_EQ(read->ToText(), set.ToText());
      ASSERT_EQ(read->size(), static_cast<int64_t>(slow.size()));
      ASSERT_EQ(read->low(), set.low());
      for (int64_t i = 0; i < 3'100; ++i) {
        ASSERT_EQ(read->Contains(i), slow.contains(i));
        ASSERT_EQ(set.Contains(i), slow.contains(i));
      }
    }
    EXPECT_EQ(set.ToText(), "3000");
  }
}

TEST(PlaceSet, IsReadFromItsOwnTextOnly) {
  for (const char* text :
       {"", " ", "x", "-1", "1 ", "1 2", "1 2 ", "1  2 3", "1 0 3", "1 2 0",
        "1 2 3x", "1,2,3", "1 -2 3", "0 99999999999 1", "0 1 99999999999",
        "9223372036854775807", "99999999999999999999"}) {
    EXPECT_EQ(PlaceSet::Parse(text).status().code(),
              absl::StatusCode::kDataLoss)
        << text;
  }
}

TEST(PlaceSet, TakesABitForEachRowThatOvertakesAStraggler) {
  PlaceSet set;
  for (int64_t place = 1; place < 1'000'000; ++place) set.Add(place);
  EXPECT_EQ(set.ToText(), "0 1 999999");
  set.Add(0);
  EXPECT_EQ(set.ToText(), "1000000");
}

}  // namespace
}  // namespace mxscan
