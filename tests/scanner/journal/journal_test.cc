#include "scanner/journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Resume = Journal::Resume;

const RunIdentity kIdentity{{{"--skip", "0"}, {"--limit", "not given"}}};

// Row number `row` of a run: the output has ten octets for each.
JournalState EntryOf(int row) {
  JournalState entry;
  entry.marks = {{std::to_string(10 * (row + 1)), {std::string(1, '\0')}},
                 {"second", {}}};
  entry.places = std::to_string(row + 1);
  entry.rows.AddRows(DomainStatus::kOk, 1);
  entry.rows.survey().counts(Survey::Table::kTld).Add("com");
  entry.run.emplace();
  entry.run->queries.sent = row;
  return entry;
}

// What a journal comes to, as text to be compared.
std::string TextOf(const JournalState& state) {
  std::string text = state.complete ? "complete " : "";
  text += state.places + " of " + std::to_string(state.rows.rows());
  for (const DurableMark& mark : state.marks) {
    text += " | " + mark.state + " " + std::to_string(mark.added.size());
  }
  for (const RunSummary& run : state.earlier) {
    text += " | earlier " + std::to_string(run.queries.sent);
  }
  if (state.run) text += " | run " + std::to_string(state.run->queries.sent);
  return text;
}

std::unique_ptr<Journal> MustOpen(const std::string& path, Resume resume) {
  auto journal = Journal::Open(path, kIdentity, resume);
  EXPECT_TRUE(journal.ok()) << journal.status();
  return journal.ok() ? *std::move(journal) : nullptr;
}

// A journal of `entries`, left as a killed run leaves it.
void LeaveJournal(const std::string& path, int entries) {
  const auto journal = MustOpen(path, Resume::kYes);
  for (int row = 0; row < entries; ++row) {
    ASSERT_TRUE(journal->Append(EntryOf(row)).ok());
  }
}

TEST(Journal, SaysToTheNextRunWhatThisOneSaidLast) {
  const TempDir dir;
  LeaveJournal(dir / "j", 3);
  const auto journal = MustOpen(dir / "j", Resume::kYes);
  EXPECT_TRUE(journal->resumed());
  EXPECT_EQ(TextOf(journal->state()), "3 of 3 | 30 3 | second 0 | earlier 2");
  EXPECT_EQ(journal->state().marks[0].added[0], std::string(1, '\0'));
}

TEST(Journal, GoesOnThroughManyRuns) {
  const TempDir dir;
  for (int run = 0; run < 4; ++run) {
    const auto journal = MustOpen(dir / "j", Resume::kYes);
    ASSERT_TRUE(journal->Append(EntryOf(run)).ok());
  }
  const auto journal = MustOpen(dir / "j", Resume::kYes);
  EXPECT_EQ(TextOf(journal->state()),
            "4 of 4 | 40 4 | second 0 | earlier 0 | earlier 1 | earlier 2 | "
            "earlier 3");
}

TEST(Journal, WithoutACheckpointLeavesNothing) {
  const TempDir dir;
  LeaveJournal(dir / "j", 0);
  EXPECT_FALSE(std::filesystem::exists(dir / "j"));
}

TEST(Journal, OfARunThatBeganStaysThoughItSaysNothingYet) {
  const TempDir dir;
  MustOpen(dir / "j", Resume::kYes)->Begin();
  EXPECT_TRUE(std::filesystem::exists(dir / "j"));
  const auto journal = MustOpen(dir / "j", Resume::kNo);
  EXPECT_FALSE(journal->resumed());
}

TEST(Journal, DoesNotLetAnInterruptedRunBeOverwritten) {
  const TempDir dir;
  LeaveJournal(dir / "j", 2);
  const auto refused = Journal::Open(dir / "j", kIdentity, Resume::kNo);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(
      refused.status().ToString(),
      AllOf(HasSubstr("2 rows"), HasSubstr("--resume"), HasSubstr(dir / "j")));
  EXPECT_TRUE(MustOpen(dir / "j", Resume::kYes)->resumed());
}

TEST(Journal, SaysWhatDiffersFromTheRunThatWasInterrupted) {
  const TempDir dir;
  LeaveJournal(dir / "j", 1);
  RunIdentity other = kIdentity;
  other.facts[1].second = "5";
  const auto refused = Journal::Open(dir / "j", other, Resume::kYes);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.status().ToString(),
              HasSubstr("--limit was not given and is 5"));
  other.facts.pop_back();
  EXPECT_FALSE(Journal::Open(dir / "j", other, Resume::kYes).ok());
}

TEST(Journal, IsForOneRunAtATime) {
  const TempDir dir;
  const auto journal = MustOpen(dir / "j", Resume::kYes);
  ASSERT_TRUE(journal->Append(EntryOf(0)).ok());
  EXPECT_THAT(
      Journal::Open(dir / "j", kIdentity, Resume::kYes).status().ToString(),
      HasSubstr("another process"));
}

TEST(Journal, GoesWhenAllIsDoneOrStaysToSaySo) {
  const TempDir dir;
  {
    const auto journal = MustOpen(dir / "j", Resume::kYes);
    ASSERT_TRUE(journal->Append(EntryOf(0)).ok());
    ASSERT_TRUE(journal->Complete(/*kept=*/true).ok());
  }
  EXPECT_TRUE(MustOpen(dir / "j", Resume::kYes)->state().complete);
  {
    const auto journal = MustOpen(dir / "j", Resume::kNo);  // Anew.
    EXPECT_FALSE(journal->state().complete);
    ASSERT_TRUE(journal->Append(EntryOf(0)).ok());
    ASSERT_TRUE(journal->Complete(/*kept=*/false).ok());
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "j"));
}

TEST(Journal, LeavesAFileAloneThatIsNone) {
  const TempDir dir;
  for (const char* text : {"\n", "a letter\nto a friend\n", "{}"}) {
    std::ofstream(dir / "j") << text;
    for (const Resume resume : {Resume::kNo, Resume::kYes}) {
      const auto refused = Journal::Open(dir / "j", kIdentity, resume);
      EXPECT_EQ(refused.status().code(), absl::StatusCode::kDataLoss);
    }
    EXPECT_EQ(ReadFile(dir / "j"), text);
  }
}

TEST(Journal, StaysShortHoweverOftenItIsWrittenTo) {
  const TempDir dir;
  JournalState entry = EntryOf(0);
  entry.places.assign(200'000, '1');
  for (size_t i = 1; i < entry.places.size(); i += 2) entry.places[i] = ' ';
  entry.places.back() = '1';
  const auto journal = MustOpen(dir / "j", Resume::kYes);
  uintmax_t longest = 0;
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(journal->Append(entry).ok());
    longest = std::max(longest, std::filesystem::file_size(dir / "j"));
  }
  EXPECT_LT(longest, uintmax_t{5} << 20);
  EXPECT_EQ(journal->state().rows.rows(), 60);
}

// Every state that a run has been in; a journal that says any other is wrong.
struct Example {
  std::string text;
  std::vector<std::string> states;  // The first one is before any checkpoint.
};

// `begun`: an earlier run left two entries; the journal has been rewritten.
Example MakeExample(bool begun) {
  const TempDir dir;
  Example example;
  if (begun) LeaveJournal(dir / "j", 2);
  const auto journal = MustOpen(dir / "j", Resume::kYes);
  example.states.push_back(TextOf(journal->state()));
  for (int row = begun ? 2 : 0; row < 5; ++row) {
    EXPECT_TRUE(journal->Append(EntryOf(row)).ok());
    example.states.push_back(TextOf(journal->state()));
  }
  example.text = ReadFile(dir / "j");
  return example;
}

class DamagedJournal : public ::testing::TestWithParam<bool> {
 protected:
  // Which state `text` comes to, -1 if it is refused. Fails on any other.
  int StateOf(std::string_view text) {
    const auto content = ReadJournal(text);
    if (!content.ok()) return -1;
    const std::string state = TextOf(content->state);
    for (size_t i = 0; i < example_.states.size(); ++i) {
      if (state == example_.states[i]) return static_cast<int>(i);
    }
    ADD_FAILURE() << "a state that never was: " << state;
    return -1;
  }

  const Example example_ = MakeExample(GetParam());
};

TEST_P(DamagedJournal, CutAnywhereIsAnEarlierStateOrRefused) {
  const std::string& text = example_.text;
  int last = -1;
  for (size_t size = 0; size <= text.size(); ++size) {
    const int state = StateOf(std::string_view(text).substr(0, size));
    EXPECT_GE(state, last) << size;  // More of a journal says no less.
    last = state;
  }
  EXPECT_EQ(last, static_cast<int>(example_.states.size()) - 1);
}

TEST_P(DamagedJournal, ChangedAnywhereIsAnEarlierStateOrRefused) {
  std::string text = example_.text;
  const int whole = StateOf(text);
  for (size_t i = 0; i < text.size(); ++i) {
    const char was = text[i];
    for (const char is : {static_cast<char>(was ^ 1),
                          static_cast<char>(was ^ 0x80), '\n', '\0', '9'}) {
      if (is == was) continue;
      text[i] = is;
      EXPECT_LT(StateOf(text), whole) << i;
    }
    text[i] = was;
  }
}

TEST_P(DamagedJournal, WithALineLostDoubledOrMovedIsAnEarlierState) {
  std::vector<std::string> lines;
  std::string_view rest = example_.text;
  while (!rest.empty()) {
    const size_t end = rest.find('\n') + 1;
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  const auto joined = [](const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += part;
    return text;
  };
  const int whole = StateOf(joined(lines));
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    std::vector<std::string> lost = lines;
    lost.erase(lost.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_LT(StateOf(joined(lost)), whole);
    std::vector<std::string> doubled = lines;
    doubled.insert(doubled.begin() + static_cast<ptrdiff_t>(i), lines[i]);
    EXPECT_LT(StateOf(joined(doubled)), whole);
    std::vector<std::string> moved = lines;
    std::swap(moved[i], moved[i + 1]);
    EXPECT_LT(StateOf(joined(moved)), whole);
  }
}

INSTANTIATE_TEST_SUITE_P(NewAndRewritten, DamagedJournal, ::testing::Bool());

}  // namespace
}  // namespace mxscan
