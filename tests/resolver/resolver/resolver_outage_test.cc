// What a resolver does while servers are out or names are silent, and how a run
// ends that has only such left.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "resolver/resolver_core.h"
#include "tests/resolver/resolver/simulated_world.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ResolverOutage, WaitsTenSecondsForServersThatNeverWereThere) {
  SimulatedWorld world({Absent, Absent});
  const Nanos start = world.network.now();
  for (int i = 0; i < 1000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kSilence);
    EXPECT_EQ(result.times, 1);
    EXPECT_LE(result.at - start, seconds(12));
    EXPECT_GE(result.at - start, seconds(9));
  }
  EXPECT_LT(world.network.queries.size(), 400u);  // Mostly waiting.
}

TEST(ResolverOutage, OutlivesAnOutageOfItsOnlyServerWithoutLosingANameToIt) {
  const Nanos dies = seconds(1) + milliseconds(20),
              returns = dies + seconds(30);
  SimulatedWorld world({[=](const SeenQuery& query) -> Reactions {
    if (query.at >= dies && query.at < returns) return {};
    return Good(query);
  }});
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  ASSERT_EQ(world.results.size(), 20000u);
  Nanos last{};
  for (const auto& [token, result] : world.results) {
    ASSERT_EQ(result.outcome, Outcome::kAnswer);
    last = std::max(last, result.at);
  }
  EXPECT_LT(last, returns + seconds(15));
}

TEST(ResolverOutage, ComesToAnEndOfALongListWhenNobodyEverAnswers) {
  for (const Server& dead : {Server(Silent), Server(Absent)}) {
    SimulatedWorld world({dead, dead});
    const Nanos start = world.network.now();
    for (int i = 0; i < 200000; ++i) world.Ask(Numbered(i));
    world.network.Run(world.core);
    ASSERT_EQ(world.results.size(), 200000u);
    for (const auto& [token, result] : world.results) {
      ASSERT_EQ(result.outcome, Outcome::kSilence);
      ASSERT_EQ(result.times, 1);
    }
    // The bound once, then a window's worth with each probe that fails.
    EXPECT_LT(world.network.now() - start, seconds(10 + 10 * 4));
    EXPECT_LT(world.network.queries.size(), 1000u);
    EXPECT_GT(world.core.stats().out_since, start);
    EXPECT_LT(world.core.stats().out_since, start + seconds(10));
  }
}

TEST(ResolverOutage, GoesOnAsBeforeWhenTheFirstAnswerComesAfterTheBound) {
  const Nanos returns = seconds(1) + seconds(25);
  SimulatedWorld world({[=](const SeenQuery& query) -> Reactions {
    if (query.at < returns) return {};
    return Good(query);
  }});
  for (int i = 0; i < 300000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  ASSERT_EQ(world.results.size(), 300000u);
  int lost = 0;
  for (const auto& [token, result] : world.results) {
    const bool answered = result.outcome == Outcome::kAnswer;
    lost += !answered;
    // Whoever asks once the upstream is back is answered.
    ASSERT_TRUE(answered || result.at <= returns + seconds(3));
  }
  EXPECT_GT(lost, 20000);   // What was asked in the first fifteen seconds,
  EXPECT_LT(lost, 200000);  // and a window with each probe after them.
  EXPECT_EQ(world.core.stats().out_since, Nanos::max());
}

TEST(ResolverOutage, WaitsForOneMoreProbeHoweverLongNobodyHasAnswered) {
  Nanos returns = Nanos::max();
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    if (query.at < returns) return {};
    return Good(query);
  }});
  EXPECT_EQ(world.Resolve("early.example").outcome, Outcome::kSilence);
  EXPECT_EQ(world.Resolve("later.example").outcome, Outcome::kSilence);
  // It returns when a question has just been asked: the next probe finds it.
  returns = world.network.now() + milliseconds(1);
  EXPECT_EQ(world.Resolve("last.example").outcome, Outcome::kAnswer);
}

TEST(ResolverOutage, GivesUpWhereAServerAnswersNothingButItsProbes) {
  SimulatedWorld world({[](const SeenQuery& query) {
    return IsProbe(query) ? Good(query) : Absent(query);
  }});
  const Nanos start = world.network.now();
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kSilence);
  EXPECT_LE(result.at - start, ResolverCore::kOutage + seconds(3));
}

TEST(ResolverOutage, CountsNoTryIntoTheSilenceOfAnUpstreamThatWasOut) {
  const Nanos returns = seconds(10);  // Long before it would be given up.
  std::map<std::string, int> lost;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
                         if (query.at < returns) return {};
                         if (IsProbe(query)) return Good(query);
                         const std::string name = ToText(query.question.name);
                         return ++lost[name] <= 3 ? Reactions{} : Good(query);
                       }},
                       [] {
                         ResolverOptions options;
                         options.attempts_silent = 5;
                         return options;
                       }());
  for (int i = 0; i < 20; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_GT(result.header.attempts, 5);
  }
}

TEST(ResolverOutage, EndsInTimeWhenOnlyNamesThatNobodyAnswersAreLeft) {
  SimulatedWorld world({SilentAboutNames, SilentAboutNames});
  const Nanos start = world.network.now();
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kSilence);
    EXPECT_EQ(result.header.attempts, 10);
    EXPECT_LE(result.at - start, seconds(12));
  }
}

TEST(ResolverOutage, EndsWithinTheTriesOfTheFewNamesThatNobodyAnswers) {
  const auto is_lost = [](const std::string& name) {
    return name.find("00.example") != std::string::npos;
  };
  const Server server = [=](const SeenQuery& query) -> Reactions {
    if (is_lost(ToText(query.question.name))) return {};
    return Good(query);
  };
  SimulatedWorld world({server, server});
  for (int i = 0; i < 5000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  ASSERT_EQ(world.results.size(), 5000u);
  Nanos last_answer{};
  int silent = 0;
  for (const auto& [token, result] : world.results) {
    if (result.outcome == Outcome::kAnswer) {
      last_answer = std::max(last_answer, result.at);
    } else {
      ++silent;
      EXPECT_EQ(result.outcome, Outcome::kSilence);
      EXPECT_EQ(result.header.attempts, 10);
    }
  }
  EXPECT_EQ(silent, 49);
  EXPECT_LT(world.network.now(), last_answer + seconds(11));
  EXPECT_EQ(world.network.alive(), 0u);
}

// The first server is dead; the second loses as many queries of each name as
// may be lost. So whose silence at the first counts is given up.
TEST(ResolverOutage, CountsNoSilenceOfAServerThatProvesToBeOut) {
  ResolverOptions options;
  options.attempts_silent = 3;
  std::map<std::string, int> asked;
  const Server lossy = [&](const SeenQuery& query) -> Reactions {
    if (IsProbe(query)) return Good(query);
    return ++asked[ToText(query.question.name)] <= 2 ? Reactions{}
                                                     : Good(query);
  };
  SimulatedWorld world({Silent, lossy}, options);
  std::map<std::string, uint64_t> tokens;
  for (int i = 0; i < 1000; ++i) {
    tokens[Numbered(i)] = world.Ask(Numbered(i));
    world.network.Run(world.core, milliseconds(10));
  }
  world.network.Run(world.core);
  // Out once its third probe has failed, after a second as all that is silent.
  Nanos out = Nanos::max();
  int probes = 0;
  for (const SeenQuery& query : world.network.queries) {
    if (!IsProbe(query) || query.upstream != 0) continue;
    if (++probes == Health::kProbesToCondemn) out = query.at + seconds(1);
  }
  std::set<std::string> counted, not_counted;
  for (const SeenQuery& query : world.network.queries) {
    if (IsProbe(query) || query.upstream != 0) continue;
    const Nanos silent_at = query.at + seconds(1);
    if (silent_at == out) continue;  // Whichever comes first.
    (silent_at < out ? counted : not_counted)
        .insert(ToText(query.question.name));
  }
  for (const std::string& name : counted) not_counted.erase(name);
  for (const std::string& name : counted) {
    EXPECT_EQ(world.results[tokens[name]].outcome, Outcome::kSilence) << name;
  }
  for (const std::string& name : not_counted) {
    EXPECT_EQ(world.results[tokens[name]].outcome, Outcome::kAnswer) << name;
  }
  EXPECT_GE(counted.size(), size_t{Health::kSilencesToSuspect});
  EXPECT_GT(not_counted.size(), 0u);
}

}  // namespace
}  // namespace mxscan
