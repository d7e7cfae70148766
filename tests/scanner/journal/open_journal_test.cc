#include "scanner/journal/open_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "scanner/journal/resumable.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using Kind = ResolvedInput::Kind;

class OpenJournal : public ::testing::Test {
 protected:
  OpenJournal() {
    std::ofstream(list_) << "example.com\nexample.net\n";
    plan_.inputs = {{Kind::kFile, list_}};
    plan_.outputs = {{rows_, Format::kCsv}};
    plan_.resume = true;
  }

  // Leaves what a run of plan_ leaves that was killed.
  void Interrupt() {
    const auto journal = OpenJournalOf(plan_, "table");
    ASSERT_TRUE(journal.ok()) << journal.status();
    std::ofstream(rows_) << "row\n";
    JournalState entry;
    entry.marks = {{"4 0000000000000000", {}}};
    entry.places = "1";
    ASSERT_TRUE((*journal)->Append(entry).ok());
  }

  // Why the run of `plan` would not go on; empty when it does.
  std::string Refusal(const ScanPlan& plan,
                      const std::string& table = "table") {
    const auto journal = OpenJournalOf(plan, table);
    if (!journal.ok()) return std::string(journal.status().message());
    return (*journal)->resumed() ? "" : "begun anew";
  }

  const TempDir dir_;
  const std::string list_ = dir_ / "list.txt";
  const std::string rows_ = dir_ / "rows.csv";
  ScanPlan plan_;
};

TEST_F(OpenJournal, GoesOnWithTheSameRunWhateverItsPace) {
  Interrupt();
  plan_.threads = 7;
  plan_.window = 3;
  plan_.rate = 5;
  plan_.quiet = true;
  EXPECT_EQ(Refusal(plan_), "");
}

TEST_F(OpenJournal, NamesEveryFlagThatShapesRowsAndIsNotWhatItWas) {
  Interrupt();
  struct Change {
    const char* named;
    std::function<void(ScanPlan&)> make;
  };
  const Change changes[] = {
      {"--input-format", [](auto& p) { p.reading.format = InputFormat::kCsv; }},
      {"--column", [](auto& p) { p.reading.column = "2"; }},
      {"--skip was 0 and is 1", [](auto& p) { p.reading.skip = 1; }},
      {"--limit was not given and is 1", [](auto& p) { p.reading.limit = 1; }},
      {"--shard was 0/1 and is 1/2",
       [](auto& p) { p.reading.shard = 1, p.reading.shards = 2; }},
      {"--unique", [](auto& p) { p.reading.unique = true; }},
      {"--extract-host", [](auto& p) { p.reading.extract_host = true; }},
      {"--ordered", [](auto& p) { p.ordered = true; }},
      {"--bloom", [](auto& p) { p.bloom_filter = true; }},
      {"--checks was mx and is mx,tls-rpt",
       [](auto& p) { p.checks.Add(CheckGroup::kTlsRpt); }},
      {"--no-addresses", [](auto& p) { p.ask_addresses = false; }},
      {"--no-implicit", [](auto& p) { p.ask_implicit_mx = false; }},
      {"--no-backend", [](auto& p) { p.ask_backend = false; }},
      {"the list of outputs",
       [](auto& p) {
         p.outputs.push_back({"more.csv", Format::kCsv});
       }},
      {"the list of inputs",
       [](auto& p) {
         p.inputs.push_back({Kind::kNames, "example.org"});
       }},
  };
  for (const Change& change : changes) {
    ScanPlan plan = plan_;
    change.make(plan);
    EXPECT_THAT(Refusal(plan), HasSubstr(change.named));
  }
  EXPECT_THAT(Refusal(plan_, "another"), HasSubstr("the table of providers"));
  EXPECT_EQ(Refusal(plan_), "");
}

TEST_F(OpenJournal, NamesAnInputThatWasChanged) {
  Interrupt();
  const auto changed_at = std::filesystem::last_write_time(list_);
  std::ofstream(list_) << "example.com\nexample.org\n";
  std::filesystem::last_write_time(list_, changed_at);
  EXPECT_THAT(Refusal(plan_), HasSubstr("the content of " + list_));
  std::ofstream(list_, std::ios::app) << "example.info\n";
  EXPECT_THAT(Refusal(plan_), HasSubstr("the size of " + list_));
  std::ofstream(list_) << "example.com\nexample.net\n";
  std::filesystem::last_write_time(list_, changed_at + std::chrono::seconds(1));
  EXPECT_THAT(Refusal(plan_), HasSubstr("the time of the last change of"));
  std::filesystem::last_write_time(list_, changed_at);
  EXPECT_EQ(Refusal(plan_), "");
}

TEST_F(OpenJournal, BeginsWhereNothingIsThere) {
  EXPECT_EQ(Refusal(plan_), "begun anew");
  std::ofstream(rows_) << "";
  EXPECT_EQ(Refusal(plan_), "begun anew");
}

TEST_F(OpenJournal, DoesNotTakeRowsWithoutAJournalForAnInterruptedRun) {
  std::ofstream(rows_) << "row\n";
  EXPECT_THAT(Refusal(plan_), HasSubstr("there is no journal of its run"));
  plan_.resume = false;
  EXPECT_EQ(Refusal(plan_), "begun anew");
}

TEST_F(OpenJournal, KnowsACompleteRunAsLongAsItsOutputIsThere) {
  {
    const auto journal = OpenJournalOf(plan_, "table");
    ASSERT_TRUE((*journal)->Complete(/*kept=*/true).ok());
    std::ofstream(rows_) << "row\n";
  }
  EXPECT_TRUE((*OpenJournalOf(plan_, "table"))->state().complete);
  std::filesystem::remove(rows_);
  EXPECT_FALSE((*OpenJournalOf(plan_, "table"))->state().complete);
}

TEST_F(OpenJournal, IsNoneForARunThatCannotBeGoneOnWith) {
  Interrupt();
  plan_.resume = false;
  plan_.inputs = {{Kind::kStandardInput, "-"}};
  EXPECT_THAT(OpenJournalOf(plan_, "table").status().ToString(),
              HasSubstr("an interrupted run"));
  std::filesystem::remove(rows_ + ".journal");
  const auto journal = OpenJournalOf(plan_, "table");
  ASSERT_TRUE(journal.ok());
  EXPECT_EQ(*journal, nullptr);
}

TEST_F(OpenJournal, IsNoneWhereItCannotBeWritten) {
  plan_.resume = false;
  plan_.outputs = {{dir_ / "none/rows.csv", Format::kCsv}};
  EXPECT_EQ(*OpenJournalOf(plan_, "table"), nullptr);
  plan_.resume = true;
  EXPECT_FALSE(OpenJournalOf(plan_, "table").ok());
}

TEST_F(OpenJournal, ResumableAreFilesToFiles) {
  EXPECT_EQ(WhyNotResumable(plan_), std::nullopt);
  ScanPlan piped = plan_;
  piped.inputs = {{Kind::kStandardInput, "-"}};
  EXPECT_THAT(*WhyNotResumable(piped), HasSubstr("standard input"));
  ASSERT_EQ(mkfifo((dir_ / "fifo").c_str(), 0600), 0);
  piped.inputs = {{Kind::kFile, dir_ / "fifo"}};
  EXPECT_THAT(*WhyNotResumable(piped), HasSubstr("is a pipe"));
  ScanPlan shown = plan_;
  shown.outputs = {{"-", Format::kCsv}};
  EXPECT_THAT(*WhyNotResumable(shown), HasSubstr("standard output"));
  shown.outputs = {{rows_, Format::kCsv}, {"/dev/null", Format::kCsv}};
  EXPECT_THAT(*WhyNotResumable(shown), HasSubstr("/dev/null"));
  EXPECT_EQ(JournalPathOf(plan_), rows_ + ".journal");
}

}  // namespace
}  // namespace mxscan
