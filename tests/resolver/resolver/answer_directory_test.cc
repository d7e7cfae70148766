#include "resolver/answer_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/resolver/resolver/fake_resolver.h"
#include "tests/resolver/resolver/simulated_network.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;

Rr Txt(std::string_view owner, std::string_view text) {
  std::vector<uint8_t> rdata = {static_cast<uint8_t>(text.size())};
  rdata.insert(rdata.end(), text.begin(), text.end());
  return {owner, RrType::kTxt, rdata};
}

Question About(std::string_view name, RrType type = RrType::kTxt) {
  Question question;
  question.name = *Name::FromText(name);
  question.type = type;
  return question;
}

// `NAME: TEXT`, or what became of the question.
std::string See(const Answer& answer) {
  std::string seen = ToText(answer.name()) + ":";
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    seen += ' ';
    seen.append(record.rdata.begin() + 1, record.rdata.end());
  }
  if (answer.outcome() == Outcome::kNoData) seen += " none";
  if (!IsDefinitive(answer.outcome())) seen += " failed";
  return seen;
}

// One shard on this thread.
class AnswerDirectoryTest : public ::testing::Test, public AnswerReceiver {
 protected:
  void Says(const std::string& name, const std::string& text) {
    resolver_.said[{name, RrType::kTxt}] = [=](const SeenQuery& query) {
      return Say(query, {Txt(name, text)});
    };
  }

  void Ask(const Question& question) { directory_.Ask(question, *this, 7); }

  void Run() {
    if (directory_.outstanding() > 0) loop_.Run();
  }

  void OnAnswer(uint64_t token, const Answer& answer) noexcept override {
    EXPECT_EQ(token, 7u);
    seen_.push_back(See(answer));
    if (then_) std::exchange(then_, nullptr)();
    if (directory_.outstanding() == 0) loop_.Stop();
  }

  Loop loop_;
  PostOffice office_{1};
  FakeResolver resolver_{loop_};
  AnswerDirectory directory_{office_, 0, 1 << 20, resolver_, loop_};
  std::vector<std::string> seen_;
  std::function<void()> then_;
};

TEST_F(AnswerDirectoryTest, AsksOnceHoweverManyWantIt) {
  Says("a.example", "text");
  for (int i = 0; i < 3; ++i) Ask(About("a.example"));
  EXPECT_THAT(seen_, ElementsAre());  // Never from inside Ask.
  Run();
  Ask(About("a.example"));
  Run();
  EXPECT_EQ(seen_, std::vector<std::string>(4, "a.example: text"));
  EXPECT_EQ(resolver_.asked.size(), 1u);
  const AnswerStats stats = directory_.stats();
  EXPECT_EQ(stats.wanted, 4);
  EXPECT_EQ(stats.asked, 1);
  EXPECT_EQ(stats.cache_hits, 1);
  EXPECT_EQ(stats.messages, 0);
}

TEST_F(AnswerDirectoryTest, KeepsTypesAndFlagsApart) {
  Says("a.example", "text");
  Ask(About("a.example"));
  Ask(About("a.example", RrType::kTlsa));
  Question unchecked = About("a.example");
  unchecked.checking_disabled = true;
  Ask(unchecked);
  Run();
  EXPECT_THAT(seen_, ElementsAre("a.example: text", "a.example: none",
                                 "a.example: text"));
  EXPECT_EQ(resolver_.asked.size(), 3u);
}

TEST_F(AnswerDirectoryTest, MayBeAskedFromInsideAnAnswer) {
  Says("a.example", "text");
  then_ = [this] {
    Ask(About("a.example"));  // Known by now.
    Ask(About("b.example"));
  };
  Ask(About("a.example"));
  Run();
  EXPECT_THAT(seen_, ElementsAre("a.example: text", "a.example: text",
                                 "b.example: none"));
  EXPECT_EQ(resolver_.asked.size(), 2u);
}

TEST_F(AnswerDirectoryTest, KeepsALongAnswerForAsLongAsItIsDelivered) {
  resolver_.said[{"long.example", RrType::kTxt}] = [](const SeenQuery& query) {
    const Rr r = Txt("long.example", std::string(250, 'x'));
    return Say(query, {r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r, r});
  };
  Ask(About("long.example"));
  Run();
  Ask(About("long.example"));
  Run();
  ASSERT_EQ(seen_.size(), 2u);
  EXPECT_EQ(seen_[0], seen_[1]);
  EXPECT_GT(seen_[0].size(), 4096u);
}

constexpr int kShards = 3;
constexpr int kNames = 200;
constexpr int kRounds = 4;

std::string NameOf(int i) {
  return std::string("n").append(std::to_string(i)).append(".example");
}

// Says how many shards are not done; the last one stops them all.
struct Finish {
  std::atomic<int> busy = kShards;
  std::vector<std::atomic<Loop*>> loops =
      std::vector<std::atomic<Loop*>>(kShards);

  void Done() {
    if (--busy > 0) return;
    for (std::atomic<Loop*>& loop : loops) {
      if (Loop* const up = loop.load()) up->Wake();
    }
  }
};

// One shard: wants every answer several times, in an order of its own.
class AskingShard final : public AnswerReceiver, public TurnHook {
 public:
  AskingShard(PostOffice& office, int number, Finish& finish)
      : number_(number),
        finish_(finish),
        resolver_(loop_),
        directory_(office, number, 1 << 20, resolver_, loop_) {
    loop_.AddTurnHook(*this);
    finish_.loops[number] = &loop_;
    for (int i = 0; i < kNames; ++i) {
      resolver_.said[{NameOf(i), RrType::kTxt}] = [i](const SeenQuery& query) {
        return Say(query, {Txt(NameOf(i), std::to_string(i))});
      };
    }
  }

  void Run() { loop_.Run(); }

  Nanos OnTurn(Nanos now) noexcept override {
    if (finish_.busy == 0) loop_.Stop();
    for (int i = 0; i < 50 && next_ < kRounds * kNames; ++i, ++next_) {
      const int name = number_ == 0 ? next_ : kRounds * kNames - 1 - next_;
      directory_.Ask(About(NameOf(name % kNames)), *this, name % kNames);
    }
    return next_ < kRounds * kNames ? now : Nanos::max();
  }

  void OnAnswer(uint64_t token, const Answer& answer) noexcept override {
    const int i = static_cast<int>(token);
    wrong += See(answer) != NameOf(i) + ": " + std::to_string(i);
    if (++answered == kRounds * kNames) finish_.Done();
  }

  int answered = 0;
  int wrong = 0;
  std::vector<std::pair<std::string, RrType>> asked() {
    return resolver_.asked;
  }
  AnswerStats stats() const { return directory_.stats(); }

 private:
  const int number_;
  Finish& finish_;
  Loop loop_;
  FakeResolver resolver_;
  AnswerDirectory directory_;
  int next_ = 0;
};

TEST(AnswerDirectories, AskEachQuestionOncePerRunWhicheverShardWantsIt) {
  PostOffice office(kShards, /*seed=*/7);
  Finish finish;
  std::vector<std::unique_ptr<AskingShard>> shards(kShards);
  std::vector<std::thread> threads;
  for (int i = 0; i < kShards; ++i) {
    threads.emplace_back([&, i] {
      shards[i] = std::make_unique<AskingShard>(office, i, finish);
      shards[i]->Run();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::multiset<std::pair<std::string, RrType>> asked;
  for (const std::unique_ptr<AskingShard>& shard : shards) {
    EXPECT_EQ(shard->answered, kRounds * kNames);
    EXPECT_EQ(shard->wrong, 0);
    EXPECT_GT(shard->stats().messages, 0);
    for (const auto& question : shard->asked()) asked.insert(question);
  }
  EXPECT_EQ(asked.size(), size_t{kNames});
  for (const auto& question : asked) EXPECT_EQ(asked.count(question), 1u);
}

}  // namespace
}  // namespace mxscan
