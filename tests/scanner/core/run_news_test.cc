#include "scanner/run/run_news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace mxscan {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RunNewsTest : public ::testing::Test {
 protected:
  RunNewsTest() {
    plan_.inputs = {{ResolvedInput::Kind::kFile, "a.txt"},
                    {ResolvedInput::Kind::kStandardInput, "-"}};
    plan_.resolvers = {*Endpoint::FromText("192.0.2.1")};
    plan_.outputs.resize(1);
    plan_.outputs[0].path = "-";
    setting_.rates.resize(1);
    setting_.provider_table = "0123";
  }

  ScanPlan plan_;
  RunSetting setting_;
};

TEST_F(RunNewsTest, NameAtTheStartWhatIsAskedReadAndWritten) {
  plan_.rate = 500;
  setting_.rates[0] = {20, true};
  plan_.checks.Add(CheckGroup::kSpf);
  plan_.ask_backend = false;
  plan_.data.psl = "my.psl";
  plan_.summary_path = "s.json";
  const std::vector<std::string> lines = LinesAtStart(plan_, setting_);
  for (const char* line :
       {"checks mx,spf; not asked: backends", "asks at most 500/s in all",
        "resolver 192.0.2.1, at most 20/s, which is polite",
        "providers by our own table, version 0123", "Public Suffix List my.psl",
        "input a.txt", "input standard input",
        "rows to standard output, as csv", "summary to s.json"}) {
    EXPECT_THAT(lines, Contains(line));
  }
  EXPECT_THAT(lines, Contains(HasSubstr("cannot be resumed: ")));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("earlier runs"))));
}

TEST_F(RunNewsTest, SayWhatARunGoesOnBehind) {
  plan_.inputs = {{ResolvedInput::Kind::kFile, "/dev/null"}};
  plan_.outputs[0].path = "rows.csv";
  setting_.earlier_rows = 12345;
  const std::vector<std::string> lines = LinesAtStart(plan_, setting_);
  EXPECT_THAT(lines, Contains("goes on behind 12,345 rows of earlier runs"));
}

TEST_F(RunNewsTest, CountResolversAndInputsBeyondAHandful) {
  plan_.resolvers.assign(5000, plan_.resolvers[0]);
  setting_.rates.assign(5000, {});
  plan_.inputs.assign(300, plan_.inputs[0]);
  const std::vector<std::string> lines = LinesAtStart(plan_, setting_);
  EXPECT_THAT(lines, Contains("and 4990 resolvers more"));
  EXPECT_THAT(lines, Contains("and 290 inputs more"));
  EXPECT_LT(lines.size(), 40u);
}

TEST_F(RunNewsTest, TellEachThingOnce) {
  RunNews news(plan_, {});
  RunMoment moment;
  EXPECT_THAT(news.Since(seconds(1), moment), IsEmpty());
  moment.input = 0;
  moment.evidence_ready = true;
  moment.validates = true;
  EXPECT_THAT(news.Since(seconds(2), moment),
              ElementsAre("the addresses of providers' exchanges are known",
                          "all resolvers validate DNSSEC", "reads a.txt"));
  moment.input = 1;
  EXPECT_THAT(news.Since(seconds(3), moment),
              ElementsAre("reads standard input"));
  moment.all_read = true;
  moment.lines = 1234;
  moment.last_domains = 7;
  moment.interrupted = true;
  EXPECT_THAT(
      news.Since(seconds(4), moment),
      ElementsAre("all is read: 1,234 lines", "a signal: nothing more is begun",
                  "every line is begun; domains under way: 7"));
  moment.last_domains = 3;
  EXPECT_THAT(news.Since(seconds(5), moment), IsEmpty());
}

TEST_F(RunNewsTest, TellOfCheckpointsAndDropsNowAndThen) {
  RunNews news(plan_, {});
  int told = 0;
  RunMoment moment;
  for (int second = 0; second < 60; ++second) {
    moment.kept_rows += 1000;
    moment.kernel_drops += 5;
    told += static_cast<int>(news.Since(seconds(second), moment).size());
  }
  EXPECT_EQ(told, 12);
  EXPECT_THAT(news.Since(seconds(60), moment),
              ElementsAre("checkpoint: 60,000 rows outlive whatever comes",
                          "45 replies found no room in the sockets' buffers"));
}

TEST_F(RunNewsTest, SayAtTheEndHowLargeFilesAre) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "run_news_rows.csv";
  std::ofstream(path) << "12345";
  plan_.outputs[0].path = path;
  plan_.outputs.emplace_back().path = "-";
  EXPECT_THAT(LinesAtEnd(plan_, 1000),
              ElementsAre(path.string() + " is whole: 1,000 domains, 5 octets",
                          "standard output is whole: 1,000 domains"));
}

}  // namespace
}  // namespace mxscan
