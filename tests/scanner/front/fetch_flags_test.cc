// The flags of --fetch-policies.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "scanner/flags/flags.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

absl::StatusOr<Command> Parse(Words words) {
  words.insert(words.end(), {"-r", "127.0.0.1", "example.com"});
  return ParseFlags(words, Environment());
}

ScanPlan Scan(const Words& words) {
  const absl::StatusOr<Command> command = Parse(words);
  EXPECT_TRUE(command.ok()) << command.status();
  return command.ok() ? std::get<ScanPlan>(*command) : ScanPlan();
}

std::string Usage(const Words& words) {
  const absl::Status status = Parse(words).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(FetchFlags, FetchNothingUnlessTold) {
  EXPECT_FALSE(Scan({"--checks", "all"}).fetch.policies);
}

TEST(FetchFlags, AddTheCheckThatPoliciesAreFor) {
  const ScanPlan plan = Scan({"--fetch-policies", "--checks", "spf"});
  EXPECT_TRUE(plan.fetch.policies);
  EXPECT_TRUE(plan.checks.Has(CheckGroup::kMtaSts));
  EXPECT_TRUE(plan.checks.Has(CheckGroup::kSpf));
  EXPECT_FALSE(plan.fetch.allow_private);
  EXPECT_EQ(plan.fetch.port, 443);
}

TEST(FetchFlags, ReachThePlan) {
  const ScanPlan plan = Scan({"--fetch-policies", "--allow-private",
                              "--https-port", "8443", "--https-ca", "ca.pem"});
  EXPECT_TRUE(plan.fetch.allow_private);
  EXPECT_EQ(plan.fetch.port, 8443);
  EXPECT_EQ(plan.fetch.authorities, "ca.pem");
}

TEST(FetchFlags, AreRefusedWithARemedyWhereTheyMakeNoSense) {
  for (const Words& alone : {Words{"--allow-private"},
                             {"--https-port", "8443"},
                             {"--https-ca", "ca.pem"}}) {
    EXPECT_THAT(Usage(alone), HasSubstr("--fetch-policies; give that too"));
  }
  EXPECT_THAT(Usage({"--fetch-policies", "--https-port", "0"}),
              HasSubstr("--https-port"));
  EXPECT_THAT(Usage({"--fetch-policies", "--https-ca", ""}),
              HasSubstr("give the path of a file"));
}

}  // namespace
}  // namespace mxscan
