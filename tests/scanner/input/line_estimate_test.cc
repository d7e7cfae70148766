#include "scanner/input/line_estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace mxscan {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;
using testing::Optional;
using Kind = ResolvedInput::Kind;

class LineEstimate : public testing::Test {
 protected:
  LineEstimate() {
    std::string pattern = testing::TempDir() + "/estimate_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~LineEstimate() override { std::filesystem::remove_all(folder_); }

  ResolvedInput File(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return {Kind::kFile, path};
  }

  static std::string Ranked(int lines) {
    std::string text;
    for (int i = 1; i <= lines; ++i) {
      text += std::to_string(i) + ",domain" + std::to_string(i) + ".com\n";
    }
    return text;
  }

  std::string folder_;
};

TEST_F(LineEstimate, AShortFileIsCountedAndSoAreNames) {
  const ResolvedInput list = File("a.txt", "# none\n\na.com\nb.com\nb.com");
  EXPECT_EQ(EstimateLines({list}, {}), 3);
  EXPECT_EQ(EstimateLines({{Kind::kNames, "a.com\nb.org\n"}}, {}), 2);
  EXPECT_EQ(EstimateLines({list, list, {Kind::kNames, "c.com\n"}}, {}), 7);
  EXPECT_EQ(EstimateLines({File("empty.txt", "")}, {}), 0);
}

TEST_F(LineEstimate, ALongFileIsGuessedByItsBeginning) {
  const ResolvedInput list = File("top.csv", Ranked(200'000));
  EXPECT_THAT(EstimateLines({list}, {}),
              Optional(AllOf(Ge(180'000), Le(240'000))));
}

TEST_F(LineEstimate, PartsAreTakenIntoAccount) {
  const ResolvedInput list = File("top.csv", Ranked(1000));
  InputOptions part;
  part.skip = 200;
  EXPECT_EQ(EstimateLines({list}, part), 800);
  part.limit = 100;
  EXPECT_EQ(EstimateLines({list}, part), 100);
  part.shards = 4;
  EXPECT_EQ(EstimateLines({list}, part), 25);
  part.skip = 5000;
  EXPECT_EQ(EstimateLines({list}, part), 0);
}

TEST_F(LineEstimate, WhatCannotBeReadTwiceIsNotTouched) {
  const std::string fifo = folder_ + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(EstimateLines({{Kind::kFile, fifo}}, {}), std::nullopt);
  EXPECT_EQ(EstimateLines({{Kind::kStandardInput, "-"}}, {}), std::nullopt);
  EXPECT_EQ(EstimateLines({{Kind::kFile, folder_ + "/none"}}, {}),
            std::nullopt);
  const ResolvedInput list = File("a.txt", "a.com\n");
  EXPECT_EQ(EstimateLines({list, {Kind::kStandardInput, "-"}}, {}),
            std::nullopt);
}

TEST_F(LineEstimate, AFileThatIsRefusedHasNone) {
  InputOptions options;
  options.column = "nobody";
  EXPECT_EQ(EstimateLines({File("a.csv", Ranked(3))}, options), std::nullopt);
}

}  // namespace
}  // namespace mxscan
