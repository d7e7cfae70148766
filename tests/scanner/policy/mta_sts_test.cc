#include "scanner/policy/mta_sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mxscan {
namespace {

using testing::ElementsAre;

constexpr std::string_view kPolicy =
    "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\n"
    "mx: *.example.net\r\nmax_age: 604800\r\n";

TEST(MtaSts, HasAnIdOfLettersAndDigits) {
  EXPECT_TRUE(IsMtaStsRecord("v=STSv1; id=20260101"));
  EXPECT_TRUE(IsMtaStsRecord("v=STSv1"));
  EXPECT_FALSE(IsMtaStsRecord("v=stsv1; id=1"));
  EXPECT_FALSE(IsMtaStsRecord("v=STSv12; id=1"));
  EXPECT_FALSE(IsMtaStsRecord("id=1; v=STSv1"));
  EXPECT_EQ(MtaStsIdOf("v=STSv1; id=20260101a;"), "20260101a");
  for (const std::string_view without :
       {"v=STSv1", "v=STSv1; id=", "v=STSv1; id=2026-01-01",
        "v=STSv1; id=123456789012345678901234567890123"}) {
    EXPECT_EQ(MtaStsIdOf(without), std::nullopt) << without;
  }
}

TEST(MtaSts, ReadsAPolicyWithEitherLineEnd) {
  for (const bool crlf : {true, false}) {
    std::string text(kPolicy);
    if (!crlf) std::erase(text, '\r');
    const auto policy = MtaStsPolicy::Read(text);
    ASSERT_TRUE(policy);
    EXPECT_EQ(policy->mode(), MtaStsMode::kEnforce);
    EXPECT_EQ(policy->max_age(), 604800);
    EXPECT_THAT(policy->patterns(),
                ElementsAre("mx1.example.com", "*.example.net"));
  }
}

TEST(MtaSts, ReadsNoPolicyThatLacksSomething) {
  for (const std::string_view text :
       {"", "version: STSv1", "version: STSv2\nmode: none\nmax_age: 1\n",
        "version: STSv1\nmode: on\nmx: a.org\nmax_age: 1\n",
        "version: STSv1\nmode: enforce\nmax_age: 1\n",
        "version: STSv1\nmode: enforce\nmx: a.org\n",
        "version: STSv1\nmode: none\nmax_age: 99999999999\n",
        "version: STSv1\nmode: none\nmax_age: -1\n",
        "version: STSv1\nmode: none\nmax_age: 1x\n"}) {
    EXPECT_FALSE(MtaStsPolicy::Read(text)) << text;
  }
  EXPECT_TRUE(MtaStsPolicy::Read("version: STSv1\nmode: none\nmax_age: 1"));
}

TEST(MtaSts, TakesTheFirstOfWhatStandsTwiceAndPassesOverTheUnknown) {
  const auto policy = MtaStsPolicy::Read(
      "more: x\nno colon\nversion: STSv1\nmode: testing\nmode: enforce\n"
      "mx: a.org\nmax_age: 5\nmax_age: 6\n");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->mode(), MtaStsMode::kTesting);
  EXPECT_EQ(policy->max_age(), 5);
}

TEST(MtaSts, LetsAStarStandForOneLabel) {
  const auto policy = MtaStsPolicy::Read(kPolicy);
  for (const std::string_view host :
       {"mx1.example.com", "MX1.example.COM", "a.example.net"}) {
    EXPECT_TRUE(policy->Fits(host)) << host;
  }
  for (const std::string_view host :
       {"mx2.example.com", "example.net", "a.b.example.net", "", ".example.net",
        "a\\.b.example.com", "xexample.net"}) {
    EXPECT_FALSE(policy->Fits(host)) << host;
  }
  EXPECT_TRUE(MtaStsPatternFits("*.example.net.", "a\\.b.example.net"));
}

}  // namespace
}  // namespace mxscan
