#include "resolver/pacing/health.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kNow = seconds(1);

void Silences(Health& health, int count) {
  for (int i = 0; i < count; ++i) health.OnSilence(kNow);
}

void FailProbe(Health& health, nanoseconds now) {
  ASSERT_LE(health.probe_at(), now);
  health.OnProbeSent();
  health.OnProbeFailed(now);
}

TEST(Health, IsUsableAndAsksForNoProbeAtFirst) {
  Health health;
  EXPECT_TRUE(health.usable());
  EXPECT_EQ(health.probe_at(), nanoseconds::max());
}

TEST(Health, SuspectsAfterSeveralSilencesRunningAndIsStillUsed) {
  Health health;
  Silences(health, Health::kSilencesToSuspect - 1);
  EXPECT_EQ(health.probe_at(), nanoseconds::max());
  health.OnAnswer();
  Silences(health, Health::kSilencesToSuspect - 1);
  EXPECT_EQ(health.probe_at(), nanoseconds::max());
  Silences(health, 1);
  EXPECT_EQ(health.probe_at(), kNow);
  EXPECT_TRUE(health.usable());
}

TEST(Health, BlamesTheNamesWhileTheProbeIsAnswered) {
  Health health;
  Silences(health, 100);
  health.OnProbeSent();
  EXPECT_EQ(health.probe_at(), nanoseconds::max());
  health.OnAnswer();
  EXPECT_TRUE(health.well());
}

TEST(Health, IsOutWhenTheProbesFailTooUntilItAnswers) {
  Health health;
  Silences(health, 8);
  for (int i = 0; i < Health::kProbesToCondemn; ++i) {
    EXPECT_TRUE(health.usable());
    FailProbe(health, kNow);
  }
  EXPECT_FALSE(health.usable());
  EXPECT_EQ(health.probe_at(), kNow + Health::kFirstRest);
  health.OnAnswer();
  EXPECT_TRUE(health.well());
}

TEST(Health, ProbesLessAndLessOftenButNeverStops) {
  Health health;
  health.OnUnreachable(kNow);
  EXPECT_FALSE(health.usable());
  nanoseconds now = kNow, rest(0);
  for (int i = 0; i < 20; ++i) {
    rest = health.probe_at() - now;
    now = health.probe_at();
    FailProbe(health, now);
  }
  EXPECT_EQ(rest, Health::kLongestRest);
  EXPECT_LE(health.probe_at(), now + Health::kLongestRest);
}

TEST(Health, IsOutAtOnceWhenNobodyListensThere) {
  Health health;
  health.OnUnreachable(kNow);
  EXPECT_FALSE(health.usable());
  health.OnUnreachable(kNow + milliseconds(10));  // The rest of the flight.
  EXPECT_EQ(health.probe_at(), kNow + Health::kFirstRest);
}

TEST(Health, CountsHowOftenItWentOutAfterItHadAnswered) {
  Health health;
  health.OnUnreachable(kNow);
  EXPECT_EQ(health.outs(), 0);  // It was never there.
  for (int i = 1; i <= 3; ++i) {
    health.OnAnswer();
    health.OnUnreachable(kNow);
    health.OnUnreachable(kNow);
    EXPECT_EQ(health.outs(), i);
  }
}

TEST(Health, IsNotCondemnedByAProbeThatFailsAfterAnAnswer) {
  Health health;
  Silences(health, 8);
  health.OnProbeSent();
  health.OnAnswer();
  health.OnProbeFailed(kNow);
  EXPECT_TRUE(health.well());
  EXPECT_TRUE(health.ever_answered());
}

}  // namespace
}  // namespace mxscan
