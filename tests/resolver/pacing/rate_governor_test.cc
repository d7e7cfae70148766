#include "resolver/pacing/rate_governor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/resolver/pacing/simulated_upstream.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(RateGovernor, BeginsGently) {
  SimulatedUpstream run;
  run.Run(milliseconds(20));
  EXPECT_LE(run.asker().sent, 20);
}

TEST(RateGovernor, FindsALimitInSecondsAndHardlyExceedsIt) {
  for (const double capacity : {300., 2000., 5000., 40000.}) {
    SimulatedUpstream run;
    run.nature.capacity = capacity;
    run.Run(seconds(3));
    EXPECT_LT(run.TurnedAway(), .06) << capacity;
    run.Reset();
    run.Run(seconds(20));
    EXPECT_GT(run.Answered(), .95 * capacity) << capacity;
    EXPECT_LT(run.TurnedAway(), .005) << capacity;
  }
}

TEST(RateGovernor, FindsALimitFarAwayThoughRepliesScatter) {
  for (const double capacity : {2000., 5000., 40000.}) {
    for (const int jitter_ms : {0, 33, 50}) {
      SimulatedUpstream run;
      run.nature.capacity = capacity;
      run.nature.round_trip = milliseconds(100);
      run.nature.jitter = milliseconds(jitter_ms);
      run.Run(seconds(3));
      EXPECT_LT(run.TurnedAway(), .06) << capacity << ", " << jitter_ms;
      run.Run(seconds(7));
      run.Reset();
      run.Run(seconds(20));
      EXPECT_GT(run.Answered(), .95 * capacity) << jitter_ms;
      EXPECT_LT(run.TurnedAway(), .01) << capacity << ", " << jitter_ms;
    }
  }
}

TEST(RateGovernor, TakesRefusalForALimit) {
  SimulatedUpstream run;
  run.nature.capacity = 2000;
  run.nature.refuses = true;
  run.Run(seconds(3));
  run.Reset();
  run.Run(seconds(20));
  EXPECT_GT(run.Answered(), .95 * 2000);
  EXPECT_LT(run.TurnedAway(), .005);
}

TEST(RateGovernor, GoesVerySlowlyWhereEverythingIsRefused) {
  SimulatedUpstream run;
  run.nature.capacity = 0;
  run.nature.refuses = true;
  run.Run(seconds(20));
  run.Reset();
  run.Run(seconds(1));
  EXPECT_LT(run.asker().sent, 50);
}

TEST(RateGovernor, GrowsAgainFromNearlyNothingWhenNoMoreIsRefused) {
  SimulatedUpstream run;
  run.nature.capacity = 0;
  run.nature.refuses = true;
  run.Run(seconds(21));
  run.nature.capacity = 5000;
  run.Run(seconds(60));
  EXPECT_GT(run.asker().governor.rate(), 30);
}

TEST(RateGovernor, IsNotFooledByLossThatIsNotOurDoing) {
  for (const double loss : {.01, .02, .1, .3}) {
    SimulatedUpstream run;
    run.nature.capacity = 5000;
    run.nature.loss = loss;
    run.Run(seconds(20));
    run.Reset();
    run.Run(seconds(60));
    EXPECT_GT(run.Answered(), .85 * 5000 * (1 - loss)) << loss;
    EXPECT_LT(run.TurnedAway(), .01 + loss / 10) << loss;
    EXPECT_NEAR(run.asker().governor.usual_loss(), loss, .03);
  }
}

TEST(RateGovernor, BearsLossThatComesAndGoes) {
  for (const double loss : {.3, .55}) {
    SimulatedUpstream run;
    run.nature.capacity = 5000;
    run.Run(seconds(5));
    run.nature.loss = loss;
    run.Run(seconds(10));
    run.Reset();
    run.Run(seconds(10));
    EXPECT_GT(run.Answered(), .7 * 5000 * (1 - loss)) << loss;
    run.nature.loss = 0;
    run.Run(seconds(10));
    run.Reset();
    run.Run(seconds(10));
    EXPECT_GT(run.Answered(), .8 * 5000) << loss;
  }
}

// By the network, that is, and not by a limit.
TEST(RateGovernor, KeepsItsRateWhereMoreThanHalfIsLostAtTimesAndOthersAskToo) {
  double answered = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SimulatedUpstream run(/*askers=*/2, seed);
    run.nature.capacity = 8000;
    run.Run(seconds(10));
    for (int i = 0; i < 2; ++i) {
      run.nature.loss = .55;
      run.Run(seconds(8));
      run.nature.loss = 0;
      run.Run(seconds(8));
    }
    run.nature.loss = .55;
    run.Run(seconds(1));
    run.Reset();
    run.Run(seconds(5));
    answered += run.Answered() / 10;
  }
  EXPECT_GT(answered, .6 * 8000 * (1 - .55));
}

// At whatever moment it falls.
TEST(RateGovernor, FollowsALimitThatFallsAndRises) {
  for (int i = 0; i < 20; ++i) {
    SimulatedUpstream run;
    run.nature.capacity = 5000;
    run.Run(seconds(10) + i * milliseconds(37));
    run.nature.capacity = 500;
    run.Run(seconds(3));
    run.Reset();
    run.Run(seconds(20));
    EXPECT_GT(run.Answered(), .9 * 500) << i;
    EXPECT_LT(run.TurnedAway(), .02) << i;
    run.nature.capacity = 5000;
    run.Run(seconds(25));
    run.Reset();
    run.Run(seconds(10));
    EXPECT_GT(run.Answered(), .9 * 5000) << i;
  }
}

TEST(RateGovernor, IsNotBroughtToAHaltByAShortOutage) {
  for (const int ms : {20, 50, 100, 200, 400}) {
    SimulatedUpstream run;
    run.nature.capacity = 5000;
    run.Run(seconds(10));
    run.nature.dead = true;
    run.Run(milliseconds(ms));
    run.nature.dead = false;
    run.Reset();
    run.Run(seconds(10));
    EXPECT_GT(run.Answered(), .6 * 5000) << ms;
  }
}

TEST(RateGovernor, NeverFloodsAfterAnOutage) {
  SimulatedUpstream run;
  run.nature.capacity = 5000;
  run.Run(seconds(10));
  run.nature.dead = true;
  run.Run(seconds(20));
  run.Reset();
  run.Run(seconds(1));
  EXPECT_LT(run.asker().sent, 30);
  run.nature.dead = false;
  run.Reset();
  run.Run(seconds(3));
  EXPECT_LT(run.TurnedAway(), .01);
  EXPECT_GT(run.Answered(), .5 * 5000);
  run.Reset();
  run.Run(seconds(10));
  EXPECT_GT(run.Answered(), .95 * 5000);
}

TEST(RateGovernor, TakesNoSleepForALimitNeitherOursNorTheServers) {
  SimulatedUpstream run;
  run.nature.capacity = 5000;
  run.nature.halts = 10;
  run.nature.halt = milliseconds(10);
  run.asker().sleeps = 5;
  run.asker().sleep = milliseconds(15);
  run.Run(seconds(3));
  run.Reset();
  run.Run(seconds(20));
  EXPECT_GT(run.Answered(), .8 * 5000);
  EXPECT_LT(run.TurnedAway(), .01);
}

TEST(RateGovernor, LearnsNothingFromRetriesThatGoUnanswered) {
  SimulatedUpstream run;
  run.nature.capacity = 5000;
  run.Run(seconds(10));
  const double before = run.asker().governor.rate();
  run.asker().first_tries = false;
  run.asker().probes = true;
  run.nature.loss = 1;
  run.Run(seconds(10));
  EXPECT_GE(run.asker().governor.rate(), .9 * before);
}

TEST(RateGovernor, DoesNotGrowBeyondWhatIsAsked) {
  SimulatedUpstream run;
  run.asker().demand = 1000;
  run.Run(seconds(60));
  EXPECT_LT(run.asker().governor.rate(), 3000);
}

TEST(RateGovernor, UsesItsWholeWindow) {
  for (const int window : {150, 200, 250, 300, 350}) {
    SimulatedUpstream run(1, 1, window);
    run.nature.round_trip = milliseconds(100);
    run.Run(seconds(10));
    run.Reset();
    run.Run(seconds(10));
    EXPECT_GT(run.Answered(), .95 * window / .1) << window;
  }
}

TEST(RateGovernor, FindsALongWayToo) {
  SimulatedUpstream run;
  run.nature.round_trip = milliseconds(100);
  run.nature.jitter = milliseconds(50);
  run.Run(seconds(2));
  EXPECT_GT(run.asker().governor.rate(), 7500);
}

// As from a resolver that has many answers in its cache.
TEST(RateGovernor, TakesWhatIsLateForLostOnlyOnceItKnowsHowLateRepliesCome) {
  for (const int askers : {1, 2}) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      SimulatedUpstream run(askers, seed);
      run.nature.capacity = 20'000;
      run.nature.round_trip = milliseconds(50);
      run.nature.jitter = milliseconds(200);
      run.nature.loss = .002;
      run.Run(seconds(4));
      run.Reset();
      run.Run(seconds(2));
      EXPECT_GT(run.Answered(), .7 * 20'000) << askers << ", " << seed;
    }
  }
}

TEST(RateGovernor, HoldsBackWhenAQueueGrows) {
  SimulatedUpstream run;
  run.nature.serves = 3000;
  run.Run(seconds(20));
  run.Reset();
  run.Run(seconds(10));
  EXPECT_GT(run.Answered(), .9 * 3000);
  EXPECT_LT(run.asker().round_trip.smoothed(), milliseconds(200));
}

// How long answers take over the next ten seconds, in milliseconds.
double MeanWait(SimulatedUpstream& run) {
  constexpr int kLooks = 1000;
  double sum = 0;
  for (int i = 0; i < kLooks; ++i) {
    run.Run(milliseconds(10));
    sum += std::chrono::duration<double, std::milli>(
               run.asker().round_trip.smoothed())
               .count();
  }
  return sum / kLooks;
}

TEST(RateGovernor, LeavesNoQueueStandingAndAsksHardlyLessForIt) {
  for (const double serves : {3'000., 16'000., 124'000., 250'000.}) {
    SimulatedUpstream run;
    run.nature.serves = serves;
    run.Run(seconds(2));
    run.Reset();
    EXPECT_LT(MeanWait(run), 5) << serves;
    EXPECT_GT(run.Answered(), .95 * serves);
  }
}

TEST(RateGovernor, LeavesNoQueueStandingWhereSomeAreLostAnyway) {
  SimulatedUpstream run;
  run.nature.serves = 16'000;
  run.nature.loss = .2;
  run.Run(seconds(5));
  run.Reset();
  EXPECT_LT(MeanWait(run), 6);
  EXPECT_GT(run.Answered(), .85 * 16'000 * (1 - .2));
}

TEST(RateGovernor, LeavesNoQueueStandingWhenAServerHasBecomeSlower) {
  SimulatedUpstream run;
  run.nature.serves = 16'000;
  run.Run(seconds(10));
  run.nature.serves = 8'000;
  run.Run(seconds(2));
  run.Reset();
  EXPECT_LT(MeanWait(run), 6);
  EXPECT_GT(run.Answered(), .93 * 8'000);
}

TEST(RateGovernor, LeavesNoQueueStandingFarAwayEither) {
  SimulatedUpstream run;
  run.nature.serves = 16'000;
  run.nature.round_trip = milliseconds(50);
  run.nature.jitter = milliseconds(25);
  run.Run(seconds(5));
  run.Reset();
  EXPECT_LT(MeanWait(run), 80);
  EXPECT_GT(run.Answered(), .85 * 16'000);
}

TEST(RateGovernor, MakesNoLongQueueWhileItLooksForTheRate) {
  SimulatedUpstream run;
  run.nature.serves = 250'000;
  nanoseconds longest{};
  for (int i = 0; i < 200; ++i) {
    run.Run(milliseconds(10));
    longest = std::max(longest, run.asker().round_trip.smoothed());
  }
  EXPECT_LT(longest, milliseconds(15));
  run.Reset();
  run.Run(seconds(1));
  EXPECT_GT(run.Answered(), .93 * 250'000);
}

TEST(RateGovernor, KeepsItsRateWhereAServerStandsStillNowAndThen) {
  for (const double serves : {0., 16'000.}) {
    SimulatedUpstream run;
    if (serves == 0) run.nature.capacity = 40'000;
    run.nature.serves = serves;
    run.nature.halts = 2;
    run.nature.halt = milliseconds(50);
    run.Run(seconds(3));
    run.Reset();
    run.Run(seconds(20));
    EXPECT_GT(run.Answered(), .75 * (serves == 0 ? 40'000 : serves)) << serves;
  }
}

TEST(RateGovernor, TakesSlowAnswersForUsualWhereAskingLessMakesThemNoFaster) {
  for (const bool limited : {false, true}) {
    SimulatedUpstream run;
    const double most = limited ? 20'000 : 5000;
    (limited ? run.nature.capacity : run.asker().demand) = most;
    run.Run(seconds(5));
    run.nature.round_trip = milliseconds(80);
    run.nature.jitter = milliseconds(40);
    run.Run(seconds(5));
    run.Reset();
    run.Run(seconds(20));
    EXPECT_GT(run.Answered(), .95 * most) << limited;
  }
}

TEST(RateGovernor, LearnsNoRateFromASlowMomentWhileLittleIsAsked) {
  SimulatedUpstream run;
  run.asker().demand = 1000;
  run.Run(seconds(5));
  run.Reset();
  for (int i = 0; i < 10; ++i) {
    run.nature.round_trip = milliseconds(30);
    run.Run(milliseconds(250));
    run.nature.round_trip = milliseconds(1);
    run.Run(milliseconds(750));
  }
  EXPECT_GT(run.Answered(), .97 * 1000);
  EXPECT_LT(run.asker().governor.rate(), 3000);
}

TEST(RateGovernor, SharesAnUpstreamWithOthersFairlyAndWithoutAFlood) {
  for (const int askers : {2, 4, 8}) {
    SimulatedUpstream run(askers);
    run.nature.capacity = 8000;
    run.Run(seconds(5));
    run.Reset();
    run.Run(seconds(60));
    EXPECT_GT(run.Answered(), .9 * 8000) << askers;
    EXPECT_LT(run.TurnedAway(), .02) << askers;
    for (const Asker& asker : run.askers) {
      EXPECT_GT(asker.answered / 60., .2 * 8000 / askers) << askers;
    }
  }
}

TEST(RateGovernor, KeepsItsWindow) {
  SimulatedUpstream run(1, 1, /*window=*/50);
  run.nature.round_trip = milliseconds(100);
  for (int i = 0; i < 3000; ++i) {
    run.Run(milliseconds(1));
    ASSERT_LE(run.asker().governor.open(), 50);
  }
}

// Not all: among upstreams whose round-trips vary by a third, the odd one is
// found too low, or asked for a quarter more than it gives.
TEST(RateGovernor, GivesMostUpstreamsOfManyKindsEachItsOwn) {
  int found = 0;
  std::mt19937 random(7);
  std::uniform_real_distribution<> unit;
  for (int i = 0; i < 20; ++i) {
    SimulatedUpstream run(1, i + 1);
    UpstreamNature& nature = run.nature;
    nature.capacity = 200 * std::pow(150, unit(random));
    nature.loss = .2 * unit(random) * unit(random);
    nature.round_trip = milliseconds(1 + static_cast<int>(150 * unit(random)));
    nature.jitter = nature.round_trip / 3;
    nature.refuses = unit(random) < .3;
    run.Run(seconds(20));
    run.Reset();
    run.Run(seconds(40));
    EXPECT_GT(run.Answered(), .3 * nature.capacity * (1 - nature.loss))
        << nature.capacity << " q/s, loss " << nature.loss;
    EXPECT_LT(run.TurnedAway(), .3)
        << nature.capacity << " q/s, loss " << nature.loss;
    const bool used = run.Answered() > .6 * nature.capacity * (1 - nature.loss);
    if (used && run.TurnedAway() < .02) ++found;
  }
  EXPECT_GE(found, 17);
}

}  // namespace
}  // namespace mxscan
