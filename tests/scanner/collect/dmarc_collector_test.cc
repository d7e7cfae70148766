#include "scanner/collect/dmarc_collector.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scanner/collect/checked_domain.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The DMARC of example.com, or of a name below it.
class DmarcCollectorTest : public testing::Test {
 protected:
  void Dmarc(std::string_view name, std::string_view tags) {
    zone_.Txt("_dmarc." + std::string(name), "v=DMARC1; " + std::string(tags));
  }

  const DmarcFacts& Learn(std::string_view domain = "example.com") {
    return *domain_.Learn(zone_, domain).dmarc;
  }

  // As `policy at location`, `none` or `unknown`.
  std::string Applied(std::string_view domain = "example.com") {
    const DmarcFacts& dmarc = Learn(domain);
    if (!dmarc.known) return "unknown";
    if (dmarc.location.empty()) return "none";
    std::string text(dmarc.policy ? WordFor(*dmarc.policy) : "?");
    return text.append(" at ").append(dmarc.location);
  }

  // All names but the domain's own TXT records.
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const std::string& line : zone_.asked()) {
      if (line.starts_with('_') || line.find("._report") != line.npos) {
        asked.push_back(line.substr(0, line.find(' ')));
      }
    }
    return asked;
  }

  CheckedDomain domain_{CheckSet().Add(CheckGroup::kDmarc)};
  ZoneLookups zone_;
};

TEST_F(DmarcCollectorTest, TakesTheDomainsOwnRecordAndAsksNoFurther) {
  Dmarc("example.com", "p=reject; sp=none; pct=10; t=y; rua=mailto:a@b.c");
  EXPECT_EQ(Applied(), "reject at example.com");
  const DmarcFacts& dmarc = *domain_.facts().checks.dmarc;
  EXPECT_EQ(dmarc.own_records, 1);
  EXPECT_EQ(dmarc.record_policy, DmarcPolicy::kReject);
  EXPECT_EQ(dmarc.record_subdomain, DmarcPolicy::kNone);
  EXPECT_EQ(dmarc.obsolete_tags, "pct");
  EXPECT_TRUE(dmarc.is_test && dmarc.has_rua);
  EXPECT_FALSE(dmarc.inherited);
  EXPECT_EQ(Asked().front(), "_dmarc.example.com");
  EXPECT_EQ(Asked().size(), 2U);  // And one about the host that gets reports.
}

TEST_F(DmarcCollectorTest, WalksUpToTheRecordThatApplies) {
  Dmarc("example.com", "p=reject; sp=quarantine");
  EXPECT_EQ(Applied("a.b.example.com"), "quarantine at example.com");
  EXPECT_TRUE(domain_.facts().checks.dmarc->inherited);
  EXPECT_THAT(Asked(),
              ElementsAre("_dmarc.a.b.example.com", "_dmarc.b.example.com",
                          "_dmarc.example.com", "_dmarc.com"));
  EXPECT_EQ(Applied("example.org"), "none");
}

TEST_F(DmarcCollectorTest, CountsSeveralRecordsAsNone) {
  Dmarc("shop.example.com", "p=reject");
  Dmarc("shop.example.com", "p=none");
  EXPECT_EQ(Applied("shop.example.com"), "none");
  EXPECT_EQ(domain_.facts().checks.dmarc->own_records, 2);
  Dmarc("example.com", "p=quarantine");
  EXPECT_EQ(Applied("shop.example.com"), "quarantine at example.com");
  EXPECT_TRUE(domain_.facts().checks.dmarc->inherited);
}

TEST_F(DmarcCollectorTest, KnowsNoPolicyWhereTheTagThatCountsHoldsNone) {
  Dmarc("example.com", "p=block; sp=reject");
  EXPECT_EQ(Applied(), "? at example.com");
  EXPECT_EQ(domain_.facts().checks.dmarc->unknown_word, "p=block");
  EXPECT_EQ(Applied("a.example.com"), "reject at example.com");
  zone_ = ZoneLookups();
  Dmarc("example.com", "p=reject; sp=all");
  EXPECT_EQ(Applied(), "reject at example.com");
  EXPECT_EQ(domain_.facts().checks.dmarc->unknown_word, "sp=all");
  EXPECT_EQ(Applied("a.example.com"), "? at example.com");
}

TEST_F(DmarcCollectorTest, DoesNotTakeAFailureForAnAbsence) {
  zone_.Fails("_dmarc.example.com");
  EXPECT_EQ(Applied(), "unknown");
  EXPECT_EQ(domain_.facts().checks.failed->name, "_dmarc.example.com");
  EXPECT_EQ(Applied("a.example.com"), "unknown");
  Dmarc("a.example.com", "p=reject");
  EXPECT_EQ(Applied("a.example.com"), "reject at a.example.com");
}

TEST_F(DmarcCollectorTest, GoesByThePublicSuffixListAboveARecordItHasFound) {
  Dmarc("example.com", "p=reject");
  zone_.Fails("_dmarc.com");
  EXPECT_EQ(Applied("a.example.com"), "reject at example.com");
  EXPECT_EQ(Applied("a.example2.com"), "unknown");
}

TEST_F(DmarcCollectorTest, SeesRecordsThatStandInTheWrongPlace) {
  zone_.Txt("example.com", "v=DMARC1; p=reject");
  zone_.Txt("_dmarc.example.com", "v=spf1 -all");
  zone_.Txt("_dmarc.example.com", "something else");
  EXPECT_EQ(Applied(), "none");
  EXPECT_EQ(domain_.facts().checks.dmarc->misplaced, "v=DMARC1; p=reject");
  EXPECT_EQ(domain_.facts().checks.dmarc->stray, "something else");
  Dmarc("example.com", "p=none");
  EXPECT_EQ(Learn().stray, "");
}

TEST_F(DmarcCollectorTest, AsksOtherOrganizationsWhetherTheyWantReports) {
  Dmarc("example.com",
        "p=reject; rua=mailto:a@mail.example.com,mailto:b@x.example.net,"
        "mailto:c@example.org; ruf=mailto:d@fails.example.edu,mailto:e@a..b");
  zone_.Txt("example.com._report._dmarc.x.example.net", "v=DMARC1");
  zone_.Txt("example.com._report._dmarc.example.org", "other");
  zone_.Fails("example.com._report._dmarc.fails.example.edu");
  EXPECT_THAT(Learn().unauthorised, ElementsAre("example.org"));
  EXPECT_THAT(Asked(),
              ElementsAre("_dmarc.example.com",
                          "example.com._report._dmarc.x.example.net",
                          "example.com._report._dmarc.example.org",
                          "example.com._report._dmarc.fails.example.edu"));
}

TEST_F(DmarcCollectorTest, AsksInTheNameOfTheDomainWhoseRecordItIs) {
  Dmarc("example.com", "p=reject; rua=mailto:a@example.org");
  zone_.Txt("example.com._report._dmarc.example.org", "v=DMARC1;");
  EXPECT_THAT(Learn("a.example.com").unauthorised, IsEmpty());
}

TEST_F(DmarcCollectorTest, EndsWhateverIsPublished) {
  std::string hosts = "p=none; rua=";
  for (int i = 0; i < 3000; ++i) {
    hosts += "mailto:a@h" + std::to_string(i) + ".org,";
  }
  Dmarc("example.com", hosts);
  Learn("a.b.c.d.e.f.g.h.i.j.example.com");
  EXPECT_LE(Asked().size(),
            DmarcWalk::kMaxSteps + DmarcRecord::kMaxReportHosts);
}

TEST_F(DmarcCollectorTest, ForgetsTheDomainBefore) {
  Dmarc("example.com", "p=block; pct=1; rua=mailto:a@example.org");
  EXPECT_THAT(Learn().unauthorised, ElementsAre("example.org"));
  Dmarc("example.net", "p=reject");
  EXPECT_EQ(Applied("example.net"), "reject at example.net");
  const DmarcFacts& dmarc = *domain_.facts().checks.dmarc;
  EXPECT_THAT(dmarc.unauthorised, IsEmpty());
  EXPECT_EQ(dmarc.unknown_word, "");
  EXPECT_EQ(dmarc.obsolete_tags, "");
  domain_.facts().status = DomainStatus::kNxDomain;
  EXPECT_FALSE(domain_.Learn(zone_).dmarc);
}

TEST_F(DmarcCollectorTest, AsksForNoNameThatIsTooLong) {
  const std::string label(61, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  EXPECT_EQ(Applied(longest), "none");
  EXPECT_EQ(Asked().front(), "_dmarc." + label + "." + label + "." + label);
}

}  // namespace
}  // namespace mxscan
