#include "scanner/policy/dmarc_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DmarcRecord, BeginsWithItsVersion) {
  for (const std::string_view is :
       {"v=DMARC1", "v=DMARC1;p=none", "v = DMARC1 ; p=none", "v=DMARC1; "}) {
    EXPECT_TRUE(DmarcRecord::Is(is)) << is;
  }
  for (const std::string_view is_not :
       {"", "v=dmarc1; p=none", "v=DMARC12; p=none", " v=DMARC1; p=none",
        "V=DMARC1; p=none", "p=none; v=DMARC1", "v=spf1 -all", "v"}) {
    EXPECT_FALSE(DmarcRecord::Is(is_not)) << is_not;
  }
}

TEST(DmarcRecord, HasItsPoliciesInAnyCaseOfLetters) {
  const DmarcRecord record =
      DmarcRecord::Read("v=DMARC1; p = Quarantine ;sp=NONE; psd=n; t=y");
  EXPECT_EQ(record.policy, DmarcPolicy::kQuarantine);
  EXPECT_EQ(record.subdomain, DmarcPolicy::kNone);
  EXPECT_EQ(record.suffix, DmarcSuffix::kNo);
  EXPECT_TRUE(record.is_test);
  EXPECT_FALSE(record.has_unknown_policy());
}

TEST(DmarcRecord, AsksForNothingWhereItSaysNothing) {
  const DmarcRecord empty = DmarcRecord::Read("v=DMARC1");
  EXPECT_EQ(empty.policy, std::nullopt);
  EXPECT_EQ(empty.OwnPolicy(), DmarcPolicy::kNone);
  EXPECT_EQ(DmarcRecord::Read("v=DMARC1; p=reject").SubdomainPolicy(),
            DmarcPolicy::kReject);
}

TEST(DmarcRecord, SeesPoliciesThatAreNone) {
  EXPECT_TRUE(DmarcRecord::Read("v=DMARC1; p=block").has_unknown_policy());
  EXPECT_TRUE(DmarcRecord::Read("v=DMARC1; p=none; sp=").has_unknown_policy());
  EXPECT_FALSE(
      DmarcRecord::Read("v=DMARC1; p=none; x=block").has_unknown_policy());
}

TEST(DmarcRecord, KnowsTheHostsThatGetReports) {
  const DmarcRecord record = DmarcRecord::Read(
      "v=DMARC1; rua=mailto:a@X.org!10m, MAILTO:b@y.org.,https://z.org/r ;"
      "ruf=mailto:c@x.org,mailto:nobody");
  EXPECT_THAT(record.report_hosts, ElementsAre("x.org", "y.org"));
  EXPECT_TRUE(record.has_rua);
  EXPECT_THAT(DmarcRecord::Read("v=DMARC1; rua=,,;").report_hosts, IsEmpty());
}

TEST(DmarcRecord, KnowsWhatStandsInThePlaceOfAPolicy) {
  const DmarcRecord record = DmarcRecord::Read("v=DMARC1; p=block; sp=");
  EXPECT_EQ(record.unknown_policy, "block");
  EXPECT_EQ(record.unknown_subdomain, "");
  EXPECT_EQ(DmarcRecord::Read("v=DMARC1; p=none").unknown_policy, std::nullopt);
}

TEST(DmarcRecord, NamesTheTagsThatAreNoLongerInUse) {
  EXPECT_EQ(DmarcRecord::Read("v=DMARC1; ri=3600; pct=50").obsolete_tags,
            "pct, ri");
  EXPECT_EQ(DmarcRecord::Read("v=DMARC1; p=none; fo=1").obsolete_tags, "");
}

TEST(DmarcRecord, KeepsSoManyReportHostsAndNoMore) {
  std::string text = "v=DMARC1; rua=";
  for (int i = 0; i < 5000; ++i) {
    text += "mailto:a@h" + std::to_string(i) + ".org,";
  }
  EXPECT_EQ(DmarcRecord::Read(text).report_hosts.size(),
            DmarcRecord::kMaxReportHosts);
  EXPECT_FALSE(DmarcRecord::Read("v=DMARC1; rua=;").has_rua);
}

// The names of a walk, and what it comes to in a world of records.
class DmarcWalkTest : public testing::Test {
 protected:
  static std::vector<std::string> Names(std::string_view domain) {
    std::vector<std::string> names;
    for (const Name& name : DmarcWalk::NamesFrom(*Name::FromText(domain))) {
      names.push_back(ToText(name));
    }
    return names;
  }

  // `policy at location`, `missing` or `unknown`.
  std::string Walk(std::string_view domain) {
    DmarcWalk walk(*Name::FromText(domain));
    asked_.clear();
    while (const auto name = walk.Next()) {
      const std::string text = ToText(*name);
      asked_.push_back(text);
      if (text == failing_) {
        walk.Take(DmarcFound::kUnknown);
      } else if (const auto found = world_.find(text); found != world_.end()) {
        const DmarcRecord record = DmarcRecord::Read(found->second);
        walk.Take(DmarcFound::kRecord, &record);
      } else {
        walk.Take(DmarcFound::kNothing);
      }
    }
    if (walk.unknown()) return "unknown";
    if (walk.missing()) return "missing";
    return std::string(WordFor(*walk.effective())) + " at " +
           ToText(*walk.location());
  }

  std::map<std::string, std::string, std::less<>> world_;
  std::string failing_;
  std::vector<std::string> asked_;
};

TEST_F(DmarcWalkTest, GoesUpALabelAtATime) {
  EXPECT_THAT(
      Names("a.b.example.com"),
      ElementsAre("a.b.example.com", "b.example.com", "example.com", "com"));
  EXPECT_THAT(Names("com"), ElementsAre("com"));
}

TEST_F(DmarcWalkTest, CutsALongNameToSevenLabelsAndNeverAsksMoreThanEight) {
  EXPECT_THAT(Names("a.b.c.d.e.f.g.h.i.j.mail.example.com"),
              ElementsAre("a.b.c.d.e.f.g.h.i.j.mail.example.com",
                          "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
                          "i.j.mail.example.com", "j.mail.example.com",
                          "mail.example.com", "example.com", "com"));
  EXPECT_EQ(Names("a.b.c.d.e.f.g.com")[1], "b.c.d.e.f.g.com");
  EXPECT_EQ(Names("a.b.c.d.e.f.com")[1], "b.c.d.e.f.com");
}

TEST_F(DmarcWalkTest, TakesADomainsOwnRecordAndAsksNoFurther) {
  world_["shop.example.com"] = "v=DMARC1; p=reject; sp=none";
  world_["example.com"] = "v=DMARC1; p=none";
  EXPECT_EQ(Walk("shop.example.com"), "reject at shop.example.com");
  EXPECT_THAT(asked_, ElementsAre("shop.example.com"));
}

TEST_F(DmarcWalkTest, TakesTheSubdomainPolicyOfTheOrganization) {
  world_["example.com"] = "v=DMARC1; p=reject; sp=quarantine";
  EXPECT_EQ(Walk("news.example.com"), "quarantine at example.com");
  world_["example.com"] = "v=DMARC1; p=reject";
  EXPECT_EQ(Walk("news.example.com"), "reject at example.com");
}

TEST_F(DmarcWalkTest, TakesTheRecordWithTheFewestLabels) {
  world_["b.example.com"] = "v=DMARC1; p=none";
  world_["example.com"] = "v=DMARC1; p=reject";
  EXPECT_EQ(Walk("a.b.example.com"), "reject at example.com");
}

TEST_F(DmarcWalkTest, EndsAtAnOrganizationThatSaysSo) {
  world_["b.example.com"] = "v=DMARC1; p=quarantine; psd=n";
  world_["example.com"] = "v=DMARC1; p=reject";
  EXPECT_EQ(Walk("a.b.example.com"), "quarantine at b.example.com");
  EXPECT_THAT(asked_, ElementsAre("a.b.example.com", "b.example.com"));
}

TEST_F(DmarcWalkTest, TakesTheNameBelowAPublicSuffix) {
  world_["com"] = "v=DMARC1; p=none; psd=y";
  world_["example.com"] = "v=DMARC1; p=reject";
  EXPECT_EQ(Walk("a.example.com"), "reject at example.com");
  world_.erase("example.com");
  EXPECT_EQ(Walk("a.example.com"), "none at com");
}

TEST_F(DmarcWalkTest, IsMissingOnlyWhenEveryNameIsSettled) {
  EXPECT_EQ(Walk("a.example.com"), "missing");
  failing_ = "example.com";
  EXPECT_EQ(Walk("a.example.com"), "unknown");
  world_["a.example.com"] = "v=DMARC1; p=reject";
  EXPECT_EQ(Walk("a.example.com"), "reject at a.example.com");
  failing_ = "a.example.com";
  EXPECT_EQ(Walk("a.example.com"), "unknown");
}

}  // namespace
}  // namespace mxscan
