#include "scanner/flags/nearest.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

constexpr std::string_view kNames[] = {"--rate", "--rate-per-resolver",
                                       "--resolvers", "--resume", "scan"};

TEST(Nearest, IsOneLetterAddedDroppedChangedOrSwappedAway) {
  for (const char* word : {"--rat", "--ratee", "--rade", "--raet"}) {
    EXPECT_EQ(Nearest(word, kNames), "--rate") << word;
  }
  EXPECT_EQ(Nearest("--resovler", kNames), "--resolvers");
  EXPECT_EQ(Nearest("scna", kNames), "scan");
}

TEST(Nearest, IsNothingWhenNothingIsNear) {
  for (const char* word : {"", "x", "--colour", "sc", "a-long-word-indeed"}) {
    EXPECT_EQ(Nearest(word, kNames), "") << word;
  }
  EXPECT_EQ(Nearest(std::string(1 << 20, 'x'), kNames), "");
}

TEST(Nearest, IsAskedForInWords) {
  EXPECT_EQ(DidYouMean("--rat", kNames), "; did you mean --rate?");
  EXPECT_EQ(DidYouMean("--colour", kNames), "");
}

}  // namespace
}  // namespace mxscan
