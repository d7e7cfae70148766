#include "scanner/report/read_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/scanner/report/sample_summary.h"

namespace mxscan {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

std::string FileWith(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string FaultOf(const std::string& path) {
  return std::string(ReadSummary(path).status().message());
}

TEST(ReadSummary, GivesWhatWasWritten) {
  const std::string path =
      FileWith("read_summary_good.json", ToJson(SampleSummary()));
  const auto read = ReadSummary(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToJson(*read), ToJson(SampleSummary()));
}

TEST(ReadSummary, NamesAFileThatIsNotThere) {
  EXPECT_EQ(FaultOf("/no/such.json"),
            "cannot read /no/such.json: No such file or directory; check the "
            "path");
}

TEST(ReadSummary, NamesTheFileThatIsNoSummaryAndSaysWhatIs) {
  for (const std::string text :
       {"", "domain,status\na.example,ok\n", "{\"schema\":1", "[]", "null",
        "{}", "{\"schema\":\"1\"}", "{\"schema\":99}", "\xFF\xFE", "[[[[[["}) {
    const std::string path = FileWith("read_summary_bad.json", text);
    EXPECT_THAT(FaultOf(path), StartsWith(path + ": ")) << text;
    EXPECT_THAT(FaultOf(path), EndsWith("; give a file that --summary wrote"))
        << text;
  }
}

TEST(ReadSummary, IsNotFelledByDeepNesting) {
  const std::string path =
      FileWith("read_summary_deep.json", std::string(1'000'000, '['));
  EXPECT_FALSE(ReadSummary(path).ok());
}

}  // namespace
}  // namespace mxscan
