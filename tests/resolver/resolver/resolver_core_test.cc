#include "resolver/resolver_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/resolver/resolver/simulated_world.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

int CountReal(const std::vector<SeenQuery>& queries) {
  return static_cast<int>(
      std::count_if(queries.begin(), queries.end(),
                    [](const SeenQuery& query) { return !IsProbe(query); }));
}

std::vector<int> UpstreamsAsked(const std::vector<SeenQuery>& queries) {
  std::vector<int> asked;
  for (const SeenQuery& query : queries) asked.push_back(query.upstream);
  return asked;
}

TEST(Resolver, GivesExactlyOneAnswerAndNotFromInsideAsk) {
  SimulatedWorld world({Good});
  const uint64_t token = world.Ask("a.example");
  EXPECT_EQ(world.results.size(), 0u);
  EXPECT_EQ(world.core.outstanding(), 1);
  world.network.Run(world.core);
  const Result& result = world.results[token];
  EXPECT_EQ(result.times, 1);
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.counting_records, 1);
  EXPECT_EQ(result.header.attempts, 1);
  EXPECT_EQ(result.header.upstream, 0);
  EXPECT_EQ(result.header.rtt_us, 1000);
  EXPECT_EQ(result.header.received_us, 1'000'000'001'001'000);
  EXPECT_EQ(world.core.outstanding(), 0);
  EXPECT_EQ(world.network.alive(), 0u);
}

TEST(Resolver, TellsHowManyQuestionsCouldNotBeSentYet) {
  SimulatedWorld world({Good});
  for (int i = 0; i < 300; ++i) world.Ask("a" + std::to_string(i) + ".example");
  EXPECT_EQ(world.core.waiting(), 300);
  world.core.OnTurn(world.network.now());
  const auto sent = static_cast<int>(world.network.queries.size());
  EXPECT_GT(sent, 0);
  EXPECT_EQ(world.core.waiting(), 300 - sent);
  world.network.Run(world.core);
  EXPECT_EQ(world.core.waiting(), 0);
  EXPECT_EQ(world.results.size(), 300u);
}

TEST(Resolver, BelievesAServerThatSaysThereIsNothing) {
  SimulatedWorld nothing({[](const SeenQuery& query) -> Reactions {
    return {Say(query, {Soa("example")})};
  }});
  EXPECT_EQ(nothing.Resolve("a.example").outcome, Outcome::kNoData);
  SimulatedWorld no_name({[](const SeenQuery& query) -> Reactions {
    return {SayRcode(query, 3)};
  }});
  EXPECT_EQ(no_name.Resolve("a.example").outcome, Outcome::kNxDomain);
  EXPECT_EQ(no_name.network.queries.size(), 1u);
}

TEST(Resolver, AsksTenTimesIntoSilenceWithinTenSeconds) {
  SimulatedWorld world({SilentAboutNames});
  const Nanos start = world.network.now();
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kSilence);
  EXPECT_EQ(result.header.attempts, 10);
  EXPECT_EQ(result.header.upstream, -1);
  EXPECT_EQ(CountReal(world.network.queries), 10);
  EXPECT_LE(result.at - start, seconds(11));
}

TEST(Resolver, ForeseesHowLongSilenceMayTake) {
  SimulatedWorld world({SilentAboutNames});
  const Nanos start = world.network.now();
  const uint64_t token = world.Ask("a.example");
  EXPECT_EQ(world.core.LongestWait(), std::nullopt) << "Nothing left yet.";
  world.network.Run(world.core, milliseconds(1));
  const std::optional<Nanos> longest = world.core.LongestWait();
  world.network.Run(world.core);
  ASSERT_TRUE(longest.has_value());
  const Nanos took = world.results[token].at - start;
  EXPECT_GE(*longest, took);
  EXPECT_LE(*longest, took * 3 / 2);
}

TEST(Resolver, AsksFiveTimesWhereServersSpokeAndNamesWhatTheySaid) {
  SimulatedWorld world({Fails, Fails});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kServFail);
  EXPECT_EQ(result.header.rcode, 2);
  EXPECT_EQ(result.header.attempts, 5);
  SimulatedWorld refusing({[](const SeenQuery& query) -> Reactions {
    return {SayRcode(query, 5)};
  }});
  EXPECT_EQ(refusing.Resolve("a.example").outcome, Outcome::kRefused);
  SimulatedWorld raving(
      {[](const SeenQuery&) -> Reactions { return {SayGarbage()}; }});
  EXPECT_EQ(raving.Resolve("a.example").outcome, Outcome::kMalformed);
}

TEST(Resolver, TakesARetryToAServerThatHasNotBeenAsked) {
  SimulatedWorld world({Fails, Fails, Fails});
  world.Resolve("a.example");
  std::vector<int> asked = UpstreamsAsked(world.network.queries);
  ASSERT_EQ(asked.size(), 5u);
  std::sort(asked.begin(), asked.begin() + 3);
  EXPECT_EQ(asked[0], 0);
  EXPECT_EQ(asked[1], 1);
  EXPECT_EQ(asked[2], 2);
  EXPECT_NE(asked[3], asked[4]);
}

TEST(Resolver, ForgetsAFailureWhenAnotherServerAnswers) {
  SimulatedWorld world({Fails, Good});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(world.Resolve(Numbered(i)).outcome, Outcome::kAnswer);
  }
}

TEST(Resolver, NamesTheLastThingHeardWhenSilenceFollows) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    return ++asked == 1 ? Fails(query) : SilentAboutNames(query);
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kServFail);
  EXPECT_EQ(result.header.rcode, 2);
  EXPECT_EQ(result.header.upstream, 0);
}

TEST(Resolver, ObeysTheUsersLimitOfAttempts) {
  ResolverOptions options;
  options.attempts_spoken = options.attempts_silent = 2;
  SimulatedWorld world({SilentAboutNames}, options);
  EXPECT_EQ(world.Resolve("a.example").header.attempts, 2);
}

TEST(Resolver, CountsALateGenuineAnswer) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    if (++asked > 1) return {};
    Reaction late = SayMx(query);
    late.delay = milliseconds(2500);
    return {late};
  }});
  const Nanos start = world.network.now();
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.at - start, milliseconds(2500));
  EXPECT_EQ(world.network.alive(), 0u);
}

TEST(Resolver, LetsDuplicatesAndLateFailuresSpendNothing) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    if (++asked == 5) return Good(query);
    Reaction again = SayRcode(query, 2);
    again.delay = milliseconds(2);
    return {SayRcode(query, 2), SayRcode(query, 2), again};
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.header.attempts, 5);
}

TEST(Resolver, AsksTheSameServerOverTcpWhenTruncated) {
  const Server server = [](const SeenQuery& query) -> Reactions {
    if (query.protocol == Protocol::kUdp) return {SayTruncated(query)};
    return {SayMx(query)};
  };
  SimulatedWorld world({server, server, server});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.header.protocol, Protocol::kTcp);
  EXPECT_EQ(result.header.attempts, 2);
  ASSERT_EQ(world.network.queries.size(), 2u);
  EXPECT_EQ(world.network.queries[0].upstream,
            world.network.queries[1].upstream);
  EXPECT_EQ(world.core.stats().tcp, 1);
}

TEST(Resolver, GoesToAnotherServerWhenTcpIsRefusedAndKeepsTheFirstInUse) {
  const Server no_tcp = [](const SeenQuery& query) -> Reactions {
    if (query.protocol == Protocol::kUdp) return {SayTruncated(query)};
    return {SayNobodyListens()};
  };
  SimulatedWorld alone({no_tcp});
  const Result given_up = alone.Resolve("a.example");
  EXPECT_EQ(given_up.outcome, Outcome::kSilence);
  EXPECT_EQ(given_up.header.attempts, 10);
  SimulatedWorld world({no_tcp, Good});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(world.Resolve(Numbered(i)).outcome, Outcome::kAnswer);
  }
}

TEST(Resolver, AsksWithoutEdnsWhereAServerChokesOnItAndRemembers) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    if (query.edns) return {SayRcode(query, 1)};
    return {SayMx(query)};
  }});
  const Result first = world.Resolve("a.example");
  EXPECT_EQ(first.outcome, Outcome::kAnswer);
  EXPECT_EQ(first.header.attempts, 2);
  EXPECT_EQ(world.Resolve("b.example").header.attempts, 1);
}

TEST(Resolver, DoesNotGiveUpEdnsForOneNameThatChokes) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    const bool odd = ToText(query.question.name) == "odd.example";
    if (odd && query.edns) return {SayRcode(query, 1)};
    return {SayMx(query)};
  }});
  world.Resolve("a.example");
  EXPECT_EQ(world.Resolve("odd.example").outcome, Outcome::kAnswer);
  world.Resolve("b.example");
  EXPECT_TRUE(world.network.queries.back().edns);
}

TEST(Resolver, CallsAFormatErrorToAPlainQueryMalformed) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    return {SayRcode(query, 1)};
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kMalformed);
  EXPECT_EQ(result.header.rcode, 1);
}

Reactions LowersCase(const SeenQuery& query) {
  Reaction reaction = SayMx(query);
  reaction.case_preserved = !query.mixed_case;
  return {reaction};
}

TEST(Resolver, RemembersAServerThatChangesLettersAndStopsMixing) {
  SimulatedWorld world({LowersCase});
  for (int i = 0; i < 3; ++i) {
    const Result result = world.Resolve(Numbered(i));
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_EQ(result.header.attempts, 2);
  }
  EXPECT_EQ(world.Resolve("a.example").header.attempts, 1);
  EXPECT_FALSE(world.network.queries.back().mixed_case);
  EXPECT_EQ(world.network.queries.back().protocol, Protocol::kUdp);
}

TEST(Resolver, AsksInPlainLettersWhereChangedOnesCannotBeAskedOverTcp) {
  for (const bool silent : {false, true}) {
    SimulatedWorld world({[=](const SeenQuery& query) -> Reactions {
      if (query.protocol == Protocol::kUdp) return LowersCase(query);
      return silent ? Reactions{} : Absent(query);
    }});
    const Result result = world.Resolve("a.example");
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_EQ(result.header.attempts, 3);
    EXPECT_FALSE(world.network.queries.back().mixed_case);
  }
}

TEST(Resolver, GivesUpOneWhoChangesLettersTruncatesAndHasNoTcp) {
  for (const bool silent : {false, true}) {
    SimulatedWorld world({[=](const SeenQuery& query) -> Reactions {
      if (query.protocol == Protocol::kTcp) {
        return silent ? Reactions{} : Absent(query);
      }
      if (query.mixed_case) return LowersCase(query);
      return {SayTruncated(query)};
    }});
    const Result result = world.Resolve("a.example");
    EXPECT_EQ(result.times, 1);
    EXPECT_EQ(result.outcome, Outcome::kSilence);
    EXPECT_LE(result.header.attempts, 15);
  }
}

TEST(Resolver, DoesNotFollowUpOtherLettersThatComeLate) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    Reaction reaction = SayMx(query);
    const bool first = ++asked == 1;
    reaction.case_preserved = !first;
    reaction.delay = first ? milliseconds(1500) : milliseconds(800);
    return {reaction};
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.header.attempts, 2);
}

TEST(Resolver, AsksNoQuestionInPlainLettersBecauseOfAForger) {
  // He guesses every id, and never the letters.
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    Reaction genuine = SayMx(query);
    genuine.delay = milliseconds(20);
    if (query.protocol == Protocol::kTcp) return {genuine};
    Reaction forged = SayRcode(query, 3);
    forged.case_preserved = !query.mixed_case;
    return {forged, genuine};
  }});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(world.Resolve(Numbered(i)).outcome, Outcome::kAnswer);
  }
  for (const SeenQuery& query : world.network.queries) {
    EXPECT_TRUE(query.mixed_case || query.protocol == Protocol::kTcp);
  }
}

TEST(Resolver, DoesNotBelieveAForgerWhoGuessedAllButTheLetters) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    Reaction genuine = SayMx(query);
    genuine.delay = milliseconds(20);
    if (++asked > 1) return {genuine};
    Reaction forged = SayRcode(query, 3);
    forged.case_preserved = false;
    return {forged, genuine};
  }});
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kAnswer);
  world.Resolve("b.example");
  EXPECT_TRUE(world.network.queries.back().mixed_case);
}

TEST(Resolver, AsksForTheEndOfAChainThatComesWithoutData) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    if (ToText(query.question.name) == "a.example") {
      return {Say(query, {Cname("a.example", "b.example")})};
    }
    return {SayMx(query)};
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kAnswer);
  EXPECT_EQ(result.end, "b.example");
  EXPECT_EQ(result.counting_records, 1);
  EXPECT_EQ(result.header.attempts, 2);
  EXPECT_EQ(world.core.stats().retried, 0);
}

TEST(Resolver, EndsAChainThatGoesOnForEver) {
  int asked = 0;
  SimulatedWorld world({[&](const SeenQuery& query) -> Reactions {
    const std::string next = Numbered(++asked);
    return {Say(query, {Cname(ToText(query.question.name), next)})};
  }});
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kLoop);
  EXPECT_LE(asked, 17);
}

TEST(Resolver, NamesSilenceWhenTheEndOfAChainIsSilent) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    if (ToText(query.question.name) != "a.example") {
      return SilentAboutNames(query);
    }
    return {Say(query, {Cname("a.example", "b.example")})};
  }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kSilence);
  EXPECT_EQ(result.end, "b.example");
}

TEST(Resolver, AsksOnceForEqualQuestionsInFlight) {
  SimulatedWorld world({Good});
  for (int i = 0; i < 5; ++i) world.Ask("a.example");
  world.Ask("a.example", RrType::kA);
  world.network.Run(world.core);
  EXPECT_EQ(world.network.queries.size(), 2u);
  EXPECT_EQ(world.results.size(), 6u);
  for (const auto& [token, result] : world.results) EXPECT_EQ(result.times, 1);
  EXPECT_EQ(world.core.stats().coalesced, 4);
  EXPECT_EQ(world.core.stats().questions, 2);
}

TEST(Resolver, AnswersFromMemoryOnTheNextTurn) {
  SimulatedWorld world({Good});
  const Result first = world.Resolve("a.example");
  const uint64_t token = world.Ask("a.example");
  EXPECT_FALSE(world.results.contains(token));
  world.network.Run(world.core);
  EXPECT_EQ(world.network.queries.size(), 1u);
  EXPECT_EQ(world.results[token].outcome, Outcome::kAnswer);
  EXPECT_EQ(world.results[token].header.rtt_us, first.header.rtt_us);
}

TEST(Resolver, AsksAgainWhatMayNotBeShared) {
  SimulatedWorld world({Good, Good});
  Question question;
  question.name = *Name::FromText("a.example");
  question.cacheable = false;
  world.Ask(question);
  world.Ask(question);
  world.network.Run(world.core);
  EXPECT_EQ(world.network.queries.size(), 2u);
}

TEST(Resolver, ForgetsAFailureAfterHalfAMinute) {
  bool up = false;
  SimulatedWorld world({[&](const SeenQuery& query) {
    return up ? Good(query) : Fails(query);
  }});
  world.Resolve("a.example");
  up = true;
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kServFail);
  world.Ask("b.example");
  world.network.Run(world.core);
  // Something that takes more than half a minute of simulated time.
  world.network.Advance(seconds(31));
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kAnswer);
}

TEST(Resolver, TakesRefusalsAsTheyAreWhereNothingElseComes) {
  SimulatedWorld world({[](const SeenQuery& query) -> Reactions {
    return {SayRcode(query, 5)};
  }});
  constexpr int kNames = 2000;
  for (int i = 0; i < kNames; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    ASSERT_EQ(result.outcome, Outcome::kRefused);
  }
  // Five tries of each, and a rest for the first thousand or so.
  EXPECT_LT(world.network.queries.size(), size_t{kNames} * 7);
}

TEST(Resolver, TellsWhatWasOddAboutEachOfItsServers) {
  bool up = true;
  SimulatedWorld world(
      {[](const SeenQuery& query) -> Reactions { return {SayRcode(query, 5)}; },
       Fails, LowersCase,
       [](const SeenQuery& query) -> Reactions {
         return query.edns ? Reactions{SayRcode(query, 1)} : Good(query);
       },
       [&](const SeenQuery& query) { return up ? Good(query) : Absent(query); },
       Good});
  for (int i = 0; i < 200; ++i) {
    up = i < 100;
    world.Resolve(Numbered(i));
  }
  const std::vector<ResolverStats::Upstream> seen =
      world.core.stats().upstreams;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(seen[i].refused > 0, i == 0);
    EXPECT_EQ(seen[i].failed > 0, i == 1);
    EXPECT_EQ(seen[i].changes_case, i == 2);
    EXPECT_EQ(seen[i].without_edns, i == 3);
    EXPECT_EQ(seen[i].outs, i == 4 ? 1 : 0);
    EXPECT_EQ(seen[i].wrong, 10 + i);  // As the engine says.
    EXPECT_FALSE(seen[i].rewrites);
  }
}

TEST(Resolver, AsksOnlyTheServerThatTheQuestionNames) {
  SimulatedWorld world({Good, Fails, Good});
  Question question;
  question.name = *Name::FromText("a.example");
  question.upstream = 1;
  const uint64_t token = world.Ask(question);
  world.network.Run(world.core);
  EXPECT_EQ(world.results[token].outcome, Outcome::kServFail);
  EXPECT_THAT(UpstreamsAsked(world.network.queries),
              ElementsAre(1, 1, 1, 1, 1));
}

}  // namespace
}  // namespace mxscan
