#include "scanner/flags/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_replace.h"
#include "scanner/flags/command_table.h"
#include "scanner/flags/flag_table.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// Some flags have a row for one command and a row for another.
bool Takes(const CommandRow& command, std::string_view name) {
  return std::ranges::any_of(FlagTable(), [&](const Flag& flag) {
    return flag.name == name && flag.TakenBy(command.id);
  });
}

// A command line typed in an empty folder, on a machine of four cores whose
// system knows one name server.
class FlagsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    environment_.cores = 4;
    environment_.stdin_is_terminal = true;
    environment_.resolv_conf =
        WriteFile("resolv.conf", "nameserver 192.0.2.53\n");
    list_ = WriteFile("list.txt", "example.com\n");
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  absl::StatusOr<Command> Parse(const std::vector<std::string>& arguments) {
    return ParseFlags(arguments, environment_);
  }

  // The plan of a scan of the list with these flags.
  ScanPlan Scan(std::vector<std::string> arguments) {
    arguments.push_back(list_);
    absl::StatusOr<Command> command = Parse(arguments);
    EXPECT_TRUE(command.ok()) << command.status();
    if (!command.ok()) return {};
    EXPECT_TRUE(std::holds_alternative<ScanPlan>(*command));
    return std::get<ScanPlan>(*command);
  }

  // The message and the code with which a scan of the list is refused.
  absl::Status Refusal(std::vector<std::string> arguments) {
    const bool takes_none =
        !arguments.empty() &&
        (arguments[0] == "help" || arguments[0] == "completion");
    if (!takes_none) arguments.push_back(list_);
    return Parse(arguments).status();
  }
  std::string Usage(const std::vector<std::string>& arguments) {
    const absl::Status status = Refusal(arguments);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  }

  std::string Printed(const std::vector<std::string>& arguments) {
    absl::StatusOr<Command> command = Parse(arguments);
    if (!command.ok()) return command.status().ToString();
    if (!std::holds_alternative<PrintPlan>(*command)) return "not printed";
    return std::get<PrintPlan>(*command).text;
  }

  fs::path folder_;
  std::string list_;
  Environment environment_;
};

TEST_F(FlagsTest, DefaultsAreThoseOfTheHelp) {
  const ScanPlan plan = Scan({});
  ASSERT_EQ(plan.inputs.size(), 1u);
  EXPECT_EQ(plan.inputs[0].kind, ResolvedInput::Kind::kFile);
  EXPECT_EQ(plan.inputs[0].text, list_);
  ASSERT_EQ(plan.resolvers.size(), 1u);
  EXPECT_EQ(ToText(plan.resolvers[0]), "192.0.2.53");
  EXPECT_EQ(plan.rate, 0);
  EXPECT_EQ(plan.rate_per_resolver, 0);
  EXPECT_EQ(plan.receive_buffer, 4 << 20);
  EXPECT_EQ(plan.window, 20000);
  EXPECT_EQ(plan.cache_bytes, 0);
  EXPECT_EQ(plan.attempts_spoken, 5);
  EXPECT_EQ(plan.attempts_silent, 10);
  EXPECT_EQ(plan.timeout, std::chrono::milliseconds(1000));
  EXPECT_EQ(plan.threads, 3);
  EXPECT_TRUE(plan.ask_addresses);
  EXPECT_TRUE(plan.ask_implicit_mx);
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_EQ(plan.outputs[0].path, "-");
  EXPECT_EQ(plan.outputs[0].format.format, Format::kCsv);
  EXPECT_FALSE(plan.summary_path.has_value());
  EXPECT_EQ(plan.progress, ProgressMode::kAuto);
  EXPECT_FALSE(plan.quiet);
}

TEST_F(FlagsTest, EveryFlagReachesThePlan) {
  const ScanPlan plan = Scan({"scan",
                              "-r",
                              "127.0.0.1:5353",
                              "--rate",
                              "500",
                              "--rate-per-resolver=50",
                              "--receive-buffer=65536",
                              "--window",
                              "7",
                              "--cache-mem=1.5g",
                              "--attempts",
                              "3",
                              "--timeout=250",
                              "--threads",
                              "2",
                              "--no-addresses",
                              "--no-implicit",
                              "--no-backend",
                              "-o",
                              "-",
                              "--format",
                              "ndjson",
                              "--ordered",
                              "--summary",
                              "s.json",
                              "--progress",
                              "never",
                              "-q"});
  EXPECT_EQ(ToText(plan.resolvers.at(0)), "127.0.0.1:5353");
  EXPECT_EQ(plan.rate, 500);
  EXPECT_EQ(plan.rate_per_resolver, 50);
  EXPECT_EQ(plan.receive_buffer, 65536);
  EXPECT_EQ(plan.window, 7);
  EXPECT_EQ(plan.cache_bytes, 1'500'000'000);
  EXPECT_EQ(plan.attempts_spoken, 3);
  EXPECT_EQ(plan.attempts_silent, 3);
  EXPECT_EQ(plan.timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(plan.threads, 2);
  EXPECT_FALSE(plan.ask_addresses);
  EXPECT_FALSE(plan.ask_implicit_mx);
  EXPECT_FALSE(plan.ask_backend);
  EXPECT_EQ(plan.outputs.at(0).format.format, Format::kNdjson);
  EXPECT_TRUE(plan.ordered);
  EXPECT_EQ(plan.summary_path, "s.json");
  EXPECT_EQ(plan.progress, ProgressMode::kNever);
  EXPECT_TRUE(plan.quiet);
}

TEST_F(FlagsTest, WhatIsReadOfTheInputReachesThePlan) {
  const InputOptions none = Scan({}).reading;
  EXPECT_EQ(none.format, InputFormat::kAuto);
  EXPECT_EQ(none.shards, 1);
  EXPECT_EQ(none.limit, std::nullopt);
  EXPECT_FALSE(none.unique || none.extract_host);
  const InputOptions all =
      Scan({"--input-format", "csv", "--column", "site", "--skip", "2k",
            "--limit=5", "--shard", "3/4", "--unique", "--extract-host"})
          .reading;
  EXPECT_EQ(all.format, InputFormat::kCsv);
  EXPECT_EQ(all.column, "site");
  EXPECT_EQ(all.skip, 2000);
  EXPECT_EQ(all.limit, 5);
  EXPECT_EQ(all.shard, 3);
  EXPECT_EQ(all.shards, 4);
  EXPECT_TRUE(all.unique && all.extract_host);
}

TEST_F(FlagsTest, PartsOfTheInputThatMakeNoSenseAreRefused) {
  for (const char* wrong :
       {"4/4", "-1/4", "1", "1/", "/4", "0/0", "1/4x", "a/b", "1 / 4"}) {
    EXPECT_THAT(Usage({std::string("--shard=") + wrong}),
                HasSubstr("I from 0 to N-1"))
        << wrong;
  }
  for (const char* flag : {"--skip", "--limit"}) {
    for (const char* wrong : {"-1", "1.5", "1e9", "x", "9999999999999999"}) {
      EXPECT_THAT(Usage({std::string(flag) + "=" + wrong}),
                  HasSubstr("give a number of lines"));
    }
  }
  EXPECT_THAT(Usage({"--column=0"}), HasSubstr("its number from 1"));
  EXPECT_THAT(Usage({"--column=x", "--input-format=zone"}),
              HasSubstr("only CSV has columns"));
  EXPECT_THAT(Usage({"--input-format=xml"}),
              HasSubstr("auto, lines, csv or zone"));
}

TEST_F(FlagsTest, NumbersTakeUnits) {
  EXPECT_EQ(Scan({"--rate", "5k"}).rate, 5000);
  EXPECT_EQ(Scan({"--rate", "1.5M"}).rate, 1500000);
  EXPECT_EQ(Scan({"--rate", "0.5"}).rate, 0.5);
  EXPECT_EQ(Scan({"--window", "50k"}).window, 50000);
  EXPECT_EQ(Scan({"--window=1.5k"}).window, 1500);
}

TEST_F(FlagsTest, NumbersThatMakeNoSenseAreRefusedWithARemedy) {
  for (const char* wrong :
       {"0", "-1", "5x", "k", "abc", "1e9", "1 k", "nan", "0.0000000001"}) {
    EXPECT_THAT(Usage({std::string("--rate=") + wrong}),
                HasSubstr("such as 500, 5k"))
        << wrong;
  }
  for (const char* flag :
       {"--window", "--attempts", "--timeout", "--threads"}) {
    for (const char* wrong : {"0", "-1", "1.5", "9999999999", "x"}) {
      const std::string message = Usage({std::string(flag) + "=" + wrong});
      EXPECT_THAT(message, HasSubstr(flag));
      EXPECT_THAT(message, HasSubstr("whole number from 1 to"));
    }
  }
}

TEST_F(FlagsTest, TheLastOfAFlagGivenTwiceCounts) {
  EXPECT_EQ(Scan({"--rate", "5", "--rate", "6"}).rate, 6);
}

TEST_F(FlagsTest, UnknownFlagsAndWordsAreNamed) {
  EXPECT_THAT(Usage({"--rat", "5"}), HasSubstr("--rat"));
  EXPECT_THAT(Usage({"--format", "xml"}), HasSubstr("csv, ndjson or parquet"));
  EXPECT_THAT(Usage({"--progress", "yes"}), HasSubstr("auto, always or never"));
  EXPECT_THAT(std::string(Parse({list_, "--rate"}).status().message()),
              HasSubstr("--rate"));
}

TEST_F(FlagsTest, AnInputIsAFileOrADomainOrStandardInput) {
  absl::StatusOr<Command> command = Parse({list_, "example.net", "-"});
  ASSERT_TRUE(command.ok()) << command.status();
  const ScanPlan& plan = std::get<ScanPlan>(*command);
  ASSERT_EQ(plan.inputs.size(), 3u);
  EXPECT_EQ(plan.inputs[0].kind, ResolvedInput::Kind::kFile);
  EXPECT_EQ(plan.inputs[1].kind, ResolvedInput::Kind::kNames);
  EXPECT_EQ(plan.inputs[1].text, "example.net");
  EXPECT_EQ(plan.inputs[2].kind, ResolvedInput::Kind::kStandardInput);
}

TEST_F(FlagsTest, AnInputThatIsNeitherIsRefused) {
  for (const char* wrong :
       {"localhost", "no/such.txt", "a..b ", ".", ".com", "com.", ""}) {
    EXPECT_EQ(Parse({wrong}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << wrong;
  }
  EXPECT_THAT(std::string(Parse({folder_}).status().message()),
              HasSubstr("is a directory"));
  EXPECT_THAT(std::string(Parse({"-", "-"}).status().message()),
              HasSubstr("only once"));
}

TEST_F(FlagsTest, WithoutInputItReadsAPipeAndAsksOnATerminal) {
  EXPECT_THAT(std::string(Parse({"--no-addresses"}).status().message()),
              HasSubstr("no INPUT"));
  environment_.stdin_is_terminal = false;
  absl::StatusOr<Command> command = Parse({});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<ScanPlan>(*command).inputs.at(0).kind,
            ResolvedInput::Kind::kStandardInput);
}

TEST_F(FlagsTest, TheNameOfAnOutputSaysItsFormat) {
  const ScanPlan plan =
      Scan({"-o", "a.csv", "-o", "b.ndjson", "-o", "c.jsonl", "-o", "d", "-o",
            "e.parquet", "-o", "f.csv.gz", "--format", "ndjson"});
  ASSERT_EQ(plan.outputs.size(), 6u);
  EXPECT_EQ(plan.outputs[0].format.format, Format::kCsv);
  EXPECT_EQ(plan.outputs[1].format.format, Format::kNdjson);
  EXPECT_EQ(plan.outputs[2].format.format, Format::kNdjson);
  EXPECT_EQ(plan.outputs[3].format.format, Format::kNdjson);
  EXPECT_EQ(plan.outputs[4].format.format, Format::kParquet);
  EXPECT_EQ(plan.outputs[5].format.format, Format::kCsv);
}

TEST_F(FlagsTest, AnOutputInAFormatThatIsNotBuiltIsRefused) {
  for (const char* path : {"a.xlsx", "a.parquet.gz", "a.json.zst"}) {
    EXPECT_THAT(Usage({"-o", path}), HasSubstr(".csv, .ndjson"));
  }
}

TEST_F(FlagsTest, APathThatEndsInASlashIsADatasetOfParquet) {
  const std::string set = folder_ / "set/";
  ScanPlan plan = Scan({"-o", set});
  EXPECT_EQ(plan.outputs.at(0).format.format, Format::kParquet);
  EXPECT_EQ(plan.rows_per_part, 1'000'000);
  EXPECT_EQ(plan.layout, Layout::kNested);
  plan = Scan({"-o", folder_.string() + "/", "--format", "csv.zst",
               "--rows-per-part", "2m", "--layout", "long"});
  EXPECT_EQ(ToText(plan.outputs.at(0).format), "csv.zst");
  EXPECT_EQ(plan.rows_per_part, 2'000'000);
  EXPECT_EQ(plan.layout, Layout::kLong);
  EXPECT_THAT(Usage({"--layout", "wide"}), HasSubstr("give nested or long"));
  EXPECT_THAT(Usage({"--rows-per-part", "0"}), HasSubstr("--rows-per-part"));
  EXPECT_THAT(Usage({"--summary", set}), HasSubstr("is a directory"));
}

TEST_F(FlagsTest, MergeAndVerifyTakeDirectories) {
  const absl::StatusOr<Command> merge =
      Parse({"merge", "a/", "b/", "-o", "all/"});
  ASSERT_TRUE(merge.ok()) << merge.status();
  EXPECT_EQ(std::get<MergePlan>(*merge).directories.size(), 2u);
  EXPECT_EQ(std::get<MergePlan>(*merge).output, "all/");
  const absl::StatusOr<Command> verify = Parse({"verify", "a/"});
  ASSERT_TRUE(verify.ok()) << verify.status();
  EXPECT_EQ(std::get<VerifyPlan>(*verify).directories.front(), "a/");
  EXPECT_THAT(Parse({"merge", "a/"}).status().ToString(),
              HasSubstr("--output"));
  for (const auto& arguments :
       {std::vector<std::string>{"verify"}, {"verify", ""}}) {
    EXPECT_THAT(Parse(arguments).status().ToString(),
                HasSubstr("give the directory"));
  }
}

TEST_F(FlagsTest, NoPathIsWrittenTwiceAndNoInputIsOverwritten) {
  const std::string twice = folder_ / "twice.csv";
  EXPECT_THAT(Usage({"-o", twice, "-o", twice}), HasSubstr("--output"));
  EXPECT_THAT(Usage({"-o", twice, "--summary", twice}), HasSubstr("--summary"));
  EXPECT_THAT(Usage({"-o", list_}), HasSubstr("is an input"));
  fs::create_symlink(list_, folder_ / "link");
  EXPECT_THAT(Usage({"-o", folder_ / "link"}), HasSubstr("is an input"));
  EXPECT_THAT(Usage({"-o", folder_}), HasSubstr("is a directory"));
  EXPECT_THAT(Usage({"-o", ""}), HasSubstr("give the path"));
}

TEST_F(FlagsTest, ResolversComeFromAListAFileOrTheSystem) {
  EXPECT_EQ(Scan({"-r", "127.0.0.1,[::1]:5353"}).resolvers.size(), 2u);
  const std::string file = WriteFile("servers", "127.0.0.1\n127.0.0.2 # two\n");
  EXPECT_EQ(Scan({"-r", "@" + file}).resolvers.size(), 2u);
}

TEST_F(FlagsTest, AnEmptyValueIsNotTheDefault) {
  for (const char* flag : {"--resolvers", "--format", "--summary", "--progress",
                           "--window", "--threads"}) {
    EXPECT_THAT(Usage({flag, ""}), HasSubstr(flag));
  }
  EXPECT_THAT(Usage({"--rate="}), HasSubstr("--rate=: give a value"));
  EXPECT_FALSE(Parse({"demo", ""}).ok());
}

TEST_F(FlagsTest, WhatTheRunNeedsAndCannotHaveIsNoUsageError) {
  EXPECT_EQ(Refusal({"-r", "@no/such"}).code(), absl::StatusCode::kNotFound);
  environment_.resolv_conf = WriteFile("empty", "search example.com\n");
  const absl::Status none = Refusal({});
  EXPECT_EQ(none.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(none.message()), HasSubstr("--resolvers"));
  environment_.resolv_conf = "no/such";
  EXPECT_EQ(Refusal({}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(FlagsTest, HelpShowsWhatMostPeopleNeedAndHelpAllTheRest) {
  const std::string help = Printed({"--help"});
  for (const char* flag : {"--output", "--format", "--summary", "--resolvers",
                           "--rate", "--threads", "--quiet", "--version",
                           "--help", "mxscan demo", "Examples"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
  EXPECT_THAT(help, Not(HasSubstr("--attempts")));
  EXPECT_THAT(Printed({"--help", "all"}), HasSubstr("--attempts"));
}

TEST_F(FlagsTest, EveryFlagIsInTheHelpOfItsCommandsWithinEightyColumns) {
  for (const CommandRow& command : CommandTable()) {
    const std::string help =
        Printed({std::string(command.name), "--help", "all"});
    for (const Flag& flag : FlagTable()) {
      const bool shown =
          help.find(" " + std::string(flag.name)) != std::string::npos;
      EXPECT_EQ(shown, Takes(command, flag.name)) << help << flag.name;
    }
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
}

TEST_F(FlagsTest, BareOnATerminalPrintsTheHelp) {
  EXPECT_EQ(Printed({}), Printed({"--help"}));
  EXPECT_EQ(Printed({"scan"}), Printed({"--help"}));
}

TEST_F(FlagsTest, VersionNamesTheProgramTheLibrariesAndTheTable) {
  const std::string version = Printed({"--version"});
  EXPECT_THAT(version, ::testing::StartsWith("mxscan 0."));
  for (const char* name :
       {"libuv ", "ldns ", "xxHash ", "zlib ", "zstd ", "libidn2 ", "libpsl ",
        "CLI11 ", "toml++ ", "libmaxminddb ", "providers  ", "xxh3:"}) {
    EXPECT_THAT(version, HasSubstr(name));
  }
  EXPECT_EQ(Printed({"classify", "--version"}), version);
}

TEST_F(FlagsTest, HelpOfACommandIsHadInEveryWayPeopleTry) {
  const std::string page = Printed({"classify", "--help"});
  EXPECT_THAT(page, HasSubstr("mxscan classify"));
  EXPECT_THAT(page, Not(HasSubstr("--rate")));
  EXPECT_EQ(Printed({"help", "classify"}), page);
  EXPECT_EQ(Printed({"--help", "classify"}), page);
  EXPECT_EQ(Printed({"-h", "classify"}), page);
  EXPECT_EQ(Printed({"help"}), Printed({"--help"}));
  EXPECT_EQ(Printed({"help", "all"}), Printed({"--help", "all"}));
  EXPECT_EQ(Printed({"help", "scan", "all"}), Printed({"scan", "-h", "all"}));
  EXPECT_THAT(Usage({"help", "clasify"}), HasSubstr("did you mean classify?"));
}

TEST_F(FlagsTest, ASlipOfTheFingerIsToldWhatItMayHaveMeant) {
  EXPECT_THAT(Usage({"--resovlers", "192.0.2.1"}),
              HasSubstr("did you mean --resolvers?"));
  EXPECT_THAT(Usage({"--rsolvers=192.0.2.1"}),
              HasSubstr("did you mean --resolvers?"));
  EXPECT_THAT(Usage({"--colour"}), HasSubstr("see mxscan scan --help"));
  EXPECT_THAT(Usage({"classify", "--rate", "5"}),
              HasSubstr("no flag of mxscan classify, but of mxscan scan"));
  EXPECT_THAT(Usage({"provider"}), HasSubstr("did you mean providers?"));
  EXPECT_THAT(Usage({"-q", "classify"}), HasSubstr("a command comes first"));
  WriteFile("clasify", "example.com\n");
  EXPECT_TRUE(Parse({(folder_ / "clasify").string()}).ok());
}

TEST_F(FlagsTest, ProvidersTakesAnIdAndAForm) {
  absl::StatusOr<Command> command = Parse({"providers"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<ProvidersPlan>(*command).id, std::nullopt);
  EXPECT_EQ(std::get<ProvidersPlan>(*command).form, TableForm::kTsv);
  environment_.stdout_is_terminal = true;
  command = Parse({"providers", "x", "--providers", "t"});
  EXPECT_EQ(std::get<ProvidersPlan>(*command).id, "x");
  EXPECT_EQ(std::get<ProvidersPlan>(*command).form, std::nullopt);
  EXPECT_EQ(std::get<ProvidersPlan>(*command).data.providers, "t");
  command = Parse({"providers", "--format", "ndjson"});
  EXPECT_EQ(std::get<ProvidersPlan>(*command).form, TableForm::kNdjson);
}

TEST_F(FlagsTest, ClassifyReadsAsAScanDoes) {
  absl::StatusOr<Command> command =
      Parse({"classify", list_, "--column", "2", "--format", "ndjson", "-o",
             "a.csv.gz", "-o", "b", "--psl", "p"});
  ASSERT_TRUE(command.ok()) << command.status();
  const ClassifyPlan& plan = std::get<ClassifyPlan>(*command);
  EXPECT_EQ(plan.reading.column, "2");
  ASSERT_EQ(plan.outputs.size(), 2u);
  EXPECT_EQ(plan.outputs[0].form, TableForm::kCsv);
  EXPECT_EQ(plan.outputs[1].form, TableForm::kNdjson);
  EXPECT_EQ(plan.data.psl, "p");
  EXPECT_THAT(Usage({"classify", "--format", "parquet"}),
              HasSubstr("csv, tsv or ndjson"));
  EXPECT_THAT(Usage({"classify", "--input-format", "zone"}),
              HasSubstr("a zone file has no MX hosts"));
  EXPECT_THAT(Usage({"classify", "-o", list_}), HasSubstr("is an input"));
}

TEST_F(FlagsTest, ManualAndCompletionsNameEveryFlagAndCommand) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"man"},
                                             {"completion", "bash"},
                                             {"completion", "zsh"},
                                             {"completion", "fish"}}) {
    const std::string text = Printed(words);
    for (const Flag& flag : FlagTable()) {
      std::string name(flag.name.substr(2));
      if (words[0] == "man") name = absl::StrReplaceAll(name, {{"-", "\\-"}});
      EXPECT_THAT(text, HasSubstr(name)) << words.back();
    }
    for (const std::string_view name : CommandNames()) {
      EXPECT_THAT(text, HasSubstr(std::string(name))) << words.back();
    }
  }
  EXPECT_THAT(Usage({"completion", "tcsh"}), HasSubstr("bash, zsh or fish"));
}

TEST_F(FlagsTest, DemoTakesAFolder) {
  absl::StatusOr<Command> command = Parse({"demo"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<DemoPlan>(*command).directory, "mxscan-demo");
  EXPECT_EQ(std::get<DemoPlan>(*command).threads, 3);
  command = Parse({"demo", "out", "--threads", "2", "-q"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<DemoPlan>(*command).directory, "out");
  EXPECT_EQ(std::get<DemoPlan>(*command).threads, 2);
  EXPECT_TRUE(std::get<DemoPlan>(*command).quiet);
  EXPECT_THAT(Printed({"demo", "--help"}), HasSubstr("mxscan demo"));
  EXPECT_FALSE(Parse({"demo", "a", "b"}).ok());
}

}  // namespace
}  // namespace mxscan
