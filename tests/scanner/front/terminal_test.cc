#include "scanner/screen/terminal.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <cstdlib>

namespace mxscan {
namespace {

class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    ASSERT_EQ(openpty(&theirs_, &ours_, nullptr, nullptr, nullptr), 0);
  }
  void TearDown() override {
    close(theirs_);
    close(ours_);
  }

  int theirs_ = -1;
  int ours_ = -1;
};

TEST_F(TerminalTest, RedrawsInColourWhereSomebodyWatches) {
  const Terminal terminal = Terminal::Of(ours_);
  EXPECT_TRUE(terminal.redraws);
  EXPECT_TRUE(terminal.colours);
}

TEST_F(TerminalTest, DrawsLinesWhereTheLocaleHasThem) {
  unsetenv("LC_CTYPE");
  setenv("LANG", "en_US.utf8", 1);
  setenv("LC_ALL", "", 1);
  EXPECT_TRUE(Terminal::Of(ours_).unicode);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(Terminal::Of(ours_).unicode);
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  EXPECT_TRUE(Terminal::Of(ours_).unicode);
}

TEST_F(TerminalTest, NoColorMeansNoneUnlessItIsEmpty) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_TRUE(Terminal::Of(ours_).redraws);
  EXPECT_FALSE(Terminal::Of(ours_).colours);
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(Terminal::Of(ours_).colours);
}

TEST_F(TerminalTest, ThatIsDumbOnlyPrints) {
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(Terminal::Of(ours_).redraws);
  EXPECT_FALSE(Terminal::Of(ours_).colours);
}

TEST_F(TerminalTest, AFileIsNoneAndHasTheUsualWidth) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Terminal terminal = Terminal::Of(ends[1]);
  EXPECT_FALSE(terminal.redraws);
  EXPECT_FALSE(terminal.colours);
  EXPECT_EQ(terminal.Columns(), Terminal::kUsualColumns);
  close(ends[0]);
  close(ends[1]);
}

TEST(Painted, EndsTheColourThatItBegins) {
  EXPECT_EQ(Painted("ok", Tone::kGood, true), "\x1b[32mok\x1b[0m");
  EXPECT_EQ(Painted("ok", Tone::kGood, false), "ok");
  EXPECT_EQ(Painted("ok", Tone::kPlain, true), "ok");
}

}  // namespace
}  // namespace mxscan
