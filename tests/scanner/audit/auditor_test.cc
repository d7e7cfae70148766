// What is looked at here is what no scan of a prepared world can show: facts
// in every combination. That each finding comes where it should, and not where
// it should not, is shown over the wire by tests/end_to_end/audit_test.py.

#include "scanner/audit/auditor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/tables/embedded_tables.h"
#include "tests/scanner/audit/mail_facts.h"

namespace mxscan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class AuditorTest : public testing::Test {
 protected:
  absl::Span<const Finding> Audit(const DomainFacts& facts) {
    classifier_.Classify(facts, verdict_);
    return auditor_.Audit(facts, verdict_);
  }

  // As `error mx_target_nxdomain gone.example.com`.
  std::vector<std::string> Lines(const DomainFacts& facts) {
    std::vector<std::string> lines;
    for (const Finding& finding : Audit(facts)) {
      std::string line(WordFor(finding.severity));
      line.append(" ").append(NameOf(finding.id));
      if (!finding.subject.empty()) line.append(" ").append(finding.subject);
      lines.push_back(line);
    }
    return lines;
  }
  std::vector<std::string> Lines(MailFacts& mail) {
    return Lines(mail.facts());
  }

  std::set<FindingId> Ids(MailFacts& mail) {
    std::set<FindingId> ids;
    for (const Finding& finding : Audit(mail.facts())) ids.insert(finding.id);
    return ids;
  }

  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  FindingTable table_ =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  const ProviderHosts hosts_{providers_, suffixes_};
  Classifier classifier_{{&providers_, &suffixes_, nullptr}};
  Auditor auditor_{{&table_, &hosts_, &providers_, &suffixes_}};
  Verdict verdict_;
};

TEST_F(AuditorTest, FindsNothingWrongWithTwoHostsOnTwoNetworks) {
  MailFacts mail;
  mail.Mx(10, "mx1.example.com", {"44.10.1.1", "2a02:ffff:a:1::1"})
      .Mx(20, "mx2.example.com", {"44.10.2.1", "2a02:ffff:b:2::1"});
  EXPECT_THAT(Lines(mail), IsEmpty());
}

TEST_F(AuditorTest, PutsTheMostSevereFirstAndThenTheCataloguesOrder) {
  MailFacts mail;
  mail.Mx(10, "gone.example.com").Is(HostState::kNxDomain);
  mail.Mx(20, "mx_2.example.com", {"44.10.1.1"});
  EXPECT_THAT(Lines(mail),
              ElementsAre("error mx_target_nxdomain gone.example.com",
                          "error mx_primary_unresolvable gone.example.com",
                          "warning mx_underscore_host mx_2.example.com",
                          "info ipv6_missing"));
}

TEST_F(AuditorTest, SaysNothingOfALineThatIsNoDomain) {
  MailFacts mail;
  mail.Status(DomainStatus::kInvalidInput);
  EXPECT_THAT(Lines(mail), IsEmpty());
}

TEST_F(AuditorTest, HasOneShapeForAnExchangeAndThenNothingElseOfIt) {
  MailFacts mail;
  mail.Mx(10, "192.0.2.1").Mx(20, "192.0.2.1");
  EXPECT_THAT(Lines(mail), ElementsAre("error mx_ip_literal 192.0.2.1",
                                       "error mx_none_usable"));
}

TEST_F(AuditorTest, TakesNoHostForLostWhoseLookupFailed) {
  MailFacts mail;
  mail.Mx(10, "mx1.example.com").FailsFor(true, true);
  mail.Mx(20, "gone.example.com").Is(HostState::kNxDomain);
  const std::set<FindingId> ids = Ids(mail);
  EXPECT_THAT(ids, Contains(FindingId::kMxTargetNxdomain));
  EXPECT_THAT(ids, Contains(FindingId::kMxTargetLookupFailed));
  EXPECT_THAT(ids, Contains(FindingId::kLookupIncomplete));
  EXPECT_THAT(ids, Not(Contains(FindingId::kMxNoneUsable)));
  EXPECT_THAT(ids, Not(Contains(FindingId::kMxPrimaryUnresolvable)));
}

TEST_F(AuditorTest, CallsAPrivateAddressAnErrorOnlyWhereNothingElseCanBe) {
  MailFacts alone;
  alone.Mx(10, "mx.example.com", {"10.0.0.1"});
  EXPECT_THAT(Lines(alone), Contains("error addr_private mx.example.com"));
  MailFacts half_known;
  half_known.Mx(10, "mx.example.com", {"10.0.0.1"}).FailsFor(false, true);
  EXPECT_THAT(Lines(half_known),
              Contains("warning addr_private mx.example.com"));
}

TEST_F(AuditorTest, KnowsNothingOfHostsThatWereNotAskedFor) {
  MailFacts mail;
  mail.Mx(10, "mx1.example.com").Is(HostState::kNotQueried);
  mail.Mx(20, "mx2.example.com").Is(HostState::kNotQueried);
  EXPECT_THAT(Lines(mail), IsEmpty());
}

TEST_F(AuditorTest, TakesRentedServersForTheirTenantsOwn) {
  MailFacts mail;
  mail.Mx(10, "vps1.ovh.net", {"44.10.1.1"});
  EXPECT_THAT(Lines(mail), Contains("warning single_mx vps1.ovh.net"));
}

TEST_F(AuditorTest, GoesByWhatAUserSaysOfSeverities) {
  ASSERT_TRUE(table_
                  .Change("mine.tsv",
                          "id\tgroup\tseverity\tmessage\tmeaning\tremedy\t"
                          "reference\nsingle_mx\t\terror,off\t\t\t\t\n"
                          "ipv6_missing\t\toff\t\t\t\t\n")
                  .ok());
  MailFacts one;
  one.Mx(10, "mx.example.com", {"44.10.1.1"});
  EXPECT_THAT(Lines(one), ElementsAre("error single_mx mx.example.com"));
  MailFacts several;
  several.Mx(10, "mx.example.com", {"44.10.1.1", "44.10.2.1"});
  EXPECT_THAT(Lines(several), IsEmpty());
}

TEST_F(AuditorTest, SeesTwoHostsOfOneAddressAmongAnyNumber) {
  for (int hosts = 2; hosts < 20; ++hosts) {
    MailFacts mail;
    MailFacts apart;
    for (int i = 0; i < hosts; ++i) {
      const std::string name = "mx" + std::to_string(i) + ".example.com";
      const std::string address = "44.10." + std::to_string(i) + ".1";
      const bool is_twin = i == hosts - 1;
      mail.Mx(i, name, {is_twin ? "44.10.0.1" : address});
      apart.Mx(i, name, {address});
    }
    EXPECT_THAT(Ids(mail), Contains(FindingId::kMxSharedAddress)) << hosts;
    EXPECT_THAT(Ids(apart), Not(Contains(FindingId::kMxSharedAddress)));
  }
}

TEST_F(AuditorTest, SurvivesThousandsOfExchanges) {
  MailFacts mail;
  for (int i = 0; i < 4000; ++i) {
    mail.Mx(i % 7, "mx" + std::to_string(i / 2) + ".example.com",
            {"44.10.1.1"});
  }
  EXPECT_THAT(Ids(mail), Contains(FindingId::kMxMany));
}

// Facts of every kind, by chance.
class RandomMail {
 public:
  explicit RandomMail(uint64_t seed) : random_(seed) {}

  void Fill(MailFacts& mail) {
    const int count = Draw(5);
    for (int i = 0; i < count; ++i) AddHost(mail);
  }

 private:
  int Draw(int below) { return static_cast<int>(random_() % below); }

  void AddHost(MailFacts& mail) {
    static constexpr std::string_view kHosts[] = {
        ".",
        "localhost",
        "mx1.example.com",
        "mx2.example.com",
        "mx_3.example.com",
        "aspmx.l.google.com",
        "alt1.aspmx.l.google.com",
        "aspmx.i.google.com",
        "mx.zoho.com",
        "x.mail.protection.outlook.com",
        "x.mail.protection.outlok.com",
        "us-smtp-inbound-1.mimecast.com",
        "aspmx.l.google.com.example.com",
        "a.psmtp.com",
        "10.1.2.3"};
    static constexpr std::string_view kAddresses[] = {
        "44.10.1.1",      "44.10.1.2",      "44.10.2.1",
        "127.0.0.1",      "10.0.0.1",       "203.0.113.1",
        "2a02:ffff:a::1", "2a02:ffff:b::1", "fd00::1"};
    const std::string_view host = kHosts[Draw(std::size(kHosts))];
    const int preference = 10 * Draw(3);
    for (const ExchangeFacts& mx : mail.exchanges()) {
      if (mx.exchange == host) return;
    }
    const std::string_view a = kAddresses[Draw(6)];
    const std::string_view aaaa = kAddresses[6 + Draw(3)];
    switch (Draw(5)) {
      case 0: mail.Mx(preference, host, {a}); break;
      case 1: mail.Mx(preference, host, {aaaa}); break;
      case 2: mail.Mx(preference, host, {a, aaaa}); break;
      default: mail.Mx(preference, host); break;
    }
    ExchangeFacts& mx = mail.exchanges().back();
    if (mx.shape != ExchangeShape::kHost) {
      mx.addresses = {};
      mx.state = mx.shape == ExchangeShape::kNull ? HostState::kNull
                                                  : HostState::kNotQueried;
    } else if (mx.addresses.empty() && Draw(3) == 0) {
      mx.state = Draw(2) == 0 ? HostState::kNxDomain : HostState::kLoop;
    }
  }

  std::mt19937_64 random_;
};

// Makes the lookup of one family of host `i` fail.
void Fail(MailFacts& mail, size_t i, bool ipv6) {
  ExchangeFacts& mx = mail.exchanges()[i];
  const auto family = ipv6 ? IpAddress::Family::kV6 : IpAddress::Family::kV4;
  static std::deque<std::vector<IpAddress>> kept;
  std::vector<IpAddress>& left = kept.emplace_back();
  for (const IpAddress& address : mx.addresses) {
    if (address.family != family) left.push_back(address);
  }
  mx.addresses = left;
  (ipv6 ? mx.aaaa_unknown : mx.a_unknown) = true;
  if (left.empty()) mx.state = HostState::kFailed;
}

TEST_F(AuditorTest, FindsNothingMoreWhenALookupFails) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    MailFacts whole;
    RandomMail(seed).Fill(whole);
    if (whole.exchanges().empty()) continue;
    const std::set<FindingId> before = Ids(whole);
    for (size_t i = 0; i < whole.exchanges().size(); ++i) {
      if (whole.exchanges()[i].shape != ExchangeShape::kHost) continue;
      MailFacts broken;
      RandomMail(seed).Fill(broken);
      broken.facts();
      const HostState state = broken.exchanges()[i].state;
      Fail(broken, i, seed % 2 == 0);
      // NXDOMAIN of the one family speaks for the other.
      if (state == HostState::kNxDomain || state == HostState::kLoop) continue;
      std::set<FindingId> after = Ids(broken);
      EXPECT_EQ(after.count(FindingId::kLookupIncomplete), 1U);
      after.erase(FindingId::kLookupIncomplete);
      after.erase(FindingId::kMxTargetLookupFailed);
      EXPECT_TRUE(std::ranges::includes(before, after))
          << "seed " << seed << ", host " << i;
    }
  }
}

TEST_F(AuditorTest, DoesNotMindTheOrderOfTheRecords) {
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    MailFacts one;
    MailFacts other;
    RandomMail(seed).Fill(one);
    RandomMail(seed).Fill(other);
    std::ranges::reverse(other.exchanges());
    EXPECT_EQ(Lines(one), Lines(other)) << "seed " << seed;
  }
}

TEST_F(AuditorTest, HasForEverySentenceWhatItsPlacesStandFor) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    MailFacts mail;
    RandomMail(seed).Fill(mail);
    for (const Finding& finding : Audit(mail.facts())) {
      const std::string& message = table_.entry(finding.id).message;
      if (message.find("{detail}") == message.npos) continue;
      EXPECT_FALSE(finding.detail.empty()) << NameOf(finding.id);
    }
  }
}

}  // namespace
}  // namespace mxscan
