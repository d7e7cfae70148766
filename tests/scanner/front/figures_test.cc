#include "scanner/screen/figures.h"

#include <gtest/gtest.h>

#include <limits>

namespace mxscan {
namespace {

TEST(Figures, ShortNumbersHaveThreeDigitsThatCount) {
  EXPECT_EQ(ShortNumber(0), "0");
  EXPECT_EQ(ShortNumber(999.4), "999");
  EXPECT_EQ(ShortNumber(999.6), "1.00k");
  EXPECT_EQ(ShortNumber(99'960), "100k");
  EXPECT_EQ(ShortNumber(1'234'567), "1.23M");
}

TEST(Figures, GroupedNumbersHaveACommaEveryThreeDigits) {
  EXPECT_EQ(GroupedNumber(0), "0");
  EXPECT_EQ(GroupedNumber(999), "999");
  EXPECT_EQ(GroupedNumber(1000), "1,000");
  EXPECT_EQ(GroupedNumber(-123'456), "-123,456");
  EXPECT_EQ(GroupedNumber(1'234'567), "1,234,567");
  EXPECT_EQ(GroupedNumber(std::numeric_limits<int64_t>::max()),
            "9,223,372,036,854,775,807");
}

TEST(Figures, TimesHaveTwoUnits) {
  EXPECT_EQ(ShortTime(0.4), "0s");
  EXPECT_EQ(ShortTime(59), "59s");
  EXPECT_EQ(ShortTime(3601), "1h00m");
  EXPECT_EQ(ShortTime(1e300), "11574d01h");
}

TEST(Figures, PercentNeverRoundsToAllOrNothing) {
  EXPECT_EQ(Percent(0, 0), "0%");
  EXPECT_EQ(Percent(0, 7), "0%");
  EXPECT_EQ(Percent(7, 7), "100%");
  EXPECT_EQ(Percent(1, 1'000'000), "<0.1%");
  EXPECT_EQ(Percent(999'999, 1'000'000), ">99.9%");
  EXPECT_EQ(Percent(1, 3), "33.3%");
}

}  // namespace
}  // namespace mxscan
