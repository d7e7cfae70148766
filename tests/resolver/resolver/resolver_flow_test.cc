// How much a resolver sends, when, and to whom.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/resolver_core.h"
#include "tests/resolver/resolver/simulated_world.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ResolverFlow, MovesForFreeFromAServerThatIsNotThere) {
  SimulatedWorld world({Absent, Good});
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_LE(result.header.attempts, 2);
  }
}

TEST(ResolverFlow, NeverSendsFasterThanTheRateFromTheFirstPacketOn) {
  const RateCeilings ceilings(1000, {});
  ResolverOptions options;
  options.ceilings = &ceilings;
  SimulatedWorld world({Good, SilentAboutNames}, options);
  for (int i = 0; i < 3000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  std::map<int64_t, int> in_window;  // By 100 ms.
  for (const SeenQuery& query : world.network.queries) {
    ++in_window[query.at / milliseconds(100)];
  }
  for (const auto& [window, count] : in_window) EXPECT_LE(count, 100 + 5);
  EXPECT_GE(in_window[12], 80);  // And not much slower.
}

TEST(ResolverFlow, IsAtTheCeilingWhileItHoldsQuestionsBackAndNoLonger) {
  const RateCeilings ceilings(100, {});
  ResolverOptions options;
  options.ceilings = &ceilings;
  SimulatedWorld world({Good}, options);
  world.Ask(Numbered(0));
  world.core.OnTurn(world.network.now());
  EXPECT_FALSE(world.core.at_ceiling());
  for (int i = 1; i < 100; ++i) world.Ask(Numbered(i));
  world.core.OnTurn(world.network.now());
  EXPECT_TRUE(world.core.at_ceiling());
  world.network.Run(world.core);
  world.network.Advance(RateShare::kJustNow);
  EXPECT_FALSE(world.core.at_ceiling());
}

// The most that one server, or all of them (-1), got in any 100 ms.
int MostInATenth(const std::vector<SeenQuery>& queries, int upstream) {
  std::vector<Nanos> times;
  size_t most = 0, first = 0;
  for (const SeenQuery& query : queries) {
    if (upstream >= 0 && query.upstream != upstream) continue;
    times.push_back(query.at);
    while (times[first] <= query.at - milliseconds(100)) ++first;
    most = std::max(most, times.size() - first);
  }
  return static_cast<int>(most);
}

TEST(ResolverFlow, KeepsTheCeilingOfEachUpstreamAndUsesTheOthers) {
  const RateCeilings ceilings(0, {500, 0, 100});
  ResolverOptions options;
  options.ceilings = &ceilings;
  SimulatedWorld world({Good, Good, Good}, options);
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 20000u);
  EXPECT_LE(MostInATenth(world.network.queries, 0), 50 + 2);
  EXPECT_LE(MostInATenth(world.network.queries, 2), 10 + 1);
  EXPECT_GT(MostInATenth(world.network.queries, 1), 1000);
}

TEST(ResolverFlow, HoldsTheCeilingsForWhatFollowsATruncatedReplyToo) {
  const RateCeilings ceilings(900, {300, 0});
  ResolverOptions options;
  options.ceilings = &ceilings;
  const Server truncates = [](const SeenQuery& query) -> Reactions {
    if (query.protocol == Protocol::kUdp) return {SayTruncated(query)};
    return {SayMx(query)};
  };
  SimulatedWorld world({truncates, Good}, options);
  for (int i = 0; i < 3000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 3000u);
  for (const auto& [token, result] : world.results) {
    ASSERT_EQ(result.outcome, Outcome::kAnswer);
  }
  EXPECT_LE(MostInATenth(world.network.queries, 0), 30 + 1);
  EXPECT_LE(MostInATenth(world.network.queries, -1), 90 + 4);
  EXPECT_LT(world.network.now(), seconds(8));  // And the other did the most.
}

TEST(ResolverFlow, TwoShardsKeepOneCeilingHoweverTheirWorkIsSpread) {
  const RateCeilings ceilings(1000, {});
  ResolverOptions options;
  options.ceilings = &ceilings;
  SimulatedWorld busy({Good}, options), idle({Good}, options);
  for (int i = 0; i < 2000; ++i) busy.Ask(Numbered(i));
  for (int i = 0; i < 100; ++i) idle.Ask(Numbered(i));
  while (busy.core.outstanding() + idle.core.outstanding() > 0) {
    busy.network.Run(busy.core, milliseconds(1));
    idle.network.Run(idle.core, milliseconds(1));
  }
  std::vector<SeenQuery> all = busy.network.queries;
  all.insert(all.end(), idle.network.queries.begin(),
             idle.network.queries.end());
  std::ranges::stable_sort(all, {}, &SeenQuery::at);
  EXPECT_LE(MostInATenth(all, -1), 100 + 5);
  // Once the other is done, the busy one has the whole rate.
  EXPECT_LT(busy.network.now(), seconds(1) + milliseconds(2200));
}

// Answers after 50 ms; the most that was alive when it was asked.
Server Watching(const SimulatedWorld*& world, size_t& most) {
  return [&](const SeenQuery& query) -> Reactions {
    if (world != nullptr) most = std::max(most, world->network.alive());
    Reaction reaction = SayMx(query);
    reaction.delay = milliseconds(50);
    return {reaction};
  };
}

TEST(ResolverFlow, HasNoMoreUnderWayThanTheReceiveBuffersHold) {
  size_t most = 0;
  const SimulatedWorld* seen = nullptr;
  SimulatedWorld world({Watching(seen, most), Watching(seen, most)});
  seen = &world;
  world.network.fitting = 100;
  world.core.Connect(world.network);
  for (int i = 0; i < 5000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 5000u);
  EXPECT_LE(most, 75u);
  EXPECT_GE(most, 70u);
}

TEST(ResolverFlow, HasLessUnderWayOnceTheKernelDropsReplies) {
  size_t most = 0;
  const SimulatedWorld* seen = nullptr;
  SimulatedWorld world({Watching(seen, most)});
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core, milliseconds(400));
  const size_t before = world.network.alive();
  world.network.Drop(3);
  world.network.Run(world.core, milliseconds(60));
  seen = &world;
  world.network.Run(world.core, milliseconds(60));
  EXPECT_GT(before, 50u);
  EXPECT_LT(most, before * 9 / 10);
  EXPECT_EQ(world.core.stats().kernel_drops, 3);
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 20000u);
}

TEST(ResolverFlow, TakesTheRoomInItsBuffersBackSlowlyAfterADrop) {
  size_t most = 0;
  const SimulatedWorld* seen = nullptr;
  SimulatedWorld world({Watching(seen, most), Watching(seen, most)});
  seen = &world;
  world.network.fitting = 100;
  world.core.Connect(world.network);
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core, seconds(2));
  EXPECT_EQ(most, 75u);
  world.network.Drop(3);
  world.network.Run(world.core, milliseconds(55));
  most = 0;
  world.network.Run(world.core, milliseconds(60));
  EXPECT_GT(most, 45u);
  EXPECT_LT(most, 62u);
  world.network.Run(world.core, seconds(1));
  EXPECT_EQ(most, 75u);
}

TEST(ResolverFlow, HasRoomAgainForWhatALateReplyHasMadeNeedless) {
  std::map<std::string, int> asked;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    if (IsProbe(query)) return Good(query);
    if (++asked[ToText(query.question.name)] > 1) return {};
    Reaction late = SayMx(query);
    late.delay = milliseconds(1500);
    return {late};
  }});
  world.network.fitting = 0;  // Which is room for kLeast.
  world.core.Connect(world.network);
  for (int i = 0; i < 10 * ReplyRoom::kLeast; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core, seconds(300));
  EXPECT_EQ(world.core.outstanding(), 0);
}

TEST(ResolverFlow, AsksEachUpstreamOnceForAnAbsentNameAndMovesFromWhoRewrites) {
  ResolverOptions options;
  options.absent_name = *Name::FromText("abc.invalid");
  int absent_asked = 0;
  const auto server = [&](bool rewrites) -> Server {
    return [&absent_asked, rewrites](const SeenQuery& query) -> Reactions {
      if (query.question.type != RrType::kA) return Good(query);
      ++absent_asked;
      if (absent_asked == 1) return {};  // Lost, and asked again.
      if (rewrites) return {Say(query, {A("abc.invalid", 99)})};
      return {SayRcode(query, 3)};
    };
  };
  SimulatedWorld world({server(false), server(true)}, options);
  for (int i = 0; i < 5000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  world.network.Advance(seconds(2));
  for (int i = 5000; i < 15000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 15000u);
  EXPECT_EQ(absent_asked, 3);
  const ResolverStats& stats = world.core.stats();
  EXPECT_FALSE(stats.upstreams[0].rewrites);
  EXPECT_TRUE(stats.upstreams[1].rewrites);
  EXPECT_GT(stats.upstreams[0].sent, 10000);
  EXPECT_LT(stats.upstreams[1].sent, 5000);
}

TEST(ResolverFlow, BeginsGently) {
  SimulatedWorld world({Good});
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_LE(world.network.largest_burst, 20000 / 4);
  const Nanos start = world.network.queries.front().at;
  int at_first = 0;
  for (const SeenQuery& query : world.network.queries) {
    if (query.at == start) ++at_first;
  }
  EXPECT_LE(at_first, 64);
}

TEST(ResolverFlow, KeepsItsWindow) {
  ResolverOptions options;
  options.window = 10;
  size_t most = 0;
  SimulatedWorld* seen = nullptr;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
                         if (seen != nullptr)
                           most = std::max(most, seen->network.alive());
                         return Good(query);
                       }},
                       options);
  seen = &world;
  for (int i = 0; i < 500; ++i) world.Ask(Numbered(i));
  EXPECT_EQ(world.core.outstanding(), 500);
  world.network.Run(world.core);
  EXPECT_LE(most, 10u);
  EXPECT_EQ(world.results.size(), 500u);
}

TEST(ResolverFlow, WaitsForASlotWhenTheEngineHasNone) {
  SimulatedWorld world({Good});
  world.network.most_alive = 7;
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 100u);
}

TEST(ResolverFlow, HoldsNoMoreAttemptsThanItTellsTheEngine) {
  ResolverOptions options;
  options.window = 50;
  SimulatedWorld world({SilentAboutNames}, options);
  world.network.most_alive = ResolverCore::MostAttempts(options) + 1;
  for (int i = 0; i < 50; ++i) world.Ask(Numbered(i));
  size_t most = 0;
  for (int i = 0; i < 200 && world.core.outstanding() > 0; ++i) {
    world.network.Run(world.core, milliseconds(100));
    most = std::max(most, world.network.alive());
  }
  EXPECT_GT(most, 150u);
  EXPECT_LT(most, world.network.most_alive);
  EXPECT_LE(world.network.alive(), 1u);  // A probe, perhaps.
}

TEST(ResolverFlow, TakesQuestionsFromInsideAnAnswer) {
  SimulatedWorld world({Good});
  int left = 1000;
  world.on_answer = [&](uint64_t) {
    if (left-- > 0) world.Ask(left % 2 == 0 ? "same.example" : Numbered(left));
  };
  world.Ask("a.example");
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 1001u);
  EXPECT_LE(world.network.queries.size(), 502u);
}

TEST(ResolverFlow, AsksForATurnWhenAskedOutsideOfOne) {
  SimulatedWorld world({Good});
  Question question;
  question.name = *Name::FromText("a.example");
  EXPECT_FALSE(world.core.turn_wanted());
  world.core.Ask(question, world, 1);
  EXPECT_TRUE(world.core.turn_wanted());
  world.network.Run(world.core);
  EXPECT_FALSE(world.core.turn_wanted());
  question.type = RrType::kTxt;
  world.core.Ask(question, world, 2);
  EXPECT_TRUE(world.core.turn_wanted());
}

TEST(ResolverFlow, SpreadsOverItsUpstreamsByHowFastTheyAnswer) {
  const auto after = [](int ms) -> Server {
    return [ms](const SeenQuery& query) -> Reactions {
      Reaction reaction = SayMx(query);
      reaction.delay = milliseconds(ms);
      return {reaction};
    };
  };
  ResolverOptions options;
  options.window = 400;
  SimulatedWorld world({after(10), after(10), after(100)}, options);
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  const ResolverStats& stats = world.core.stats();
  EXPECT_NEAR(stats.upstreams[0].sent, stats.upstreams[1].sent,
              .1 * stats.upstreams[0].sent);
  EXPECT_LT(stats.upstreams[2].sent, stats.upstreams[0].sent / 2);
  EXPECT_NEAR(stats.upstreams[0].rtt_p50_us, 10000, 700);
  EXPECT_NEAR(stats.upstreams[2].rtt_p99_us, 100000, 7000);
}

TEST(ResolverFlow, CountsTruthfully) {
  SimulatedWorld world({Fails, Good});
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  const ResolverStats& stats = world.core.stats();
  EXPECT_EQ(stats.questions, 100);
  EXPECT_EQ(stats.sent, static_cast<int64_t>(world.network.queries.size()));
  EXPECT_EQ(stats.answered, stats.sent);
  EXPECT_EQ(stats.retried, stats.sent - 100);
  EXPECT_EQ(stats.by_outcome[static_cast<int>(Outcome::kAnswer)], 100);
  EXPECT_EQ(stats.upstreams[0].sent + stats.upstreams[1].sent, stats.sent);
  EXPECT_EQ(stats.upstreams[1].answered, stats.upstreams[1].sent);
}

// Pseudo-random faults of every kind: each question has exactly one answer,
// and no name that a server knows ends as anything else.
TEST(ResolverFlow, LosesNothingAmongFaultsOfEveryKind) {
  uint32_t state = 1;
  const auto chance = [&](int per_cent) {
    state = state * 1664525 + 1013904223;
    return static_cast<int>(state >> 16) % 100 < per_cent;
  };
  const Server faulty = [&](const SeenQuery& query) -> Reactions {
    if (chance(10)) return {};
    if (query.protocol == Protocol::kUdp && chance(10)) {
      return {SayTruncated(query)};
    }
    if (chance(5)) return {SayRcode(query, 2)};
    if (chance(2)) return {SayGarbage(), SayMx(query)};
    Reaction reaction = SayMx(query);
    if (chance(2)) reaction.delay = seconds(3);
    if (chance(5)) return {reaction, reaction};
    return {reaction};
  };
  SimulatedWorld world({faulty, faulty, faulty, Absent});
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  ASSERT_EQ(world.results.size(), 20000u);
  for (const auto& [token, result] : world.results) {
    ASSERT_EQ(result.times, 1);
    ASSERT_EQ(result.outcome, Outcome::kAnswer);
  }
  EXPECT_EQ(world.network.alive(), 0u);
}

}  // namespace
}  // namespace mxscan
