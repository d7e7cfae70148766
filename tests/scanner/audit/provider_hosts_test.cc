#include "scanner/audit/provider_hosts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/classify/name_text.h"
#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

class ProviderHostsTest : public testing::Test {
 protected:
  const ProviderTable table_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderHosts hosts_{table_, suffixes_};
};

TEST_F(ProviderHostsTest, MakesASetOfWhatStandsBelowOneSuffix) {
  const int set = hosts_.Find("aspmx.l.google.com").set;
  EXPECT_EQ(hosts_.Find("alt4.aspmx.l.google.com").set, set);
  EXPECT_EQ(hosts_.set(set).size(), 5U);
  EXPECT_NE(hosts_.Find("smtp.google.com").set, set);
  EXPECT_EQ(hosts_.set(hosts_.Find("mx.zoho.com").set).size(), 3U);
  EXPECT_EQ(hosts_.Find("mx.example.com").set, -1);
}

TEST_F(ProviderHostsTest, KnowsServicesThatHaveEnded) {
  const Provider& postini = *table_.ById("google_postini");
  EXPECT_TRUE(hosts_.IsRetired("a.b.psmtp.com", postini));
  EXPECT_FALSE(hosts_.IsRetired("a.b.xpsmtp.com", postini));
  EXPECT_FALSE(hosts_.IsRetired("psmtp.com", *table_.ById("proton")));
}

TEST_F(ProviderHostsTest, SeesSlipsInDocumentedHostsAndTenantSuffixes) {
  EXPECT_EQ(hosts_.Near("aspmx.i.google.com"), "aspmx.l.google.com");
  EXPECT_EQ(hosts_.Near("aspmx.l.gogole.com"), "aspmx.l.google.com");
  EXPECT_EQ(hosts_.Near("a-com.mail.protection.outlok.com"),
            "mail.protection.outlook.com");
  EXPECT_EQ(hosts_.Near("mail.example.com"), "");
  EXPECT_EQ(hosts_.Near("mx3.zoho.co"), "");  // Too short to tell.
}

// One slip anywhere in the name, and both ways of looking agree.
TEST_F(ProviderHostsTest, SeesEverySingleSlipWithoutComparingAll) {
  std::mt19937 random(7);
  for (const std::string_view name :
       {"aspmx.l.google.com", "alt1.aspmx.l.google.com", "smtp.google.com",
        "mail.protonmail.ch", "in1-smtp.messagingengine.com",
        "x.mail.protection.outlook.com"}) {
    const size_t from = name.starts_with("x.") ? 2 : 0;
    for (size_t at = from; at < name.size(); ++at) {
      if (name[at] == '.') continue;
      std::string wrong(name);
      wrong[at] = wrong[at] == 'q' ? 'z' : 'q';
      EXPECT_NE(hosts_.VeryNear(wrong), "") << wrong;
      std::string more(name);
      more.insert(at, 1, 'q');
      EXPECT_NE(hosts_.VeryNear(more), "") << more;
      std::string less(name);
      less.erase(at, 1);
      EXPECT_NE(hosts_.VeryNear(less), "") << less;
      std::string turned(name);
      if (at + 1 < name.size() && name[at + 1] != '.' &&
          name[at + 1] != name[at]) {
        std::swap(turned[at], turned[at + 1]);
        EXPECT_NE(hosts_.VeryNear(turned), "") << turned;
      }
    }
  }
}

TEST_F(ProviderHostsTest, SeesTwoSlipsWhateverLettersTheyBringAndTake) {
  const std::string_view name = "mail.protonmail.ch";
  for (size_t at = 0; at < name.size(); ++at) {
    for (size_t other = 0; other < name.size(); ++other) {
      if (name[at] == '.' || name[other] == '.') continue;
      std::string wrong(name);
      wrong[at] = 'q';
      wrong[other] = 'z';
      EXPECT_EQ(hosts_.Near(wrong), name) << wrong;
      wrong[other] = wrong[at];
      EXPECT_EQ(hosts_.Near(wrong), name) << wrong;
      std::string longer(name);
      longer.insert(at, 1, 'q').insert(other, 1, 'z');
      EXPECT_EQ(hosts_.Near(longer), name) << longer;
    }
  }
}

TEST_F(ProviderHostsTest, TakesNoProvidersOwnNameForASlip) {
  for (const DocumentedHost& host : table_.documented_hosts()) {
    EXPECT_EQ(hosts_.VeryNear(host.name), "") << host.name;
  }
  EXPECT_EQ(hosts_.VeryNear("a-com.mail.protection.outlook.com"), "");
  EXPECT_EQ(hosts_.VeryNear("x"), "");
  EXPECT_EQ(hosts_.VeryNear(""), "");
}

// The plain recursion of the definition.
int SlowSlips(std::string_view a, std::string_view b) {
  if (a.empty()) return static_cast<int>(b.size());
  if (b.empty()) return static_cast<int>(a.size());
  const auto without = [](std::string_view text, size_t n) {
    return text.substr(0, text.size() - n);
  };
  int slips = std::min({SlowSlips(without(a, 1), b) + 1,
                        SlowSlips(a, without(b, 1)) + 1,
                        SlowSlips(without(a, 1), without(b, 1)) +
                            (a.back() == b.back() ? 0 : 1)});
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] &&
      b.back() == a[a.size() - 2]) {
    slips = std::min(slips, SlowSlips(without(a, 2), without(b, 2)) + 1);
  }
  return slips;
}

TEST(SlipsBetween, AreThoseOfTheDefinition) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string a;
    std::string b;
    for (unsigned i = random() % 6; i > 0; --i) a += "ab."[random() % 3];
    for (unsigned i = random() % 6; i > 0; --i) b += "ab."[random() % 3];
    for (int limit : {1, 2}) {
      EXPECT_EQ(SlipsBetween(a, b, limit), std::min(SlowSlips(a, b), limit + 1))
          << a << " and " << b;
    }
  }
}

TEST(NameText, CountsLabelsAndTakesTheLast) {
  EXPECT_EQ(LabelsIn(""), 0);
  EXPECT_EQ(LabelsIn("com"), 1);
  EXPECT_EQ(LabelsIn("a\\.b.com"), 2);
  EXPECT_EQ(LastLabels("a.b.c", 2), "b.c");
  EXPECT_EQ(LastLabels("a.b.c", 3), "a.b.c");
  EXPECT_EQ(LastLabels("a.b.c", 9), "a.b.c");
  EXPECT_EQ(LastLabels("x.a\\.b.com", 2), "a\\.b.com");
  EXPECT_TRUE(IsAtOrBelow("a.b.c", "b.c"));
  EXPECT_FALSE(IsAtOrBelow("ab.c", "b.c"));
  EXPECT_FALSE(IsAtOrBelow("a\\.b.c", "b.c"));
}

}  // namespace
}  // namespace mxscan
