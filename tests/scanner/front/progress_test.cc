#include "scanner/screen/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "scanner/screen/run_log.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

ProgressSnapshot HalfWay() {
  ProgressSnapshot snapshot;
  snapshot.elapsed = seconds(100);
  snapshot.lines_done = 500'000;
  snapshot.lines_total = 1'000'000;
  snapshot.lines_per_second = 5000;
  snapshot.in_flight = 19'876;
  snapshot.sent = 1'000'000;
  snapshot.retried = 12'300;
  snapshot.statuses = {{"ok", 400'000},
                       {"null_mx", 0},
                       {"no_mail", 20'000},
                       {"nxdomain", 79'980},
                       {"timeout", 20}};
  return snapshot;
}

TEST(FormatStatusLine, SaysHowFarHowFastAndHowLongStill) {
  EXPECT_EQ(FormatStatusLine(HalfWay(), 200),
            "500k/1.00M 50.0%  5.00k/s  mean 5.00k/s  ETA 1m40s  "
            "19.9k in flight  re-sent 1.2%  ok 80.0%  nxdomain 16.0%  "
            "no_mail 4.0%  timeout <0.1%");
}

TEST(FormatStatusLine, LeavesOutWhatMattersLeastWhereNotAllFits) {
  EXPECT_EQ(FormatStatusLine(HalfWay(), 79),
            "500k/1.00M 50.0%  5.00k/s  ETA 1m40s  19.9k in flight  "
            "re-sent 1.2%  ok 80.0%");
  EXPECT_EQ(FormatStatusLine(HalfWay(), 59),
            "500k/1.00M 50.0%  5.00k/s  ETA 1m40s  19.9k in flight");
  EXPECT_EQ(FormatStatusLine(HalfWay(), 39),
            "500k/1.00M 50.0%  5.00k/s  ETA 1m40s");
}

TEST(FormatStatusLine, FitsAnyWidthInEveryStage) {
  ProgressSnapshot at_the_end = HalfWay();
  at_the_end.tail = {12'345, seconds(100), /*interrupted=*/true};
  for (const ProgressSnapshot& snapshot : {HalfWay(), at_the_end}) {
    for (int columns = 20; columns < 200; ++columns) {
      EXPECT_LE(FormatStatusLine(snapshot, columns).size(),
                static_cast<size_t>(columns));
    }
  }
}

ProgressSnapshot Waiting(int64_t domains, std::optional<milliseconds> at_most) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.tail = {domains, at_most};
  return snapshot;
}

TEST(FormatStatusLine, AtTheEndSaysWhomItWaitsForAndHowLongAtMost) {
  EXPECT_EQ(FormatStatusLine(Waiting(12, milliseconds(13'001)), 60),
            "waiting for 12 domains, at most 14 s more  500k/1.00M 50.0%");
  EXPECT_THAT(FormatStatusLine(Waiting(1, milliseconds(3)), 60),
              StartsWith("waiting for 1 domain, at most 1 s more  "));
  EXPECT_THAT(FormatStatusLine(Waiting(2, seconds(61)), 60),
              StartsWith("waiting for 2 domains, at most 1m01s more"));
  EXPECT_THAT(FormatStatusLine(Waiting(2, std::nullopt), 60),
              StartsWith("waiting for 2 domains  500k"));
  EXPECT_EQ(FormatStatusLine(Waiting(1234, milliseconds(14'000)), 39),
            "waiting for 1.23k, at most 14 s more");
}

TEST(FormatStatusLine, SaysWhenASignalIsWhyNothingIsBegun) {
  ProgressSnapshot snapshot = Waiting(12, seconds(5));
  snapshot.tail->interrupted = true;
  EXPECT_THAT(
      FormatStatusLine(snapshot, 79),
      StartsWith("interrupted; waiting for 12 domains, at most 5 s more  "));
}

TEST(FormatStatusLine, ColoursTakeNoRoom) {
  for (const int columns : {39, 59, 79, 199}) {
    std::string text = FormatStatusLine(HalfWay(), columns, /*colours=*/true);
    EXPECT_THAT(text, HasSubstr("\x1b[1m500k/1.00M 50.0%\x1b[0m  "));
    for (size_t at; (at = text.find('\x1b')) != std::string::npos;) {
      text.erase(at, text.find('m', at) + 1 - at);
    }
    EXPECT_EQ(text, FormatStatusLine(HalfWay(), columns));
  }
}

TEST(FormatStatusLine, WithoutATotalPromisesNoEnd) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.lines_total.reset();
  EXPECT_THAT(FormatStatusLine(snapshot, 200), StartsWith("500k done  5.00k"));
  EXPECT_THAT(FormatStatusLine(snapshot, 200), Not(HasSubstr("ETA")));
}

TEST(FormatStatusLine, BeginsWithThatNoResolverAnswers) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.unanswered_for = seconds(75);
  EXPECT_THAT(FormatStatusLine(snapshot, 60),
              StartsWith("no resolver answers, for 1m15s  500k"));
  EXPECT_THAT(FormatLogLine(snapshot), HasSubstr("no resolver answers"));
}

TEST(FormatStatusLine, MarksAnEstimate) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.total_is_estimate = true;
  EXPECT_THAT(FormatStatusLine(snapshot, 200), StartsWith("500k/~1.00M"));
}

TEST(FormatStatusLine, AtTheStartDividesByNothing) {
  ProgressSnapshot snapshot;
  snapshot.lines_total = 0;
  EXPECT_EQ(FormatStatusLine(snapshot, 80),
            "0/0 0%  0/s  mean 0/s  0 in flight  re-sent 0%");
}

TEST(FormatStatusLine, NeverRoundsToAllOrNothing) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.lines_done = 999'999;
  snapshot.retried = 1;
  const std::string line = FormatStatusLine(snapshot, 200);
  EXPECT_THAT(line, HasSubstr(">99.9%"));
  EXPECT_THAT(line, HasSubstr("re-sent <0.1%"));
}

TEST(FormatStatusLine, WritesTimesInTwoUnits) {
  ProgressSnapshot snapshot = HalfWay();
  snapshot.statuses.clear();
  const auto eta = [&snapshot](int64_t seconds_left) {
    snapshot.lines_total = snapshot.lines_done + 5000 * seconds_left;
    return FormatStatusLine(snapshot, 200);
  };
  EXPECT_THAT(eta(59), HasSubstr("ETA 59s "));
  EXPECT_THAT(eta(61), HasSubstr("ETA 1m01s "));
  EXPECT_THAT(eta(2 * 3600 + 7 * 60 + 5), HasSubstr("ETA 2h07m "));
  EXPECT_THAT(eta(76 * 3600), HasSubstr("ETA 3d04h "));
}

TEST(FormatLogLine, SaysEverythingOnOneLine) {
  const std::string line = FormatLogLine(HalfWay());
  EXPECT_THAT(line, StartsWith("mxscan: 1m40s, 500k/1.00M 50.0%, 5.00k/s, "
                               "mean 5.00k/s, ETA 1m40s"));
  EXPECT_THAT(line, EndsWith("timeout <0.1%"));
}

// A terminal of 60 columns, or a pipe, and what was written to it.
class ProgressLineTest : public ::testing::Test {
 protected:
  void OpenTerminal() {
    winsize size{};
    size.ws_col = 60;
    ASSERT_EQ(openpty(&read_, &write_, nullptr, nullptr, &size), 0);
    terminal_ = {.fd = write_, .redraws = true};
  }
  void Resize(uint16_t columns) {
    winsize size{};
    size.ws_col = columns;
    ASSERT_EQ(ioctl(write_, TIOCSWINSZ, &size), 0);
  }
  void OpenPipe() {
    std::array<int, 2> ends;
    ASSERT_EQ(pipe(ends.data()), 0);
    read_ = ends[0];
    write_ = ends[1];
    terminal_ = {.fd = write_};
  }
  void TearDown() override {
    if (read_ >= 0) close(read_);
    if (write_ >= 0) close(write_);
  }

  // A terminal hands on in its own time what was written to it: a mark behind
  // it says that all of it has come.
  std::string Written() {
    constexpr char kMark = '\x01';
    EXPECT_EQ(write(write_, &kMark, 1), 1);
    std::string text;
    std::array<char, 4096> buffer;
    while (!text.ends_with(kMark)) {
      const ssize_t size = read(read_, buffer.data(), buffer.size());
      if (size <= 0) return "nothing can be read";
      text.append(buffer.data(), static_cast<size_t>(size));
    }
    text.pop_back();
    return text;
  }

  int read_ = -1;
  int write_ = -1;
  Terminal terminal_;
};

TEST_F(ProgressLineTest, RedrawsItsLineOnATerminalFiveTimesASecond) {
  OpenTerminal();
  ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
  line.Show(HalfWay(), milliseconds(100));
  EXPECT_EQ(Written(), "");
  EXPECT_EQ(line.due(), milliseconds(200));
  line.Show(HalfWay(), milliseconds(200));
  EXPECT_THAT(Written(),
              StartsWith("\r\x1b[J\x1b[?7l500k/1.00M 50.0%  2.50M/s"));
  line.Show(HalfWay(), milliseconds(399));
  EXPECT_EQ(Written(), "");
  line.Clear();
  EXPECT_EQ(Written(), "\r\x1b[J");
  line.Clear();
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressLineTest, FollowsTheWindowAndLeavesItsLastColumnFree) {
  OpenTerminal();
  ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
  const size_t controls = std::string("\r\x1b[J\x1b[?7l\x1b[?7h\r").size();
  seconds now(1);
  for (const uint16_t columns : {60, 40, 200, 30}) {
    Resize(columns);
    line.Show(HalfWay(), now++);
    const size_t width = Written().size() - controls;
    EXPECT_LT(width, columns);
    EXPECT_GT(width, std::min<size_t>(columns, 130) - 24);
  }
}

TEST_F(ProgressLineTest, WritesNoLineAnewWhereThatCannotBeDone) {
  OpenTerminal();
  terminal_.redraws = false;  // As with TERM=dumb.
  ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
  line.Show(HalfWay(), seconds(30));
  EXPECT_THAT(Written(), StartsWith("mxscan: "));
}

TEST_F(ProgressLineTest, LogsEveryHalfMinuteElsewhere) {
  OpenPipe();
  {
    ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
    line.Show(HalfWay(), seconds(29));
    EXPECT_EQ(Written(), "");
    line.Show(HalfWay(), seconds(30));
    EXPECT_THAT(Written(), EndsWith("\n"));
    EXPECT_EQ(line.due(), seconds(60));
  }
  EXPECT_EQ(Written(), "") << "A log has no line to clear.";
}

TEST_F(ProgressLineTest, KeepsSilentWhenAsked) {
  OpenTerminal();
  for (const bool quiet : {false, true}) {
    ProgressLine line(
        terminal_, quiet ? ProgressMode::kAlways : ProgressMode::kNever, quiet);
    line.Show(HalfWay(), std::chrono::hours(1));
    EXPECT_EQ(line.due(), ProgressLine::Nanos::max());
  }
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressLineTest, RedrawsWithoutATerminalOnlyWhenToldTo) {
  OpenPipe();
  ProgressLine line(terminal_, ProgressMode::kAlways, /*quiet=*/false);
  line.Show(HalfWay(), seconds(1));
  EXPECT_THAT(Written(), StartsWith("\r\x1b[J500k"));
}

TEST_F(ProgressLineTest, StandsAsideForTheLinesOfALog) {
  OpenTerminal();
  ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
  line.Show(HalfWay(), milliseconds(200));
  Written();
  line.Clear();
  RunLog(terminal_, /*verbose=*/true).Say(seconds(75), {"one", "two"});
  EXPECT_EQ(Written(), "\r\x1b[Jmxscan: 1m15s, one\r\nmxscan: 1m15s, two\r\n");
}

TEST_F(ProgressLineTest, HasALogThatSaysNothingUnlessItIsOn) {
  OpenPipe();
  RunLog(terminal_, /*verbose=*/false).Say(seconds(1), {"one"});
  RunLog(terminal_, /*verbose=*/true).Say(seconds(1), {});
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressLineTest, HasALogOfOneLineForEachThingAndNoMoreThanAScreen) {
  OpenPipe();
  const RunLog log(terminal_, /*verbose=*/true);
  log.Say(seconds(1), {"reads a\nb\x1b.txt"});
  EXPECT_EQ(Written(), "mxscan: 1s, reads a?b?.txt\n");
  log.Say(seconds(1), std::vector<std::string>(1000, "out"));
  const std::string written = Written();
  EXPECT_EQ(std::ranges::count(written, '\n'), RunLog::kMostLines + 1);
  EXPECT_THAT(written, EndsWith("mxscan: 1s, and 980 more of this\n"));
}

TEST_F(ProgressLineTest, ShowsTheRateOfLateNotTheMean) {
  OpenPipe();
  ProgressLine line(terminal_, ProgressMode::kAuto, /*quiet=*/false);
  ProgressSnapshot snapshot;
  snapshot.lines_done = 30'000;
  line.Show(snapshot, seconds(30));
  EXPECT_THAT(Written(), HasSubstr(" 1.00k/s,"));
  snapshot.lines_done += 60'000;
  line.Show(snapshot, seconds(60));
  EXPECT_THAT(Written(), HasSubstr(" 2.00k/s,"));
}

}  // namespace
}  // namespace mxscan
