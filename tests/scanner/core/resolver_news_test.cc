#include "scanner/upstreams/resolver_news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Two resolvers, as two shards see them.
class ResolverNewsTest : public ::testing::Test {
 protected:
  ResolverNewsTest() {
    for (ResolverStats& shard : shards_) {
      shard.upstreams.resize(2);
      for (ResolverStats::Upstream& upstream : shard.upstreams) {
        upstream.rate = 250;
        upstream.wait = milliseconds(1000);
      }
    }
  }

  std::vector<std::string> At(int second) {
    return news_.Since(seconds(second), shards_);
  }
  // The first of the resolvers, as the shards see it.
  ResolverStats::Upstream& one() { return shards_[0].upstreams[0]; }
  ResolverStats::Upstream& other() { return shards_[1].upstreams[0]; }

  std::vector<ResolverStats> shards_{2};
  ResolverNews news_{{"192.0.2.1:53", "192.0.2.2:53"}};
};

TEST_F(ResolverNewsTest, AreNoneWhileNothingChanges) {
  EXPECT_THAT(At(1), IsEmpty());
  one().answered = other().answered = 10;
  for (int second = 2; second < 60; ++second) {
    EXPECT_THAT(At(second), IsEmpty());
  }
}

TEST_F(ResolverNewsTest, TellWhoGoesOutAndComesBackOnce) {
  one().answered = 10;
  EXPECT_THAT(At(1), IsEmpty());
  one().out = other().out = true;
  EXPECT_THAT(At(41), ElementsAre("resolver 192.0.2.1:53 answers no more; it "
                                  "is probed until it does"));
  EXPECT_THAT(At(42), IsEmpty());
  one().out = false;
  EXPECT_THAT(At(43), IsEmpty());  // The other shard still waits.
  other().out = false;
  EXPECT_THAT(At(49), ElementsAre("resolver 192.0.2.1:53 answers again, after "
                                  "8s"));
  EXPECT_THAT(At(50), IsEmpty());
}

TEST_F(ResolverNewsTest, TakeNobodyForOutWhoAnswersAnotherShard) {
  one().answered = 10;
  At(1);
  other().out = true;
  one().answered = 20;
  EXPECT_THAT(At(2), IsEmpty());
}

TEST_F(ResolverNewsTest, TellWhoHasNeverAnswered) {
  one().out = other().out = true;
  EXPECT_THAT(At(3), ElementsAre("resolver 192.0.2.1:53 has not answered yet; "
                                 "it is probed"));
}

TEST_F(ResolverNewsTest, TellWhatAResolverChokesOnOnce) {
  one().changes_case = true;
  other().without_edns = other().rewrites = true;
  EXPECT_THAT(
      At(1),
      ElementsAre("resolver 192.0.2.1:53 chokes on EDNS; it is asked without",
                  "resolver 192.0.2.1:53 changes the case of names; it is "
                  "asked in plain letters",
                  "resolver 192.0.2.1:53 gives addresses to names that do not "
                  "exist; it is asked only while all others are out"));
  EXPECT_THAT(At(2), IsEmpty());
}

TEST_F(ResolverNewsTest, TellARateOfAllShardsThatHasDoubledOrHalvedAndStays) {
  one().answered = 10;
  At(1);
  one().rate = 600;
  EXPECT_THAT(At(20), IsEmpty());  // It may be a look of a moment.
  one().rate = 250;
  EXPECT_THAT(At(21), IsEmpty());
  one().rate = 800;
  EXPECT_THAT(At(22), IsEmpty());
  EXPECT_THAT(At(23), ElementsAre("resolver 192.0.2.1:53 is asked faster: at "
                                  "most 1.05k/s where it was 500/s"));
  one().rate = other().rate = 200;
  At(40);
  EXPECT_THAT(At(41), ElementsAre("resolver 192.0.2.1:53 is asked more slowly: "
                                  "at most 400/s where it was 1.05k/s"));
}

TEST_F(ResolverNewsTest, TellARateNoOftenerThanIsCalm) {
  one().answered = 10;
  At(0);
  int told = 0;
  for (int second = 1; second <= 60; ++second) {
    one().rate = second % 4 < 2 ? 10 : 10000;
    other().rate = 0;
    told += static_cast<int>(At(second).size());
  }
  EXPECT_GT(told, 0);
  EXPECT_LE(told, 6);
}

TEST_F(ResolverNewsTest, TellTheLongestTimeThatAShardGives) {
  one().answered = 10;
  At(0);
  one().wait = milliseconds(200);
  other().wait = milliseconds(210);
  At(20);
  EXPECT_THAT(At(21), ElementsAre("resolver 192.0.2.1:53 has 210 ms to answer "
                                  "where it had 1000 ms"));
}

}  // namespace
}  // namespace mxscan
