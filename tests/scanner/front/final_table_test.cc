#include "scanner/screen/final_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"

namespace mxscan {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

RunSummary LargeRun() {
  RunSummary run;
  run.elapsed_s = 100;
  run.input.rows = 500'000;
  run.by_status = {{"ok", 400'000},     {"null_mx", 0},
                   {"no_mail", 20'000}, {"nxdomain", 79'950},
                   {"timeout", 30},     {"invalid_input", 20}};
  run.domains_with_mail = 400'000;
  run.providers = {{"microsoft365", "Microsoft 365", "mailbox", 90'000},
                   {"google_workspace", "Google", "mailbox", 120'000},
                   {"unattributed", "", "", 190'000}};
  run.queries.sent = 1'000'000;
  run.queries.retried = 12'300;
  run.queries_per_s = 10'000;
  return run;
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n');
}

TEST(FinalTable, SaysWhatTheRowsCameToAndWhatItTook) {
  EXPECT_EQ(FormatFinalTable(LargeRun(), 80, /*colours=*/false),
            "status              domains    share\n"
            "ok                  400,000    80.0%\n"
            "nxdomain             79,950    16.0%\n"
            "no_mail              20,000     4.0%\n"
            "timeout                  30    <0.1%\n"
            "invalid_input            20    <0.1%\n"
            "\n"
            "provider            domains  of mail\n"
            "unattributed        190,000    47.5%\n"
            "google_workspace    120,000    30.0%\n"
            "microsoft365         90,000    22.5%\n"
            "\n"
            "queries           1,000,000  10.0k/s\n"
            "sent again           12,300     1.2%\n"
            "rows                500,000  5.00k/s\n"
            "time                  1m40s\n");
}

TEST(FinalTable, AddsUpTheProvidersThatItDoesNotName) {
  RunSummary run = LargeRun();
  for (int i = 0; i < 15; ++i) {
    run.providers.push_back({"small" + std::to_string(i), "", "", 10});
  }
  const std::string table = FormatFinalTable(run, 80, /*colours=*/false);
  EXPECT_THAT(table, HasSubstr("\nsmall6                   10    <0.1%\n"
                               "8 others                 80    <0.1%\n"));
}

TEST(FinalTable, IsNeverWiderThanTheTerminal) {
  RunSummary run = LargeRun();
  run.providers[0].id = "a_provider_with_a_very_long_name_indeed";
  run.queries.tcp = 1;
  for (const int columns : {40, 60, 80, 200}) {
    for (const std::string& line : Lines(FormatFinalTable(run, columns, 0))) {
      EXPECT_LE(line.size(), static_cast<size_t>(columns)) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
  EXPECT_THAT(FormatFinalTable(run, 40, false),
              HasSubstr("a_provider_with_a_..     90,000    22.5%\n"));
}

TEST(FinalTable, OfARunWithoutRowsIsOnlyWhatItTook) {
  EXPECT_EQ(FormatFinalTable(RunSummary(), 40, /*colours=*/false),
            "status      domains  share\n"
            "\n"
            "queries           0    0/s\n"
            "sent again        0     0%\n"
            "rows              0    0/s\n"
            "time           0.0s\n");
}

TEST(FinalTable, ColoursHeadsAndWhatNobodyCouldTell) {
  const std::string table = FormatFinalTable(LargeRun(), 80, /*colours=*/true);
  EXPECT_THAT(Lines(table)[0], EndsWith("share\x1b[0m"));
  EXPECT_THAT(table, HasSubstr("\x1b[33mtimeout "));
  EXPECT_THAT(table, Not(HasSubstr("mnxdomain")));
}

}  // namespace
}  // namespace mxscan
