#include "resolver/pacing/log_histogram.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace mxscan {
namespace {

TEST(LogHistogram, TellsQuantilesToWithinSevenPerCent) {
  LogHistogram histogram;
  for (int64_t value = 1; value <= 100000; ++value) histogram.Add(value);
  for (double quantile : {.01, .5, .95, .99, 1.0}) {
    const double exact = quantile * 100000;
    EXPECT_NEAR(histogram.Quantile(quantile), exact, .07 * exact);
  }
}

TEST(LogHistogram, IsExactForSmallValues) {
  for (int64_t value = 0; value < 16; ++value) {
    LogHistogram histogram;
    histogram.Add(value);
    EXPECT_EQ(histogram.Quantile(.5), value);
  }
}

TEST(LogHistogram, SurvivesAnyValue) {
  LogHistogram histogram;
  histogram.Add(-5);
  histogram.Add(std::numeric_limits<int64_t>::max());
  histogram.Add(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(histogram.total(), 3);
  EXPECT_EQ(histogram.Quantile(0), 0);
  EXPECT_GT(histogram.Quantile(1), int64_t{1} << 40);
}

TEST(LogHistogram, SaysZeroWhenEmpty) {
  EXPECT_EQ(LogHistogram().Quantile(.5), 0);
}

}  // namespace
}  // namespace mxscan
