#include "output/sarif_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "output/open_sink.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::MatchesRegex;
using Json = nlohmann::ordered_json;

constexpr FileFormat kSarif = {Format::kSarif};

std::vector<FindingRule> Rules() {
  return {{.id = "single_mx",
           .severity = "warning",
           .meaning = "There is one. With {two} it is better.",
           .remedy = "Add another.",
           .reference = "RFC 5321 §5.1",
           .help_uri = "https://www.rfc-editor.org/rfc/rfc5321#section-5.1",
           .group = "mx"},
          {.id = "null_mx",
           .severity = "",
           .meaning = "No mail.",
           .remedy = "Nothing.",
           .reference = "the provider's documentation",
           .help_uri = "",
           .group = "mx"}};
}

FindingRecord SingleMx(std::string_view subject) {
  FindingRecord finding;
  finding.id = "single_mx";
  finding.severity = "warning";
  finding.subject = subject;
  finding.message = "It is the only exchange.";
  return finding;
}

Record RowWith(std::span<const FindingRecord> findings) {
  Record record;
  record.line = 7;
  record.domain = "example.com";
  record.finding_rows = findings;
  return record;
}

Json SarifOf(const std::vector<Record>& records,
             const std::string& input_file = "") {
  MemoryBytes::Log log;
  SarifSink sink(
      std::make_unique<MemoryBytes>(log),
      {.version = "1.2", .rules = Rules(), .input_file = input_file});
  EXPECT_TRUE(sink.Write(records).ok());
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_TRUE(log.closed);
  return Json::parse(log.text());
}

Json ResultOf(const Record& record, const std::string& input_file = "") {
  return SarifOf({record}, input_file)["runs"][0]["results"][0];
}

TEST(SarifSink, IsOneRunOfOneToolWhateverThereIs) {
  const Json empty = SarifOf({RowWith({})});
  EXPECT_EQ(empty["version"], "2.1.0");
  ASSERT_EQ(empty["runs"].size(), 1u);
  EXPECT_EQ(empty["runs"][0]["tool"]["driver"]["name"], "mxscan");
  EXPECT_EQ(empty["runs"][0]["tool"]["driver"]["version"], "1.2");
  EXPECT_EQ(empty["runs"][0]["results"], Json::array());
  EXPECT_EQ(empty["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

TEST(SarifSink, DescribesEveryKindOfFindingAsARule) {
  const Json rules = SarifOf({})["runs"][0]["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].dump(),
            R"({"id":"single_mx","shortDescription":{"text":"There is one."},)"
            R"("fullDescription":{"text":"There is one. With {{two}} it is )"
            R"(better."},"help":{"text":"Add another. See RFC 5321 §5.1."},)"
            R"("helpUri":"https://www.rfc-editor.org/rfc/rfc5321#section-5.1",)"
            R"("defaultConfiguration":{"level":"warning"},"properties":)"
            R"({"tags":["mx"],"reference":"RFC 5321 §5.1"}})");
  EXPECT_FALSE(rules[1].contains("helpUri"));
  EXPECT_EQ(rules[1]["defaultConfiguration"].dump(),
            R"({"level":"none","enabled":false})");
}

TEST(SarifSink, SaysOfAFindingWhichRuleWhereAndHowSevere) {
  FindingRecord finding = SingleMx("mx.example.com");
  finding.detail = "1";
  const Json result = ResultOf(RowWith({&finding, 1}), "lists/may 1.txt");
  EXPECT_EQ(result["ruleId"], "single_mx");
  EXPECT_EQ(result["ruleIndex"], 0);
  EXPECT_EQ(result["level"], "warning");
  EXPECT_EQ(result["message"]["text"], "It is the only exchange.");
  ASSERT_EQ(result["locations"].size(), 1u);
  EXPECT_EQ(result["locations"][0].dump(),
            R"({"physicalLocation":{"artifactLocation":{"uri":)"
            R"("lists/may%201.txt"},"region":{"startLine":7}},)"
            R"("logicalLocations":[{"kind":"domain","fullyQualifiedName":)"
            R"("example.com"},{"kind":"subject","fullyQualifiedName":)"
            R"("mx.example.com"}]})");
  EXPECT_EQ(result["properties"].dump(),
            R"({"domain":"example.com","subject":"mx.example.com",)"
            R"("detail":"1"})");
}

TEST(SarifSink, NamesTheFileOfARowBeforeThatOfTheRun) {
  const FindingRecord finding = SingleMx("example.com");
  Record record = RowWith({&finding, 1});
  const auto uri = [&record](const std::string& input_file) {
    const Json result = ResultOf(record, input_file);
    const Json& where = result["locations"][0];
    if (!where.contains("physicalLocation")) return std::string("none");
    return where["physicalLocation"]["artifactLocation"]["uri"]
        .get<std::string>();
  };
  EXPECT_EQ(uri(""), "none");
  EXPECT_EQ(uri("/a/b.txt"), "file:///a/b.txt");
  EXPECT_EQ(uri("a:\xFF%"), "a%3A%FF%25");
  record.input_file = "other.csv";
  EXPECT_EQ(uri("/a/b.txt"), "other.csv");
  EXPECT_EQ(ResultOf(record)["locations"][0]["logicalLocations"].size(), 1u);
}

TEST(SarifSink, KnowsAFindingAgainButTakesNoTwoForOne) {
  FindingRecord findings[] = {SingleMx("a"), SingleMx("b"), SingleMx("a")};
  findings[2].detail = "b";
  std::vector<std::string> prints;
  const Json sarif = SarifOf({RowWith(findings)});
  for (const Json& result : sarif["runs"][0]["results"]) {
    prints.push_back(result["partialFingerprints"]["mxscanFinding/v1"]);
  }
  EXPECT_THAT(prints, Each(MatchesRegex("[0-9a-f]{16}")));
  std::ranges::sort(prints);
  EXPECT_EQ(std::ranges::adjacent_find(prints), prints.end());
  EXPECT_EQ(SarifOf({RowWith(findings)}), SarifOf({RowWith(findings)}));
}

TEST(SarifSink, SurvivesWhateverOctetsANameHas) {
  std::string every = "{0} }{ [x](1) \"\\";
  for (int octet = 0; octet < 256; ++octet) every += static_cast<char>(octet);
  FindingRecord finding = SingleMx(every);
  finding.message = every;
  finding.detail = every;
  const Json result = ResultOf(RowWith({&finding, 1}), every);
  const std::string message = result["message"]["text"];
  EXPECT_THAT(message, ::testing::StartsWith("{{0}} }}{{ [x](1) \"\\"));
  EXPECT_EQ(result["properties"]["subject"], result["properties"]["detail"]);
}

TEST(SarifSink, LeavesOutTheIndexOfARuleThatItDoesNotHave) {
  FindingRecord finding = SingleMx("a");
  finding.id = "other";
  EXPECT_FALSE(ResultOf(RowWith({&finding, 1})).contains("ruleIndex"));
}

SinkOptions OptionsWithRules() {
  SinkOptions options;
  options.resumable = true;
  options.finding_rules = Rules();
  return options;
}

std::vector<std::string> SubjectsIn(const std::string& path) {
  std::vector<std::string> subjects;
  const Json sarif = Json::parse(ReadFile(path));
  for (const Json& result : sarif["runs"][0]["results"]) {
    subjects.push_back(result["properties"]["subject"]);
  }
  return subjects;
}

// Writes a finding about each of `subjects` behind `mark` (or from the
// beginning), and as much after the mark that it adds.
void GoOn(const std::string& path, const std::vector<std::string>& subjects,
          bool suspended, std::optional<DurableMark>& mark) {
  auto sink = mark ? ReopenSink(path, kSarif, OptionsWithRules(), *mark)
                   : OpenSink(path, kSarif, OptionsWithRules());
  ASSERT_TRUE(sink.ok()) << sink.status();
  for (const std::string& subject : subjects) {
    const FindingRecord finding = SingleMx(subject);
    const Record row = RowWith({&finding, 1});
    ASSERT_TRUE((*sink)->Write({&row, 1}).ok());
  }
  if (!mark) mark.emplace();
  mark->Append(*(*sink)->Checkpoint());
  if (!suspended) return;
  const FindingRecord lost = SingleMx("lost");
  const Record lost_row = RowWith({&lost, 1});
  ASSERT_TRUE((*sink)->Write({&lost_row, 1}).ok());
  ASSERT_TRUE((*sink)->Suspend().ok());
}

TEST(SarifSink, IsWholeWhenARunStopsAndGoesOnBehindItsMark) {
  const TempDir dir;
  const std::string path = dir / "findings.sarif";
  std::optional<DurableMark> mark;
  GoOn(path, {}, /*suspended=*/true, mark);  // Nothing found so far.
  EXPECT_THAT(SubjectsIn(path), ElementsAre("lost"));
  EXPECT_EQ(Json::parse(ReadFile(
                path))["runs"][0]["invocations"][0]["executionSuccessful"],
            false);
  GoOn(path, {"a", "b"}, /*suspended=*/false, mark);  // As if killed.
  EXPECT_FALSE(std::filesystem::exists(path));
  GoOn(path, {"c"}, /*suspended=*/true, mark);
  EXPECT_THAT(SubjectsIn(path), ElementsAre("a", "b", "c", "lost"));
  auto sink = ReopenSink(path, kSarif, OptionsWithRules(), *mark);
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE((*sink)->Finish().ok());
  EXPECT_THAT(SubjectsIn(path), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ReadFile(path), EndsWith("}]}]}\n"));
}

}  // namespace
}  // namespace mxscan
