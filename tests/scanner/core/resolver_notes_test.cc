#include "scanner/summary/resolver_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ResolverNotes, AreNoneForAResolverThatDidItsWork) {
  ResolverStats::Upstream upstream;
  upstream.sent = 10000;
  upstream.answered = 9990;
  upstream.refused = 9;
  upstream.failed = 4994;
  upstream.wrong = 9;
  EXPECT_THAT(NotesOn(upstream), IsEmpty());
  EXPECT_THAT(NotesOn(ResolverStats::Upstream()), IsEmpty());  // Never asked.
}

TEST(ResolverNotes, SayWhatWasOdd) {
  ResolverStats::Upstream upstream;
  upstream.sent = 50;
  EXPECT_THAT(NotesOn(upstream), ElementsAre("never_answered"));
  upstream.answered = 5000;
  upstream.outs = 1;
  EXPECT_THAT(NotesOn(upstream), ElementsAre("went_out"));
  upstream.outs = 2;
  upstream.refused = 50;
  upstream.failed = 2500;
  upstream.wrong = 10;
  upstream.rewrites = upstream.changes_case = upstream.without_edns = true;
  EXPECT_THAT(NotesOn(upstream),
              ElementsAre("flapped", "refused", "fails", "wrong_replies",
                          "rewrites_nxdomain", "changes_case", "no_edns"));
}

TEST(ResolverNotes, PassOverAFewHoweverSmallTheWhole) {
  ResolverStats::Upstream upstream;
  upstream.sent = upstream.answered = 10;
  upstream.refused = upstream.failed = upstream.wrong = 9;
  EXPECT_THAT(NotesOn(upstream), IsEmpty());
  upstream.refused = upstream.failed = upstream.wrong = 10;
  EXPECT_THAT(NotesOn(upstream),
              ElementsAre("refused", "fails", "wrong_replies"));
}

TEST(ResolverNotes, MakeALineThatNamesTheWorstAndCountsTheRest) {
  RunSummary summary;
  summary.resolvers.resize(9);
  for (int i = 0; i < 9; ++i) {
    summary.resolvers[i].address = "192.0.2." + std::to_string(i);
  }
  summary.resolvers[0].notes = {"polite_limit", "no_edns"};
  EXPECT_EQ(ResolverNotice(summary), "");
  summary.resolvers[1].notes = {"flapped", "no_edns", "refused"};
  summary.resolvers[2].notes = {"never_answered"};
  EXPECT_EQ(ResolverNotice(summary),
            "resolvers to look at: 192.0.2.1 flapped, refused; "
            "192.0.2.2 never_answered");
  for (int i = 3; i < 9; ++i) summary.resolvers[i].notes = {"went_out"};
  EXPECT_THAT(ResolverNotice(summary), ::testing::EndsWith("; and 3 more"));
}

}  // namespace
}  // namespace mxscan
