#include "resolver/resolver_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/resolver/resolver/simulated_network.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

// What became of one question.
struct Result {
  Outcome outcome = Outcome::kSilence;
  std::string end;
  AnswerHeader header;
  int counting_records = 0;
  Nanos at{};
  int times = 0;
};

// A resolver over simulated servers, and somebody who asks it.
class World : public AnswerReceiver {
 public:
  explicit World(std::vector<Server> servers, ResolverOptions options = {})
      : network(servers),
        core(WithUpstreams(options, servers.size()), network) {
    core.Connect(network);
  }

  uint64_t Ask(std::string_view name, RrType type = RrType::kMx) {
    Question question;
    question.name = *Name::FromText(name);
    question.type = type;
    return Ask(question);
  }
  uint64_t Ask(const Question& question) {
    core.Ask(question, *this, ++last_token_);
    return last_token_;
  }

  // Asks, runs to the end and tells.
  Result Resolve(std::string_view name, RrType type = RrType::kMx) {
    const uint64_t token = Ask(name, type);
    network.Run(core);
    return results[token];
  }

  void OnAnswer(uint64_t token, const Answer& answer) noexcept override {
    Result& result = results[token];
    result.outcome = answer.outcome();
    result.end = ToText(answer.end());
    result.header = answer.header();
    for (int i = 0; i < answer.record_count(); ++i) {
      if (answer.Counts(answer.record(i))) ++result.counting_records;
    }
    result.at = network.now();
    ++result.times;
    if (on_answer) on_answer(token);
  }

  SimulatedNetwork network;
  ResolverCore core;
  std::map<uint64_t, Result> results;
  std::function<void(uint64_t)> on_answer;

 private:
  static ResolverOptions WithUpstreams(ResolverOptions options, size_t count) {
    options.seed = 42;
    for (size_t i = 0; i < count; ++i) {
      Endpoint endpoint;
      endpoint.address.octets = {127, 0, 0, static_cast<uint8_t>(i + 1)};
      options.upstreams.push_back(endpoint);
    }
    return options;
  }

  uint64_t last_token_ = 0;
};

bool IsProbe(const Query& query) { return query.question.name.view().IsRoot(); }

int CountReal(const std::vector<Query>& queries) {
  return static_cast<int>(
      std::count_if(queries.begin(), queries.end(),
                    [](const Query& query) { return !IsProbe(query); }));
}

std::vector<int> UpstreamsAsked(const std::vector<Query>& queries) {
  std::vector<int> asked;
  for (const Query& query : queries) asked.push_back(query.upstream);
  return asked;
}

Reaction SayMx(const Query& query) {
  return Say(query, {Mx(ToText(query.question.name), "mx.example")});
}

Reactions Good(const Query& query) { return {SayMx(query)}; }
Reactions Silent(const Query&) { return {}; }
Reactions Absent(const Query&) { return {SayNobodyListens()}; }
Reactions Fails(const Query& query) { return {SayRcode(query, 2)}; }

// As silent about names, but knows the root.
Reactions SilentAboutNames(const Query& query) {
  return IsProbe(query) ? Fails(query) : Silent(query);
}

std::string Numbered(int i) {
  return std::string("d").append(std::to_string(i)).append(".example");
}

TEST(Resolver, GivesExactlyOneAnswerAndNotFromInsideAsk) {
  World world({Good});
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

TEST(Resolver, BelievesAServerThatSaysThereIsNothing) {
  World nothing({[](const Query& query) -> Reactions {
    return {Say(query, {Soa("example")})};
  }});
  EXPECT_EQ(nothing.Resolve("a.example").outcome, Outcome::kNoData);
  World no_name(
      {[](const Query& query) -> Reactions { return {SayRcode(query, 3)}; }});
  EXPECT_EQ(no_name.Resolve("a.example").outcome, Outcome::kNxDomain);
  EXPECT_EQ(no_name.network.queries.size(), 1u);
}

TEST(Resolver, AsksTenTimesIntoSilenceWithinTenSeconds) {
  World world({SilentAboutNames});
  const Nanos start = world.network.now();
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kSilence);
  EXPECT_EQ(result.header.attempts, 10);
  EXPECT_EQ(result.header.upstream, -1);
  EXPECT_EQ(CountReal(world.network.queries), 10);
  EXPECT_LE(result.at - start, seconds(11));
}

TEST(Resolver, AsksFiveTimesWhereServersSpokeAndNamesWhatTheySaid) {
  World world({Fails, Fails});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kServFail);
  EXPECT_EQ(result.header.rcode, 2);
  EXPECT_EQ(result.header.attempts, 5);
  World refusing(
      {[](const Query& query) -> Reactions { return {SayRcode(query, 5)}; }});
  EXPECT_EQ(refusing.Resolve("a.example").outcome, Outcome::kRefused);
  World raving({[](const Query&) -> Reactions { return {SayGarbage()}; }});
  EXPECT_EQ(raving.Resolve("a.example").outcome, Outcome::kMalformed);
}

TEST(Resolver, TakesARetryToAServerThatHasNotBeenAsked) {
  World world({Fails, Fails, Fails});
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
  World world({Fails, Good});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(world.Resolve(Numbered(i)).outcome, Outcome::kAnswer);
  }
}

TEST(Resolver, NamesTheLastThingHeardWhenSilenceFollows) {
  int asked = 0;
  World world({[&](const Query& query) -> Reactions {
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
  World world({SilentAboutNames}, options);
  EXPECT_EQ(world.Resolve("a.example").header.attempts, 2);
}

TEST(Resolver, CountsALateGenuineAnswer) {
  int asked = 0;
  World world({[&](const Query& query) -> Reactions {
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
  World world({[&](const Query& query) -> Reactions {
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
  const Server server = [](const Query& query) -> Reactions {
    if (query.protocol == Protocol::kUdp) return {SayTruncated(query)};
    return {SayMx(query)};
  };
  World world({server, server, server});
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
  const Server no_tcp = [](const Query& query) -> Reactions {
    if (query.protocol == Protocol::kUdp) return {SayTruncated(query)};
    return {SayNobodyListens()};
  };
  World alone({no_tcp});
  const Result given_up = alone.Resolve("a.example");
  EXPECT_EQ(given_up.outcome, Outcome::kMalformed);
  EXPECT_EQ(given_up.header.attempts, 10);
  World world({no_tcp, Good});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(world.Resolve(Numbered(i)).outcome, Outcome::kAnswer);
  }
}

TEST(Resolver, AsksWithoutEdnsWhereAServerChokesOnItAndRemembers) {
  World world({[](const Query& query) -> Reactions {
    if (query.edns) return {SayRcode(query, 1)};
    return {SayMx(query)};
  }});
  const Result first = world.Resolve("a.example");
  EXPECT_EQ(first.outcome, Outcome::kAnswer);
  EXPECT_EQ(first.header.attempts, 2);
  EXPECT_EQ(world.Resolve("b.example").header.attempts, 1);
}

TEST(Resolver, DoesNotGiveUpEdnsForOneNameThatChokes) {
  World world({[](const Query& query) -> Reactions {
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
  World world(
      {[](const Query& query) -> Reactions { return {SayRcode(query, 1)}; }});
  const Result result = world.Resolve("a.example");
  EXPECT_EQ(result.outcome, Outcome::kMalformed);
  EXPECT_EQ(result.header.rcode, 1);
}

Reactions LowersCase(const Query& query) {
  Reaction reaction = SayMx(query);
  reaction.case_preserved = !query.mixed_case;
  return {reaction};
}

TEST(Resolver, RemembersAServerThatChangesLettersAndStopsMixing) {
  World world({LowersCase});
  for (int i = 0; i < 3; ++i) {
    const Result result = world.Resolve(Numbered(i));
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_EQ(result.header.attempts, 2);
  }
  EXPECT_EQ(world.Resolve("a.example").header.attempts, 1);
  EXPECT_FALSE(world.network.queries.back().mixed_case);
}

TEST(Resolver, DoesNotBelieveAForgerWhoGuessedAllButTheLetters) {
  int asked = 0;
  World world({[&](const Query& query) -> Reactions {
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
  World world({[](const Query& query) -> Reactions {
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
  World world({[&](const Query& query) -> Reactions {
    const std::string next = Numbered(++asked);
    return {Say(query, {Cname(ToText(query.question.name), next)})};
  }});
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kLoop);
  EXPECT_LE(asked, 17);
}

TEST(Resolver, NamesSilenceWhenTheEndOfAChainIsSilent) {
  World world({[](const Query& query) -> Reactions {
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
  World world({Good});
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
  World world({Good});
  const Result first = world.Resolve("a.example");
  const uint64_t token = world.Ask("a.example");
  EXPECT_FALSE(world.results.contains(token));
  world.network.Run(world.core);
  EXPECT_EQ(world.network.queries.size(), 1u);
  EXPECT_EQ(world.results[token].outcome, Outcome::kAnswer);
  EXPECT_EQ(world.results[token].header.rtt_us, first.header.rtt_us);
}

TEST(Resolver, AsksAgainWhatMayNotBeShared) {
  World world({Good, Good});
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
  World world(
      {[&](const Query& query) { return up ? Good(query) : Fails(query); }});
  world.Resolve("a.example");
  up = true;
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kServFail);
  world.Ask("b.example");
  world.network.Run(world.core);
  // Something that takes more than half a minute of simulated time.
  world.network.Advance(seconds(31));
  EXPECT_EQ(world.Resolve("a.example").outcome, Outcome::kAnswer);
}

TEST(Resolver, AsksOnlyTheServerThatTheQuestionNames) {
  World world({Good, Fails, Good});
  Question question;
  question.name = *Name::FromText("a.example");
  question.upstream = 1;
  const uint64_t token = world.Ask(question);
  world.network.Run(world.core);
  EXPECT_EQ(world.results[token].outcome, Outcome::kServFail);
  EXPECT_THAT(UpstreamsAsked(world.network.queries),
              ElementsAre(1, 1, 1, 1, 1));
}

TEST(Resolver, MovesForFreeFromAServerThatIsNotThere) {
  World world({Absent, Good});
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kAnswer);
    EXPECT_LE(result.header.attempts, 2);
  }
}

TEST(Resolver, WaitsTenSecondsForServersThatNeverWereThere) {
  World world({Absent, Absent});
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

TEST(Resolver, OutlivesAnOutageOfItsOnlyServerWithoutLosingANameToIt) {
  const Nanos dies = seconds(1) + milliseconds(20),
              returns = dies + seconds(30);
  World world({[=](const Query& query) -> Reactions {
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

TEST(Resolver, EndsInTimeWhenOnlyNamesThatNobodyAnswersAreLeft) {
  World world({SilentAboutNames, SilentAboutNames});
  const Nanos start = world.network.now();
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  for (const auto& [token, result] : world.results) {
    EXPECT_EQ(result.outcome, Outcome::kSilence);
    EXPECT_EQ(result.header.attempts, 10);
    EXPECT_LE(result.at - start, seconds(12));
  }
}

TEST(Resolver, NeverSendsFasterThanTheRateFromTheFirstPacketOn) {
  ResolverOptions options;
  options.rate = 1000;
  World world({Good, SilentAboutNames}, options);
  for (int i = 0; i < 3000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  std::map<int64_t, int> in_window;  // By 100 ms.
  for (const Query& query : world.network.queries) {
    ++in_window[query.at / milliseconds(100)];
  }
  for (const auto& [window, count] : in_window) EXPECT_LE(count, 100 + 5);
  EXPECT_GE(in_window[12], 80);  // And not much slower.
}

TEST(Resolver, BeginsGently) {
  World world({Good});
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_LE(world.network.largest_burst, 20000 / 4);
  const Nanos start = world.network.queries.front().at;
  int at_first = 0;
  for (const Query& query : world.network.queries) {
    if (query.at == start) ++at_first;
  }
  EXPECT_LE(at_first, 64);
}

TEST(Resolver, KeepsItsWindow) {
  ResolverOptions options;
  options.window = 10;
  size_t most = 0;
  World* seen = nullptr;
  World world({[&](const Query& query) -> Reactions {
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

TEST(Resolver, WaitsForASlotWhenTheEngineHasNone) {
  World world({Good});
  world.network.most_alive = 7;
  for (int i = 0; i < 100; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 100u);
}

TEST(Resolver, HoldsNoMoreAttemptsThanItTellsTheEngine) {
  ResolverOptions options;
  options.window = 50;
  World world({SilentAboutNames}, options);
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

TEST(Resolver, TakesQuestionsFromInsideAnAnswer) {
  World world({Good});
  int left = 1000;
  world.on_answer = [&](uint64_t) {
    if (left-- > 0) world.Ask(left % 2 == 0 ? "same.example" : Numbered(left));
  };
  world.Ask("a.example");
  world.network.Run(world.core);
  EXPECT_EQ(world.results.size(), 1001u);
  EXPECT_LE(world.network.queries.size(), 502u);
}

TEST(Resolver, AsksForATurnOnceWhenAskedOutsideOfOne) {
  World world({Good});
  Question question;
  question.name = *Name::FromText("a.example");
  EXPECT_TRUE(world.core.Ask(question, world, 1));
  question.type = RrType::kA;
  EXPECT_FALSE(world.core.Ask(question, world, 2));
  world.network.Run(world.core);
  question.type = RrType::kTxt;
  EXPECT_TRUE(world.core.Ask(question, world, 3));
}

TEST(Resolver, SpreadsOverItsUpstreamsByHowFastTheyAnswer) {
  const auto after = [](int ms) -> Server {
    return [ms](const Query& query) -> Reactions {
      Reaction reaction = SayMx(query);
      reaction.delay = milliseconds(ms);
      return {reaction};
    };
  };
  ResolverOptions options;
  options.window = 400;
  World world({after(10), after(10), after(100)}, options);
  for (int i = 0; i < 20000; ++i) world.Ask(Numbered(i));
  world.network.Run(world.core);
  const ResolverStats& stats = world.core.stats();
  EXPECT_NEAR(stats.upstreams[0].sent, stats.upstreams[1].sent,
              .1 * stats.upstreams[0].sent);
  EXPECT_LT(stats.upstreams[2].sent, stats.upstreams[0].sent / 2);
  EXPECT_NEAR(stats.upstreams[0].rtt_p50_us, 10000, 700);
  EXPECT_NEAR(stats.upstreams[2].rtt_p99_us, 100000, 7000);
}

TEST(Resolver, CountsTruthfully) {
  World world({Fails, Good});
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
TEST(Resolver, LosesNothingAmongFaultsOfEveryKind) {
  uint32_t state = 1;
  const auto chance = [&](int per_cent) {
    state = state * 1664525 + 1013904223;
    return static_cast<int>(state >> 16) % 100 < per_cent;
  };
  const Server faulty = [&](const Query& query) -> Reactions {
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
  World world({faulty, faulty, faulty, Absent});
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
