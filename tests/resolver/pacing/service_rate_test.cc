#include "resolver/pacing/service_rate.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Ten answers a millisecond, until `until`.
void Answer(ServiceRate& rate, milliseconds from, milliseconds until) {
  for (milliseconds now = from; now < until; now += milliseconds(1)) {
    for (int i = 0; i < 10; ++i) rate.OnAnswer();
    rate.OnTurn(now);
  }
}

TEST(ServiceRate, CountsTheAnswersOfASecond) {
  ServiceRate rate;
  rate.Begin(seconds(1), 10'000);
  Answer(rate, milliseconds(1001), milliseconds(1101));
  EXPECT_NEAR(rate.At(milliseconds(1101)), 10'000, 200);
  // From the beginning on, though nothing comes any more.
  EXPECT_NEAR(rate.At(milliseconds(1201)), 5'000, 100);
}

TEST(ServiceRate, LeavesOutThatAServerStoodStill) {
  ServiceRate rate;
  rate.Begin(seconds(1), 10'000);
  Answer(rate, milliseconds(1001), milliseconds(1101));
  rate.OnTurn(milliseconds(1150));  // Ours, without an answer.
  Answer(rate, milliseconds(1201), milliseconds(1301));
  EXPECT_NEAR(rate.At(milliseconds(1301)), 10'000, 200);
}

TEST(ServiceRate, TakesNoPauseForOneWhereAnswersAreFew) {
  ServiceRate rate;
  rate.Begin(seconds(1), 100);
  for (int i = 1; i <= 200; ++i) {
    rate.OnAnswer();
    rate.OnTurn(seconds(1) + i * milliseconds(10));
  }
  EXPECT_NEAR(rate.At(seconds(3)), 100, 1);
}

TEST(ServiceRate, BeginsAnew) {
  ServiceRate rate;
  rate.Begin(seconds(1), 10'000);
  Answer(rate, milliseconds(1001), milliseconds(1101));
  rate.Begin(milliseconds(1200), 10'000);
  EXPECT_EQ(rate.At(milliseconds(1210)), 0);
  Answer(rate, milliseconds(1201), milliseconds(1211));
  EXPECT_NEAR(rate.At(milliseconds(1211)), 10'000, 1000);
}

}  // namespace
}  // namespace mxscan
