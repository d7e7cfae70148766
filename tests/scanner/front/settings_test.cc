#include "scanner/flags/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scanner/flags/flags.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A scan of one domain, with an environment and a file of settings.
class SettingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    environment_.stdin_is_terminal = true;
    path_ =
        fs::path(::testing::TempDir()) /
        (std::string(
             ::testing::UnitTest::GetInstance()->current_test_info()->name()) +
         ".toml");
  }

  void Set(const std::string& name, const std::string& value) {
    environment_.variables.emplace_back(name, value);
  }
  void WriteConfig(const std::string& text) { std::ofstream(path_) << text; }

  absl::StatusOr<Command> Parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-r", "192.0.2.1", "example.com"});
    return ParseFlags(arguments, environment_);
  }
  ScanPlan Scan(const std::vector<std::string>& arguments = {}) {
    absl::StatusOr<Command> command = Parse(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    if (!command.ok()) return {};
    return std::get<ScanPlan>(*command);
  }
  std::string Usage(const std::vector<std::string>& arguments = {}) {
    const absl::Status status = Parse(arguments).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  }
  std::string ConfigUsage(const std::string& text) {
    WriteConfig(text);
    return Usage({"--config", path_});
  }

  Environment environment_;
  std::string path_;
};

TEST_F(SettingsTest, QuietAndVerboseContradictEachOtherWhereverTheyComeFrom) {
  EXPECT_FALSE(Scan().verbose);
  EXPECT_TRUE(Scan({"-v"}).verbose);
  EXPECT_THAT(Usage({"-q", "-v"}), HasSubstr("--verbose: contradicts --quiet"));
  Set("MXSCAN_QUIET", "true");
  EXPECT_TRUE(Scan().quiet);
  EXPECT_THAT(Usage({"-v"}), HasSubstr("contradicts MXSCAN_QUIET"));
  EXPECT_TRUE(Scan({"-v", "--quiet=false"}).verbose);
}

TEST_F(SettingsTest, EveryKindOfFlagComesFromTheEnvironment) {
  Set("MXSCAN_RATE_PER_RESOLVER", "5k");
  Set("MXSCAN_UNIQUE", "true");
  Set("MXSCAN_EXTRACT_HOST", "0");
  Set("MXSCAN_OUTPUT", "a,b.csv");
  const ScanPlan plan = Scan();
  EXPECT_EQ(plan.rate_per_resolver, 5000);
  EXPECT_TRUE(plan.reading.unique);
  EXPECT_FALSE(plan.reading.extract_host);
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_EQ(plan.outputs[0].path, "a,b.csv");
}

TEST_F(SettingsTest, EveryKindOfFlagComesFromAFile) {
  WriteConfig(
      "# Of the night job.\n"
      "rate = 0.5\n"
      "window = 7\n"
      "column = \"site\"\n"
      "unique = true\n"
      "ordered = false\n"
      "output = [\"a.csv\", \"b.ndjson\"]\n");
  const ScanPlan plan = Scan({"--config", path_});
  EXPECT_EQ(plan.rate, .5);
  EXPECT_EQ(plan.window, 7);
  EXPECT_EQ(plan.reading.column, "site");
  EXPECT_TRUE(plan.reading.unique);
  EXPECT_FALSE(plan.ordered);
  EXPECT_EQ(plan.outputs.size(), 2u);
}

TEST_F(SettingsTest, AListMayBeAnArray) {
  WriteConfig("resolvers = [\"192.0.2.7\", \"192.0.2.8:5353\"]\n");
  const absl::StatusOr<Command> command =
      ParseFlags({"--config", path_, "example.com"}, environment_);
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<ScanPlan>(*command).resolvers.size(), 2u);
}

TEST_F(SettingsTest, TheCommandLineGoesFirstAndTheFileLast) {
  WriteConfig(
      "rate = 1\nwindow = 1\nattempts = 1\nunique = true\n"
      "output = \"file.csv\"\n");
  Set("MXSCAN_CONFIG", path_);
  Set("MXSCAN_RATE", "2");
  Set("MXSCAN_WINDOW", "2");
  Set("MXSCAN_OUTPUT", "variable.csv");
  const ScanPlan plan =
      Scan({"--rate", "3", "--unique=false", "-o", "typed.csv"});
  EXPECT_EQ(plan.rate, 3);
  EXPECT_EQ(plan.window, 2);
  EXPECT_EQ(plan.attempts_spoken, 1);
  EXPECT_FALSE(plan.reading.unique);
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_EQ(plan.outputs[0].path, "typed.csv");
}

TEST_F(SettingsTest, AVariableThatNoFlagHasIsAnErrorThatNamesTheNearest) {
  Set("MXSCAN_RESOLVER", "192.0.2.1");
  EXPECT_THAT(Usage(), HasSubstr("MXSCAN_RESOLVER: no flag has this variable; "
                                 "did you mean MXSCAN_RESOLVERS?"));
  environment_.variables = {{"MXSCAN_HELP", "1"}};
  EXPECT_THAT(Usage(), HasSubstr("MXSCAN_HELP"));
}

TEST_F(SettingsTest, WhatOnlyOtherCommandsHaveIsPassedOver) {
  Set("MXSCAN_RATE", "nonsense");
  WriteConfig("rate = \"nonsense\"\n");
  const absl::StatusOr<Command> command = ParseFlags(
      {"classify", "--config", path_, "mx.example.com"}, environment_);
  EXPECT_TRUE(command.ok()) << command.status();
}

TEST_F(SettingsTest, AValueThatIsWrongNamesWhereItStands) {
  Set("MXSCAN_RATE", "");
  EXPECT_THAT(Usage(), HasSubstr("MXSCAN_RATE '': give queries per second"));
  environment_.variables = {{"MXSCAN_UNIQUE", "maybe"}};
  EXPECT_THAT(Usage(), HasSubstr("MXSCAN_UNIQUE 'maybe': give true or false"));
  environment_.variables.clear();
  environment_.variables = {{"MXSCAN_RESOLVERS", "nobody"}};
  const absl::Status nobody =
      ParseFlags({"example.com"}, environment_).status();
  EXPECT_THAT(std::string(nobody.message()),
              HasSubstr("MXSCAN_RESOLVERS: 'nobody' is no address"));
  environment_.variables.clear();
  EXPECT_THAT(ConfigUsage("# A comment.\n\nrate = 0\n"),
              HasSubstr(path_ + ":3: rate '0': give queries per second"));
}

TEST_F(SettingsTest, AFileThatIsWrongNamesLineAndKey) {
  EXPECT_THAT(ConfigUsage("window = 5\nrat = 5\n"),
              HasSubstr(":2: rat: no flag has this key; did you mean rate?"));
  EXPECT_THAT(ConfigUsage("rate = true\n"), HasSubstr(":1: rate: give a text"));
  EXPECT_THAT(ConfigUsage("unique = 1\n"),
              HasSubstr(":1: unique: give true or false"));
  EXPECT_THAT(ConfigUsage("output = [1979-05-27]\n"),
              HasSubstr(":1: output: give a text, or an array of texts"));
  EXPECT_THAT(ConfigUsage("rate = [5]\n"), HasSubstr(":1: rate: give a text"));
  EXPECT_THAT(ConfigUsage("\n[scan]\nrate = 5\n"),
              HasSubstr(":2: scan: is a section"));
  EXPECT_THAT(ConfigUsage("rate = 5\nrate = 6\n"), HasSubstr(":2: no TOML"));
  EXPECT_THAT(ConfigUsage("rate: 5\n"), HasSubstr(":1: no TOML"));
  EXPECT_THAT(ConfigUsage("config = \"x\"\n"), HasSubstr("config: no flag"));
  EXPECT_THAT(ConfigUsage("help = true\n"), HasSubstr("help: no flag"));
  EXPECT_THAT(ConfigUsage(std::string("rate = \"\0\"", 10)), HasSubstr(":1: "));
}

TEST_F(SettingsTest, AFileThatCannotBeReadIsNoUsageError) {
  const absl::Status status = Parse({"--config", "no/such"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot read no/such"));
  EXPECT_THAT(Usage({"--config", ""}), HasSubstr("--config: give the path"));
}

TEST_F(SettingsTest, HelpAndVersionNeedNoneOfIt) {
  Set("MXSCAN_RAET", "5");
  EXPECT_TRUE(ParseFlags({"--help"}, environment_).ok());
  EXPECT_TRUE(ParseFlags({"--version"}, environment_).ok());
}

}  // namespace
}  // namespace mxscan
