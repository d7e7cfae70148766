#include "scanner/report/report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "output/sha256.h"
#include "tests/scanner/report/sample_summary.h"

namespace mxscan {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::ordered_json;

constexpr std::string_view kScriptEnd = "</script>";

// What stands between `begin` and the `</script>` behind it, each time.
std::vector<std::string> ScriptsOf(const std::string& page,
                                   std::string_view begin) {
  std::vector<std::string> scripts;
  size_t at = page.find(begin);
  while (at != page.npos) {
    at += begin.size();
    const size_t end = page.find(kScriptEnd, at);
    scripts.push_back(page.substr(at, end - at));
    at = page.find(begin, end);
  }
  return scripts;
}

std::string DataOf(const std::string& page, const std::string& id) {
  return ScriptsOf(page, R"(<script type="application/json" id=")" + id + "\">")
      .at(0);
}

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(ReportPage, HoldsTheSummary) {
  const RunSummary summary = SampleSummary();
  const std::string page = ReportPage(summary, nullptr);
  EXPECT_EQ(Json::parse(DataOf(page, "summary-data")),
            Json::parse(ToJson(summary)));
  EXPECT_EQ(DataOf(page, "before-data"), "null");
}

TEST(ReportPage, LeavesOutWhatOnlyMergingNeeds) {
  RunSummary summary = SampleSummary();
  summary.survey.counters = {{"tld", std::string(100'000, 'x')}};
  const std::string page = ReportPage(summary, &summary);
  EXPECT_EQ(page.find("xxxxx"), std::string::npos);
}

TEST(ReportPage, HoldsWhatItIsComparedWith) {
  RunSummary before = SampleSummary();
  before.domains = 7;
  const std::string page = ReportPage(SampleSummary(), &before);
  EXPECT_EQ(Json::parse(DataOf(page, "before-data")),
            Json::parse(ToJson(before)));
}

TEST(ReportPage, LeavesNoNameOfATemplateUnfilled) {
  const std::string page = ReportPage(SampleSummary(), nullptr);
  const size_t scripts = page.find("<script>");
  EXPECT_EQ(page.substr(0, scripts).find("{{"), std::string::npos);
  EXPECT_THAT(ScriptsOf(page, "<script>"), SizeIs(8));
  EXPECT_THAT(ScriptsOf(page, "<script>"), Not(Contains(IsEmpty())));
}

TEST(ReportPage, LetsRunItsOwnScriptsByTheirSumsAndNoOther) {
  const std::string page = ReportPage(SampleSummary(), nullptr);
  const std::string policy = page.substr(0, page.find("<title>"));
  const std::vector<std::string> scripts = ScriptsOf(page, "<script>");
  for (const std::string& script : scripts) {
    Sha256 sum;
    sum.Add(script);
    EXPECT_THAT(
        policy,
        HasSubstr("'sha256-" +
                  absl::Base64Escape(absl::HexStringToBytes(sum.Finish())) +
                  "'"));
  }
  EXPECT_EQ(Count(policy, "'sha256-"), scripts.size());
  EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'sha256-"));
}

TEST(ReportPage, TextOfASummaryEndsNoElementAndFillsNoName) {
  const std::string plain = ReportPage(SampleSummary(), nullptr);
  RunSummary hostile = SampleSummary();
  hostile.providers[0].name =
      "</script><script>alert(1)</script><!--<script>{{library}}\xE2\x80\xA8";
  RunSummary::Resolver& resolver = hostile.resolvers.emplace_back();
  resolver.address = "</SCRIPT >";
  resolver.notes = {"<!--"};
  const std::string page = ReportPage(hostile, &hostile);
  EXPECT_EQ(Count(page, kScriptEnd), Count(plain, kScriptEnd));
  EXPECT_EQ(Count(page, "<!--"), Count(plain, "<!--"));
  EXPECT_THAT(DataOf(page, "summary-data"), Not(HasSubstr("<")));
  EXPECT_EQ(Json::parse(DataOf(page, "summary-data")),
            Json::parse(ToJson(hostile)));
}

// A script of ours that held it would end where it stands.
TEST(ReportPage, ItsOwnScriptsEndWhereTheyShould) {
  for (const std::string& script :
       ScriptsOf(ReportPage(SampleSummary(), nullptr), "<script>")) {
    EXPECT_EQ(Count(script, "</script"), 0);
    EXPECT_EQ(Count(script, "<!--"), 0);
  }
}

}  // namespace
}  // namespace mxscan
