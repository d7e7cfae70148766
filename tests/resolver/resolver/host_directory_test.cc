#include "resolver/host_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "resolver/answer.h"
#include "tests/resolver/resolver/fake_resolver.h"
#include "tests/resolver/resolver/simulated_network.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;

struct Seen {
  std::string name, end;
  Outcome a, aaaa;
  std::vector<std::string> addresses;
  int times = 0;
};

Seen See(const Host& host) {
  Seen seen;
  seen.name = ToText(host.name);
  seen.end = ToText(host.end);
  seen.a = host.a.outcome;
  seen.aaaa = host.aaaa.outcome;
  for (const HostFamily* family : {&host.a, &host.aaaa}) {
    for (const IpAddress& address : family->addresses) {
      seen.addresses.push_back(ToText(address));
    }
  }
  return seen;
}

Rr Aaaa(std::string_view owner, uint8_t last_octet) {
  std::vector<uint8_t> rdata(16);
  rdata[0] = 0x20;
  rdata[15] = last_octet;
  return {owner, RrType::kAaaa, rdata};
}

// One shard on this thread.
class HostDirectoryTest : public ::testing::Test, public HostReceiver {
 protected:
  void Find(std::string_view name) {
    ++wanted_;
    directory_.Find(*Name::FromText(name), *this, 7);
  }

  void Run() {
    if (directory_.outstanding() > 0) loop_.Run();
  }

  void OnHost(uint64_t token, const Host& host) noexcept override {
    EXPECT_EQ(token, 7u);
    seen_.push_back(See(host));
    if (directory_.outstanding() == 0) loop_.Stop();
  }

  Loop loop_;
  PostOffice exchange_{1};
  FakeResolver resolver_{loop_};
  HostDirectory directory_{exchange_, 0, 1 << 20, resolver_, loop_};
  std::vector<Seen> seen_;
  int wanted_ = 0;
};

TEST_F(HostDirectoryTest, AsksForBothFamiliesAndTellsThemSorted) {
  resolver_.said[{"mx.example", RrType::kA}] = [](const SeenQuery& query) {
    return Say(query, {A("mx.example", 9), A("mx.example", 2),
                       A("mx.example", 9), A("other.example", 1)});
  };
  resolver_.said[{"mx.example", RrType::kAaaa}] = [](const SeenQuery& query) {
    return Say(query, {Aaaa("mx.example", 1)});
  };
  Find("mx.example");
  EXPECT_TRUE(seen_.empty());  // Never from inside Find.
  Run();
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].name, "mx.example");
  EXPECT_EQ(seen_[0].end, "mx.example");
  EXPECT_EQ(seen_[0].a, Outcome::kAnswer);
  EXPECT_THAT(seen_[0].addresses,
              ElementsAre("192.0.2.2", "192.0.2.9", "2000::1"));
}

TEST_F(HostDirectoryTest, AsksOnceHoweverManyWantTheHost) {
  for (int i = 0; i < 5; ++i) Find("mx.example");
  EXPECT_EQ(directory_.outstanding(), 5);
  Run();
  for (int i = 0; i < 5; ++i) Find("mx.example");
  EXPECT_EQ(seen_.size(), 5u);
  Run();
  EXPECT_EQ(seen_.size(), 10u);
  EXPECT_EQ(resolver_.asked.size(), 2u);
  const HostStats stats = directory_.stats();
  EXPECT_EQ(stats.wanted, 10);
  EXPECT_EQ(stats.asked, 1);
  EXPECT_EQ(stats.cache_hits, 1);
  EXPECT_EQ(stats.messages, 0);
}

TEST_F(HostDirectoryTest, PassesOnWhatIsKnownOfEachFamily) {
  resolver_.said[{"half.example", RrType::kA}] = [](const SeenQuery& query) {
    return Say(query, {A("half.example", 1)});
  };
  resolver_.fails[{"half.example", RrType::kAaaa}] = Outcome::kServFail;
  resolver_.fails[{"loop.example", RrType::kA}] = Outcome::kLoop;
  resolver_.fails[{"loop.example", RrType::kAaaa}] = Outcome::kLoop;
  Find("half.example");
  Find("loop.example");
  Find("empty.example");
  Run();
  ASSERT_EQ(seen_.size(), 3u);
  EXPECT_EQ(seen_[0].a, Outcome::kAnswer);
  EXPECT_EQ(seen_[0].aaaa, Outcome::kServFail);
  EXPECT_EQ(seen_[1].a, Outcome::kLoop);
  EXPECT_EQ(seen_[2].a, Outcome::kNoData);
  EXPECT_EQ(seen_[2].aaaa, Outcome::kNoData);
}

TEST_F(HostDirectoryTest, TellsWhereTheAliasChainEnds) {
  const auto alias = [](const SeenQuery& query) {
    return Say(query,
               {Cname("alias.example", "end.example"), A("end.example", 1)});
  };
  resolver_.said[{"alias.example", RrType::kA}] = alias;
  resolver_.fails[{"alias.example", RrType::kAaaa}] = Outcome::kSilence;
  Find("alias.example");
  Run();
  Find("alias.example");  // And again from memory.
  Run();
  ASSERT_EQ(seen_.size(), 2u);
  for (const Seen& seen : seen_) {
    EXPECT_EQ(seen.name, "alias.example");
    EXPECT_EQ(seen.end, "end.example");
    EXPECT_THAT(seen.addresses, ElementsAre("192.0.2.1"));
  }
}

constexpr int kShards = 2;
constexpr int kHosts = 500;
constexpr int kRounds = 4;

std::string HostName(int i) {
  return std::string("mx").append(std::to_string(i)).append(".example");
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

// One shard: wants every host several times, in an order of its own.
class Shard final : public HostReceiver, public TurnHook {
 public:
  Shard(PostOffice& exchange, int number, Finish& finish)
      : number_(number),
        finish_(finish),
        resolver_(loop_),
        directory_(exchange, number, 1 << 20, resolver_, loop_) {
    loop_.AddTurnHook(*this);
    finish_.loops[number] = &loop_;
    for (int i = 0; i < kHosts; ++i) {
      resolver_.said[{HostName(i), RrType::kA}] = [i](const SeenQuery& query) {
        return Say(query, {A(HostName(i), static_cast<uint8_t>(i))});
      };
    }
  }

  void Run() { loop_.Run(); }

  Nanos OnTurn(Nanos now) noexcept override {
    if (finish_.busy == 0) loop_.Stop();
    for (int i = 0; i < 50 && next_ < kRounds * kHosts; ++i, ++next_) {
      const int host = number_ == 0 ? next_ : kRounds * kHosts - 1 - next_;
      directory_.Find(*Name::FromText(HostName(host % kHosts)), *this,
                      host % kHosts);
    }
    return next_ < kRounds * kHosts ? now : Nanos::max();
  }

  void OnHost(uint64_t token, const Host& host) noexcept override {
    const int i = static_cast<int>(token);
    const bool right = ToText(host.name) == HostName(i) &&
                       host.a.outcome == Outcome::kAnswer &&
                       host.a.addresses.size() == 1 &&
                       host.a.addresses[0].octets[3] == i % 256 &&
                       host.aaaa.outcome == Outcome::kNoData;
    if (!right) ++wrong;
    if (++answered == kRounds * kHosts) finish_.Done();
  }

  int answered = 0;
  int wrong = 0;
  std::vector<std::pair<std::string, RrType>> asked() {
    return resolver_.asked;
  }
  HostStats stats() const { return directory_.stats(); }

 private:
  const int number_;
  Finish& finish_;
  Loop loop_;
  FakeResolver resolver_;
  HostDirectory directory_;
  int next_ = 0;
};

TEST(HostDirectories, AskForEachHostOncePerRunWhicheverShardWantsIt) {
  PostOffice exchange(kShards, /*seed=*/7);
  Finish finish;
  std::vector<std::unique_ptr<Shard>> shards(kShards);
  std::vector<std::thread> threads;
  for (int i = 0; i < kShards; ++i) {
    threads.emplace_back([&, i] {
      shards[i] = std::make_unique<Shard>(exchange, i, finish);
      shards[i]->Run();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::multiset<std::pair<std::string, RrType>> asked;
  for (const std::unique_ptr<Shard>& shard : shards) {
    EXPECT_EQ(shard->answered, kRounds * kHosts);
    EXPECT_EQ(shard->wrong, 0);
    EXPECT_GT(shard->stats().messages, kHosts / 4);
    EXPECT_LT(shard->stats().messages, 8 * kHosts);
    for (const auto& question : shard->asked()) asked.insert(question);
  }
  EXPECT_EQ(asked.size(), 2u * kHosts);
  for (const auto& question : asked) EXPECT_EQ(asked.count(question), 1u);
}

}  // namespace
}  // namespace mxscan
