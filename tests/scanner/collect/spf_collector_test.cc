#include "scanner/collect/spf_collector.h"

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
using testing::UnorderedElementsAre;

std::string Numbered(std::string_view text, int number) {
  return std::string(text) + std::to_string(number);
}

// The SPF of example.com.
class SpfCollectorTest : public testing::Test {
 protected:
  void Spf(std::string_view name, std::string_view terms) {
    zone_.Txt(name, "v=spf1 " + std::string(terms));
  }
  void Own(std::string_view terms) { Spf("example.com", terms); }

  const SpfFacts& Learn(std::string_view domain = "example.com") {
    return *domain_.Learn(zone_, domain).spf;
  }

  // What was asked besides the domain's own TXT records, a host as `host A`.
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (std::string line : zone_.asked()) {
      if (line == "example.com 16") continue;
      asked.push_back(line.substr(0, line.find(' ')));
    }
    return asked;
  }

  // As `name how`.
  std::vector<std::string> Broken() {
    std::vector<std::string> lines;
    for (const SpfBroken& broken : domain_.facts().checks.spf->broken) {
      static constexpr std::string_view kHow[] = {"syntax", "none", "several",
                                                  "loop", "no name"};
      std::string line(broken.name);
      lines.push_back(
          line.append(" ").append(kHow[static_cast<int>(broken.how)]));
    }
    return lines;
  }

  CheckedDomain domain_{CheckSet().Add(CheckGroup::kSpf)};
  ZoneLookups zone_;
};

TEST_F(SpfCollectorTest, CountsWhatTakesAQuestionBeforeAllAndWhatThatLeadsTo) {
  Own("ip4:44.1.0.0/16 a mx include:a.example.net -all exists:b.example.net");
  Spf("a.example.net", "a:h.example.net ~all");
  zone_.A("example.com", "44.1.1.1").A("h.example.net", "44.1.1.2");
  const SpfFacts& spf = Learn();
  EXPECT_TRUE(spf.known && spf.valid);
  EXPECT_EQ(spf.records, 1);
  EXPECT_EQ(spf.lookups, 4);
  EXPECT_TRUE(spf.lookups_known);
  EXPECT_EQ(spf.voids, 0);
  EXPECT_TRUE(spf.voids_known);
  EXPECT_EQ(spf.all, SpfQualifier::kFail);
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_THAT(Asked(),
              ElementsAre("example.com", "a.example.net", "h.example.net"));
}

TEST_F(SpfCollectorTest, AsksForANameOnceAndCountsItEachTime) {
  Own("include:a.example.net include:b.example.net -all");
  Spf("a.example.net", "include:c.example.net a:gone.example.net ?all");
  Spf("b.example.net", "include:c.example.net a:gone.example.net ?all");
  Spf("c.example.net", "a:gone.example.net ?all");
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, 2 + 2 * 2 + 2 * 1);
  EXPECT_EQ(spf.voids, 4);
  EXPECT_EQ(spf.void_name, "gone.example.net");
  EXPECT_THAT(Asked(), ElementsAre("a.example.net", "b.example.net",
                                   "c.example.net", "gone.example.net"));
}

TEST_F(SpfCollectorTest, FollowsARedirectOnlyWhereThereIsNoAll) {
  Own("redirect=a.example.net");
  Spf("a.example.net", "ip4:44.1.0.0/16 ?all");
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, 1);
  EXPECT_EQ(spf.all, SpfQualifier::kNeutral);
  EXPECT_TRUE(spf.all_known && spf.may_pass);

  zone_ = ZoneLookups();
  Own("-all redirect=a.example.net");
  EXPECT_EQ(Learn().lookups, 0);
  EXPECT_TRUE(domain_.facts().checks.spf->only_fails);
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SpfCollectorTest, SaysThatThereIsNoAllOnlyWhereThatIsCertain) {
  Own("include:a.example.net");
  zone_.Fails("a.example.net");
  EXPECT_TRUE(Learn().all_known);
  EXPECT_FALSE(domain_.facts().checks.spf->all);

  zone_ = ZoneLookups();
  Own("redirect=a.example.net");
  zone_.Fails("a.example.net");
  EXPECT_FALSE(Learn().all_known);

  zone_ = ZoneLookups();
  Own("redirect=%{i}.example.net");
  EXPECT_FALSE(Learn().all_known);
  EXPECT_EQ(domain_.facts().checks.spf->lookups, 1);
}

TEST_F(SpfCollectorTest, CountsMacrosAndPtrAndAsksNothingForThem) {
  Own("ptr exists:%{i}.example.net include:%{d}.example.net a:%{h} -all");
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, 4);
  EXPECT_TRUE(spf.lookups_known && spf.voids_known && spf.has_ptr);
  EXPECT_EQ(spf.voids, 0);
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SpfCollectorTest, KnowsTheDomainsOwnMxWithoutAsking) {
  Own("mx include:a.example.net -all");
  Spf("a.example.net", "mx mx:example.com ~all");
  zone_.Mx("a.example.net", "mx.example.net");
  domain_.facts().exchanges.clear();
  EXPECT_EQ(Learn().voids, 2);
  EXPECT_THAT(Asked(), ElementsAre("a.example.net", "a.example.net"));

  domain_.facts().mx_known = false;
  EXPECT_EQ(Learn().voids, 0);
  EXPECT_FALSE(domain_.facts().checks.spf->voids_known);
}

TEST_F(SpfCollectorTest, SeesAnMxTermThatLeadsToMoreThanTenExchanges) {
  Own("mx:ten.example.net mx:eleven.example.net -all");
  for (int i = 0; i < 11; ++i) {
    zone_.Mx("eleven.example.net", Numbered("mx", i) + ".example.net");
    zone_.Mx("ten.example.net", Numbered("mx", i % 10) + ".example.net");
  }
  EXPECT_EQ(Learn().crowded_mx, "eleven.example.net");
  Own("mx -all");
}

TEST_F(SpfCollectorTest, SeesWhatIsBrokenAtTheEndOfAnInclude) {
  Own("include:none.example.net include:gone.example.net "
      "include:two.example.net include:bad.example.net include:a..b "
      "include:single redirect=other.example.net");
  zone_.Txt("none.example.net", "hello");
  Spf("two.example.net", "-all");
  Spf("two.example.net", "~all");
  Spf("bad.example.net", "ip4:44.1.1.300 -all");
  Spf("other.example.net", "-all");
  const SpfFacts& spf = Learn();
  EXPECT_THAT(Broken(), UnorderedElementsAre(
                            "none.example.net none", "gone.example.net none",
                            "two.example.net several", "bad.example.net syntax",
                            "a..b no name", "single no name"));
  EXPECT_EQ(spf.voids, 1);
  EXPECT_EQ(spf.lookups, 7);
}

TEST_F(SpfCollectorTest, SeesIncludesThatComeBackToThemselves) {
  Own("include:a.example.net include:example.com -all");
  Spf("a.example.net", "include:b.example.net ~all");
  Spf("b.example.net", "redirect=a.example.net");
  const SpfFacts& spf = Learn();
  EXPECT_THAT(Broken(),
              UnorderedElementsAre("a.example.net loop", "example.com loop"));
  EXPECT_EQ(spf.lookups, 4);
  EXPECT_TRUE(spf.lookups_known);
}

TEST_F(SpfCollectorTest, EndsWhereARecordRedirectsToItself) {
  Own("redirect=EXAMPLE.com.");
  EXPECT_EQ(Learn().lookups, 1);
  EXPECT_THAT(Broken(), ElementsAre("example.com loop"));
  EXPECT_FALSE(domain_.facts().checks.spf->all_known);
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SpfCollectorTest, AsksNothingForARecordThatIsBrokenAnyway) {
  Own("include:a.example.net ip4:2a02::1 -all");
  const SpfFacts& spf = Learn();
  EXPECT_FALSE(spf.valid);
  EXPECT_THAT(Broken(), ElementsAre("example.com syntax"));
  EXPECT_EQ(spf.broken[0].detail,
            "ip4:2a02::1 (the address is none of that family)");
  EXPECT_THAT(Asked(), IsEmpty());

  zone_ = ZoneLookups();
  Own("include:a.example.net -all");
  Own("-all");
  EXPECT_EQ(Learn().records, 2);
  EXPECT_EQ(domain_.facts().checks.spf->text, "v=spf1 -all");
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SpfCollectorTest, KnowsTooLittleWhereALookupFails) {
  Own("a:h.example.net a:gone.example.net include:a.example.net "
      "include:b.example.net -all");
  Spf("a.example.net", "include:c.example.net ~all");
  zone_.Fails("h.example.net").Fails("b.example.net");
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, 5);
  EXPECT_FALSE(spf.lookups_known);
  EXPECT_EQ(spf.voids, 1);
  EXPECT_FALSE(spf.voids_known);
  EXPECT_THAT(Asked(), testing::Not(testing::Contains("c.example.net")));
  EXPECT_EQ(domain_.facts().checks.failed->name, "h.example.net");

  zone_ = ZoneLookups();
  zone_.Fails("example.com");
  EXPECT_FALSE(Learn().known);
  EXPECT_TRUE(domain_.facts().checks.failed);
}

TEST_F(SpfCollectorTest, SeesWhatLooksMeantAsARecord) {
  zone_.Txt("example.com", "v=spf1;include:a.example.net");
  zone_.Txt("example.com", " v=spf1 -all\x01\xff");
  zone_.Txt("example.com", "SPF2.0/pra ?all");
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.records, 0);
  EXPECT_EQ(spf.near_miss, " v=spf1 -all??");
  EXPECT_EQ(spf.sender_id, "SPF2.0/pra ?all");
  EXPECT_EQ(spf.text, "");
}

TEST_F(SpfCollectorTest, ForgetsTheDomainBefore) {
  Own("include:gone.example.net ptr ~all");
  Spf("example.net", "a -all");
  EXPECT_EQ(Learn().lookups, 2);
  EXPECT_EQ(Learn("example.net").lookups, 1);
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_FALSE(domain_.facts().checks.spf->has_ptr);
  EXPECT_EQ(Learn("example.org").records, 0);
  domain_.facts().status = DomainStatus::kNxDomain;
  EXPECT_FALSE(domain_.Learn(zone_).spf);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

// Records that are made to cost whoever reads them. What is asked besides the
// domain's own record is counted exactly, so that it cannot creep up.
class SpfBombTest : public SpfCollectorTest {};

TEST_F(SpfBombTest, OfThousandsOfTermsTenAreAskedFor) {
  std::string terms;
  for (int i = 0; i < 6500; ++i) terms += "a:x" + std::to_string(i) + " ";
  Own(terms);
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, SpfTree::kMostCounted);
  EXPECT_EQ(spf.voids, 10);
  EXPECT_EQ(Asked().size(), 10U);
}

TEST_F(SpfBombTest, OfThousandsOfIncludesTenAreAskedFor) {
  std::string terms;
  for (int i = 0; i < 3500; ++i) terms += " include:" + Numbered("y.z", i);
  Own(terms);
  const SpfFacts& spf = Learn();
  EXPECT_EQ(spf.lookups, SpfTree::kMostCounted);
  EXPECT_FALSE(spf.lookups_known);
  EXPECT_EQ(Asked().size(), 10U);
}

TEST_F(SpfBombTest, ARecordThatIncludesItselfThousandsOfTimesAsksNothing) {
  std::string terms;
  for (int i = 0; i < 2500; ++i) terms += " include:example.com";
  Own(terms);
  EXPECT_EQ(Learn().lookups, SpfTree::kMostCounted);
  EXPECT_THAT(Broken(), ElementsAre("example.com loop"));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(SpfBombTest, AChainEndsAtTheTenthInclude) {
  Own("include:a0.example.net -all");
  for (int i = 0; i < 100; ++i) {
    Spf(Numbered("a", i) + ".example.net",
        "include:" + Numbered("a", i + 1) + ".example.net -all");
  }
  EXPECT_EQ(Learn().lookups, 11);
  EXPECT_EQ(Asked().size(), 10U);
}

TEST_F(SpfBombTest, DiamondsAreAskedForOnceAndCountedToAnEnd) {
  Own("include:a0.example.net include:b0.example.net -all");
  for (int i = 0; i < 40; ++i) {
    const std::string below = Numbered("a", i + 1) +
                              ".example.net include:" + Numbered("b", i + 1) +
                              ".example.net ?all";
    Spf(Numbered("a", i) + ".example.net", "include:" + below);
    Spf(Numbered("b", i) + ".example.net", "include:" + below);
  }
  const SpfFacts& spf = Learn();
  EXPECT_GT(spf.lookups, 10);
  EXPECT_LE(spf.lookups, SpfTree::kMostCounted);
  EXPECT_LE(Asked().size(), 20U);
}

// Ten includes of ten includes of ten, each with names that do not exist.
TEST_F(SpfBombTest, ATreeStaysBelowTheMostQuestions) {
  std::string own;
  for (int i = 0; i < 10; ++i)
    own += Numbered("include:t", i) + ".example.net ";
  Own(own);
  std::vector<std::string> level = {"t"};
  for (int depth = 0; depth < 3; ++depth) {
    std::vector<std::string> next;
    for (const std::string& prefix : level) {
      for (int i = 0; i < 10; ++i) {
        const std::string name = Numbered(prefix, i);
        next.push_back(name);
        std::string terms;
        for (int j = 0; j < 10; ++j) {
          terms += "include:" + Numbered(name, j) + ".example.net ";
        }
        Spf(name + ".example.net", terms);
      }
    }
    level = next;
  }
  const SpfFacts& spf = Learn();
  EXPECT_GT(spf.lookups, 100);
  EXPECT_LE(Asked().size(), size_t{SpfCollector::kMaxQueries});
}

TEST_F(SpfBombTest, HostsAreTwoQuestionsEach) {
  // At each level one include and, behind it, nine hosts.
  const auto terms = [](int level) {
    std::string text = "include:" + Numbered("l", level) + ".example.net";
    for (int i = 0; i < 9; ++i) {
      text += " a:" + Numbered(Numbered("h", level) + "-", i) + ".example.net";
    }
    return text;
  };
  Own(terms(0));
  for (int level = 0; level < 12; ++level) {
    Spf(Numbered("l", level) + ".example.net", terms(level + 1));
  }
  EXPECT_GT(Learn().lookups, 10);
  int hosts = 0;
  for (const std::string& line : zone_.asked()) hosts += line.ends_with(" 1");
  const int others = static_cast<int>(zone_.asked().size()) - 1 - hosts;
  EXPECT_LE(2 * hosts + others, SpfCollector::kMaxQueries);
}

}  // namespace
}  // namespace mxscan
