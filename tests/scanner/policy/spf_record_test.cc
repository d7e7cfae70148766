#include "scanner/policy/spf_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As `+include spf.example.org`, with a star behind a domain with a macro.
std::vector<std::string> Terms(const SpfRecord& record) {
  constexpr std::string_view kNames[] = {"all", "include", "a",   "mx",
                                         "ptr", "ip4",     "ip6", "exists"};
  std::vector<std::string> lines;
  for (const SpfTerm& term : record.terms()) {
    std::string line(1, static_cast<char>(term.qualifier));
    line += kNames[static_cast<int>(term.mechanism)];
    if (!term.domain.empty()) line += " " + std::string(term.domain);
    if (term.has_macro) line += "*";
    lines.push_back(line);
  }
  return lines;
}

std::string FaultOf(std::string_view text) {
  const SpfRecord record = SpfRecord::Read(text);
  return std::string(record.bad_term());
}

TEST(SpfRecord, KnowsARecordByItsFirstWord) {
  for (const std::string_view is : {"v=spf1", "v=spf1 ", "V=SPF1 -all"}) {
    EXPECT_TRUE(SpfRecord::Is(is)) << is;
    EXPECT_FALSE(SpfRecord::IsNearly(is)) << is;
  }
  for (const std::string_view is_not :
       {"", "v=spf10", "v=spf1;a", " v=spf1", "spf2.0/pra a", "v=DMARC1"}) {
    EXPECT_FALSE(SpfRecord::Is(is_not)) << is_not;
  }
}

TEST(SpfRecord, KnowsWhatIsMeantAsOne) {
  for (const std::string_view nearly :
       {"v=spf1;include:x.org ~all", " v=spf1 -all", "\"v=spf1 -all\"",
        "v = spf1 a -all", "spf1 include:x.org", "v=spf1,a", "v=spf10 a",
        "\tV=SPF1 -all", "v =spf1"}) {
    EXPECT_TRUE(SpfRecord::IsNearly(nearly)) << nearly;
  }
  for (const std::string_view other :
       {"", " ", "spf2.0/pra a", "v=DMARC1; p=none", "v",
        "v=", "google-site-verification=spf1", "vspf1"}) {
    EXPECT_FALSE(SpfRecord::IsNearly(other)) << other;
  }
}

TEST(SpfRecord, HasItsTermsInOrder) {
  const SpfRecord record = SpfRecord::Read(
      "v=spf1  a mx/24 a:B.example.org//64 mx:c.org/24//64 ptr ptr:d.org "
      "ip4:192.0.2.0/24 ip6:2001:db8::/32 ?exists:%{i}.e.org "
      "Include:F.org -ALL");
  EXPECT_TRUE(record.valid()) << record.bad_term();
  EXPECT_THAT(Terms(record),
              ElementsAre("+a", "+mx", "+a b.example.org", "+mx c.org", "+ptr",
                          "+ptr d.org", "+ip4", "+ip6", "?exists %{i}.e.org*",
                          "+include f.org", "-all"));
  EXPECT_EQ(record.all(), SpfQualifier::kFail);
  EXPECT_FALSE(record.redirects());
}

TEST(SpfRecord, StopsAtTheFirstAll) {
  const SpfRecord record =
      SpfRecord::Read("v=spf1 ~all include:x.org +all redirect=y.org");
  EXPECT_THAT(Terms(record), ElementsAre("~all"));
  EXPECT_EQ(record.all(), SpfQualifier::kSoftFail);
  EXPECT_FALSE(record.redirects());
}

TEST(SpfRecord, RedirectsWhereThereIsNoAll) {
  const SpfRecord record = SpfRecord::Read("v=spf1 redirect=_spf.X.org mx");
  EXPECT_TRUE(record.redirects());
  EXPECT_EQ(record.redirect(), "_spf.x.org");
  EXPECT_FALSE(record.redirect_has_macro());
  EXPECT_THAT(Terms(record), ElementsAre("+mx"));
  EXPECT_TRUE(
      SpfRecord::Read("v=spf1 redirect=%{d}.x.org").redirect_has_macro());
}

TEST(SpfRecord, LetsModifiersPassThatNobodyKnows) {
  EXPECT_EQ(FaultOf("v=spf1 x=y moo.cow_-1=%{d} exp=why.%{d} -all"), "");
}

TEST(SpfRecord, NamesTheFirstTermThatBreaksTheGrammar) {
  for (const std::string_view bad : {"ip4:2a02::1",
                                     "ip4:192.0.2",
                                     "ip4:192.0.2.1/33",
                                     "ip4:192.0.2.1/",
                                     "ip4:192.0.2.1/024",
                                     "ip4",
                                     "ip4:",
                                     "ip6:192.0.2.1",
                                     "ip6:2001:db8::/129",
                                     "ip6:2001:db8::1::",
                                     "include",
                                     "include:",
                                     "include/24",
                                     "exists",
                                     "exists:",
                                     "a:",
                                     "mx:",
                                     "ptr:",
                                     "a/33",
                                     "a//129",
                                     "a/24/64",
                                     "a/",
                                     "mx/x",
                                     "all:x",
                                     "all/24",
                                     "-all.",
                                     "foo",
                                     "a.b.org",
                                     "include.x.org",
                                     "redirect=",
                                     "exp=",
                                     "a:%x",
                                     "a:%{z}",
                                     "a:%{d",
                                     "a:%",
                                     "+",
                                     "--all",
                                     "=x",
                                     "1x=y",
                                     "a:b\tc",
                                     "a:\xc3\xa9.org",
                                     ":",
                                     "ptrx.org",
                                     "redirect=%{q}",
                                     "a:%{d0x}"}) {
    const std::string text = "v=spf1 mx " + std::string(bad) + " -all";
    EXPECT_EQ(FaultOf(text), bad) << bad;
    EXPECT_THAT(Terms(SpfRecord::Read(text)), ElementsAre("+mx")) << bad;
  }
}

TEST(SpfRecord, HasEachOfTwoModifiersOnce) {
  EXPECT_EQ(FaultOf("v=spf1 redirect=a.org redirect=b.org"), "redirect=b.org");
  EXPECT_EQ(FaultOf("v=spf1 exp=a.org Exp=b.org"), "Exp=b.org");
  EXPECT_EQ(FaultOf("v=spf1 x=1 x=2"), "");
}

TEST(SpfRecord, MustBeWellFormedBehindAllToo) {
  EXPECT_EQ(FaultOf("v=spf1 -all ip4:x"), "ip4:x");
}

TEST(SpfRecord, TakesMacrosOfEveryForm) {
  EXPECT_EQ(FaultOf("v=spf1 exists:%{ir}.%{v}._spf.%{d2} "
                    "exists:%{L5R+}.%{o}%%%_%-x.org a:%{d2/}.x.org/24 -all"),
            "");
}

TEST(SpfRecord, EndsWithinItsLimits) {
  std::string bomb = "v=spf1";
  for (size_t i = 0; i < 2 * SpfRecord::kMaxTerms; ++i) bomb += " a:X.org";
  const SpfRecord record = SpfRecord::Read(bomb);
  EXPECT_EQ(record.terms().size(), SpfRecord::kMaxTerms);
  EXPECT_FALSE(record.valid());
  const std::string blanks = "v=spf1" + std::string(1 << 20, ' ');
  EXPECT_THAT(Terms(SpfRecord::Read(blanks)), IsEmpty());
}

TEST(SpfRecord, KeepsItsViewsWhenItIsMoved) {
  SpfRecord record = SpfRecord::Read("v=spf1 include:A.ORG redirect=B.ORG");
  const SpfRecord moved = std::move(record);
  EXPECT_THAT(Terms(moved), ElementsAre("+include a.org"));
  EXPECT_EQ(moved.redirect(), "b.org");
}

}  // namespace
}  // namespace mxscan
