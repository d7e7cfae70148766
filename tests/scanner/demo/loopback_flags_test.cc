#include "scanner/demo/loopback_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

absl::StatusOr<LoopbackPlan> Parse(std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return ParseLoopbackFlags(arguments);
}

TEST(LoopbackFlags, AreReadWithOrWithoutAnEqualsSign) {
  std::vector<std::string> words = {"--listen",
                                    "127.0.0.1:5301,[::1]:0,127.0.0.2",
                                    "--world=20000",
                                    "--seed",
                                    "7",
                                    "--fault=loss p=0.5",
                                    "--fault",
                                    "dead",
                                    "--demo",
                                    "--print-truth"};
  const auto plan = Parse(words);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_THAT(plan->server.endpoints, SizeIs(3));
  EXPECT_EQ(ToText(plan->server.endpoints[0]), "127.0.0.1:5301");
  EXPECT_EQ(ToText(plan->server.endpoints[1]), "[::1]:0");
  EXPECT_EQ(plan->server.endpoints[2].port, 53);
  EXPECT_EQ(plan->world.domains, 20000u);
  EXPECT_EQ(plan->world.seed, 7u);
  EXPECT_EQ(plan->server.seed, 7u);
  EXPECT_THAT(plan->server.faults, SizeIs(2));
  EXPECT_TRUE(plan->demo);
  EXPECT_EQ(plan->task, LoopbackTask::kPrintTruth);
}

TEST(LoopbackFlags, SayWhichOfThemIsWrong) {
  const std::vector<std::string> wrong[] = {
      {"--listen", "nowhere"}, {"--world", "many"},  {"--world"},
      {"--seed=-1"},           {"--fault", "lost"},  {"--faults=/none"},
      {"--frob", "1"},         {"--listen=1.2.3:0"},
  };
  for (std::vector<std::string> words : wrong) {
    const auto plan = Parse(words);
    ASSERT_FALSE(plan.ok()) << words[0];
    const std::string flag = words[0].substr(0, words[0].find('='));
    EXPECT_THAT(std::string(plan.status().message()), HasSubstr(flag));
  }
}

}  // namespace
}  // namespace mxscan
