#include "scanner/upstreams/upstream_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int64_t kMillion = 1'000'000;

class Advice : public ::testing::Test {
 protected:
  Advice() { situation_.queries_per_domain = 2.3; }

  // What is said when `resolvers` are asked about so many lines.
  std::string About(const std::vector<std::string>& resolvers,
                    std::optional<int64_t> lines = kMillion) {
    endpoints_.clear();
    for (const std::string& resolver : resolvers) {
      endpoints_.push_back(*Endpoint::FromText(resolver));
    }
    situation_.resolvers = endpoints_;
    const UpstreamAdvice advice(situation_, table_);
    return advice.is_due() ? advice.Text(lines) : "";
  }

  const PublicResolvers table_ =
      *PublicResolvers::Parse("t", PublicResolverText());
  std::vector<Endpoint> endpoints_;
  UpstreamSituation situation_;
};

TEST_F(Advice, APublicResolverHasAPoliteRateAndATimeThatItTakes) {
  EXPECT_EQ(About({"8.8.8.8"}),
            "8.8.8.8 (Google Public DNS) is asked at most 1,500 times a "
            "second, as is polite towards a public resolver: 1,000,000 domains "
            "take about 26 minutes. A resolver of your own is faster: \"Which "
            "resolver?\" in README.md");
}

TEST_F(Advice, AddressesOfOneOperatorShareItsRateAndOthersAddToIt) {
  EXPECT_THAT(About({"8.8.8.8", "8.8.4.4", "1.1.1.1"}),
              StartsWith("8.8.8.8 (Google Public DNS), 8.8.4.4, 1.1.1.1 "
                         "(Cloudflare) are asked at most 2,000 times a second "
                         "together, "));
}

TEST_F(Advice, TheTimeIsOfTheListAndOfWhatIsAsked) {
  EXPECT_THAT(About({"1.1.1.1"}, 18'000), HasSubstr("take about 83 seconds"));
  EXPECT_THAT(About({"1.1.1.1"}, 160'000'000), HasSubstr("about 9 days"));
  EXPECT_THAT(About({"1.1.1.1"}, 30 * kMillion), HasSubstr("about 38 hours"));
  situation_.queries_per_domain = 1;
  EXPECT_THAT(About({"8.8.8.8"}), HasSubstr("about 11 minutes"));
}

TEST_F(Advice, AnInputOfUnknownLengthIsMeasuredByAMillion) {
  EXPECT_THAT(About({"8.8.8.8"}, std::nullopt),
              HasSubstr("1,000,000 domains would take about 26 minutes"));
}

TEST_F(Advice, AnEstimateHasThreeDigits) {
  EXPECT_THAT(About({"8.8.8.8"}, 1'003'456), HasSubstr(" 1,000,000 domains "));
  EXPECT_THAT(About({"8.8.8.8"}, 987'654), HasSubstr(" 988,000 domains "));
  EXPECT_THAT(About({"127.0.0.53"}, 1234), HasSubstr(" 1,230 domains "));
}

TEST_F(Advice, AShortListNeedsNone) {
  EXPECT_EQ(About({"8.8.8.8"}, 1000), "");
  EXPECT_EQ(About({"127.0.0.53"}, 1000), "");
  EXPECT_EQ(About({"127.0.0.53"}, 0), "");
  EXPECT_NE(About({"127.0.0.53"}, 1001), "");
}

TEST_F(Advice, ARateThatIsPoliteAlreadyNeedsNone) {
  situation_.rate = 1500;
  EXPECT_EQ(About({"8.8.8.8"}), "");
  situation_.rate = 1501;
  EXPECT_THAT(About({"8.8.8.8"}), HasSubstr("at most 1,500 times a second"));
  situation_.rate = 0;
  situation_.rate_per_resolver = 500;
  EXPECT_EQ(About({"8.8.8.8"}), "");
}

TEST_F(Advice, MoreThanIsPoliteWhenAskedForIsDoneAndCommentedOn) {
  situation_.rate_per_resolver = 5000;
  EXPECT_EQ(About({"8.8.8.8"}),
            "--rate-per-resolver is more than is polite towards a public "
            "resolver: expect refusals and lost answers of 8.8.8.8 (Google "
            "Public DNS) above 1,500 times a second. A resolver of your own is "
            "faster: \"Which resolver?\" in README.md");
  situation_.rate = 1000;  // Which holds for the whole run.
  EXPECT_EQ(About({"8.8.8.8"}), "");
}

TEST_F(Advice, TheStubOfADesktopIsKnownByItsAddress) {
  EXPECT_EQ(
      About({"127.0.0.53"}),
      "127.0.0.53 is the stub of systemd-resolved and not made for "
      "scans: answers are easily lost, and even if it can be asked 500 "
      "times a second, 1,000,000 domains take about 77 minutes. A resolver of "
      "your own is faster: \"Which resolver?\" in README.md");
  EXPECT_THAT(About({"127.0.0.11:5353"}), HasSubstr("the stub of Docker"));
  situation_.rate = 100;
  EXPECT_THAT(About({"127.0.0.53"}), HasSubstr("about 6 hours"));
}

TEST_F(Advice, APrivateAddressIsTakenForARouterUnlessItWasNamed) {
  for (const char* router :
       {"192.168.1.1", "10.0.0.1", "172.16.0.1", "172.31.255.254", "100.64.0.1",
        "169.254.1.1", "fd00::1", "fe80::1"}) {
    situation_.from_system = false;
    EXPECT_EQ(About({router}), "") << router;
    situation_.from_system = true;
    EXPECT_THAT(About({router}),
                AllOf(StartsWith(router), HasSubstr("home router"),
                      HasSubstr("--resolvers")))
        << router;
  }
}

TEST_F(Advice, AnyOtherAddressMayBeAResolverForScans) {
  situation_.from_system = true;
  for (const char* other :
       {"127.0.0.1", "::1", "192.0.2.1", "172.32.0.1", "172.15.0.1",
        "192.169.1.1", "100.128.0.1", "2001:db8::1"}) {
    EXPECT_EQ(About({other}), "") << other;
    EXPECT_EQ(About({"8.8.8.8", other}), "") << other;
    EXPECT_EQ(About({"127.0.0.53", other}), "") << other;
  }
}

TEST_F(Advice, AStubBesideAPublicResolverIsStillAStub) {
  EXPECT_THAT(About({"127.0.0.53", "8.8.8.8"}),
              AllOf(StartsWith("127.0.0.53 is the stub of systemd-resolved"),
                    Not(HasSubstr("Google"))));
}

}  // namespace
}  // namespace mxscan
