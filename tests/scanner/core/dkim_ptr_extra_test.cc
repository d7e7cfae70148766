// The collectors of the groups dkim, ptr and extra, over zones.

#include <array>
#include <deque>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/audit/auditor.h"
#include "scanner/collect/check_task.h"
#include "scanner/collect/ptr_collector.h"
#include "scanner/collect/random_label.h"
#include "scanner/tables/audit_data.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/zone_lookups.h"

namespace mxscan {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr uint64_t kSeed = 7;

std::vector<uint8_t> Rdata(std::string_view name, int32_t preference = -1) {
  std::vector<uint8_t> rdata;
  if (preference >= 0) rdata = {0, static_cast<uint8_t>(preference)};
  const Name wire = *Name::FromText(name);
  rdata.insert(rdata.end(), wire.view().bytes().begin(),
               wire.view().bytes().end());
  return rdata;
}

// A domain that takes mail by the exchanges that are added.
class CollectorsTest : public testing::Test {
 protected:
  CollectorsTest() { facts_.status = DomainStatus::kOk; }

  void AddMx(std::string_view exchange,
             const std::vector<std::string>& addresses = {}) {
    auto& kept = addresses_.emplace_back();
    for (const std::string& address : addresses) {
      kept.push_back(*IpAddress::FromText(address));
    }
    ExchangeFacts& mx = facts_.exchanges.emplace_back();
    mx.preference = 10;
    mx.exchange = exchange;
    mx.addresses = kept;
  }

  const CheckFacts& Learn(CheckGroup group,
                          std::string_view domain = "example.com") {
    CheckTask*& task = tasks_[static_cast<size_t>(group)];
    if (task == nullptr) {
      owned_.push_back(
          std::make_unique<CheckTask>(CheckSet().Add(group), kSeed));
      task = owned_.back().get();
    }
    const Name name = *Name::FromText(domain);
    zone_.Run(*task, {facts_, verdict_, name, suffixes_, providers_});
    task->Fill(learnt_);
    return learnt_;
  }

  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  DomainFacts facts_;
  Verdict verdict_;
  ZoneLookups zone_;
  std::deque<std::vector<IpAddress>> addresses_;
  std::vector<std::unique_ptr<CheckTask>> owned_;
  std::array<CheckTask*, kCheckGroupNames.size()> tasks_{};
  CheckFacts learnt_;
};

TEST(RandomLabel, IsTheSameForANameAndARunAndNoOther) {
  const Name a = *Name::FromText("a.example");
  const Name b = *Name::FromText("b.example");
  EXPECT_EQ(RandomLabel(a, 1), RandomLabel(a, 1));
  EXPECT_NE(RandomLabel(a, 1), RandomLabel(a, 2));
  EXPECT_NE(RandomLabel(a, 1), RandomLabel(b, 1));
  for (uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_THAT(RandomLabel(a, seed), testing::MatchesRegex("[a-p][a-z2-7]+"));
    EXPECT_THAT(RandomLabel(a, seed), SizeIs(13));
  }
}

TEST(ReverseName, TurnsAddressesRound) {
  EXPECT_EQ(ReverseName(*IpAddress::FromText("192.0.2.1")),
            "1.2.0.192.in-addr.arpa");
  EXPECT_EQ(ReverseName(*IpAddress::FromText("2001:db8::567:89ab")),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
            "ip6.arpa");
}

class DkimTest : public CollectorsTest {
 protected:
  DkimTest() { verdict_.providers = {"microsoft365", "own_name"}; }

  const DkimFacts& Dkim() { return *Learn(CheckGroup::kDkim).dkim; }

  const std::string nobodys_ =
      RandomLabel(*Name::FromText("_domainkey.example.com"), kSeed) +
      "._domainkey.example.com";
};

TEST_F(DkimTest, LooksAtTheSelectorsOfTheProviders) {
  zone_.Txt("_domainkey.example.com", "o=-");
  zone_.Txt("selector2._domainkey.example.com", "v=DKIM1; p=");
  const DkimFacts& dkim = Dkim();
  EXPECT_EQ(dkim.parent, "_domainkey.example.com");
  EXPECT_EQ(dkim.below, DkimFacts::Below::kSomething);
  ASSERT_THAT(dkim.selectors, SizeIs(2));
  EXPECT_EQ(dkim.selectors[0].name, "selector1._domainkey.example.com");
  EXPECT_TRUE(dkim.selectors[0].known);
  EXPECT_FALSE(dkim.selectors[0].has_key);
  EXPECT_TRUE(dkim.selectors[1].is_revoked);
  EXPECT_TRUE(dkim.wildcard_known);
  EXPECT_FALSE(dkim.has_wildcard);
}

TEST_F(DkimTest, AsksForNobodysNameOnlyWhereThereIsSomething) {
  EXPECT_EQ(Dkim().below, DkimFacts::Below::kNothing);
  EXPECT_THAT(zone_.asked(), Not(Contains(HasSubstr(nobodys_))));
  zone_.Txt("_domainkey.example.com", "x");
  zone_.Txt(nobodys_, "v=DKIM1; p=");
  EXPECT_TRUE(Dkim().has_wildcard);
}

TEST_F(DkimTest, TakesNoFailureForAnAbsence) {
  zone_.Fails("_domainkey.example.com");
  zone_.Fails("selector1._domainkey.example.com", Outcome::kSilence);
  const DkimFacts& dkim = Dkim();
  EXPECT_EQ(dkim.below, DkimFacts::Below::kUnknown);
  EXPECT_FALSE(dkim.selectors[0].known);
  EXPECT_TRUE(dkim.selectors[1].known);
  EXPECT_FALSE(dkim.wildcard_known);
  EXPECT_TRUE(learnt_.failed);
}

TEST_F(DkimTest, TakesTheLeastOfSeveralKeys) {
  const std::string name = "selector1._domainkey.example.com";
  zone_.Txt(name, "v=DKIM1; k=rsa; p=!").Txt(name, "v=DKIM1; k=rsa; p=");
  EXPECT_TRUE(Dkim().selectors[0].is_revoked);
}

TEST_F(DkimTest, AsksNothingOfADomainWithoutMailOrWithoutRoom) {
  const std::string label(61, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  EXPECT_THAT(Learn(CheckGroup::kDkim, longest).dkim->selectors, IsEmpty());
  facts_.status = DomainStatus::kNullMx;
  EXPECT_FALSE(Learn(CheckGroup::kDkim).dkim);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(CollectorsTest, ConfirmsAReverseNameByAnyOfItsNames) {
  AddMx("mx1.example.com", {"44.0.0.1", "10.0.0.1"});
  AddMx("mx2.example.com", {"44.0.0.1", "44.0.0.2"});
  zone_.Raw("1.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("b.example.net"));
  zone_.Raw("1.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("a.example.net"));
  zone_.A("b.example.net", "44.0.0.1");
  const auto addresses = Learn(CheckGroup::kPtr).ptr->addresses;
  ASSERT_THAT(addresses, SizeIs(2));  // Each once, no private one.
  EXPECT_EQ(addresses[0].exchange, "mx1.example.com");
  EXPECT_EQ(addresses[0].names, 2);
  EXPECT_EQ(addresses[0].name, "a.example.net");
  EXPECT_TRUE(addresses[0].is_confirmed);
  EXPECT_EQ(addresses[1].exchange, "mx2.example.com");
  EXPECT_TRUE(addresses[1].known);
  EXPECT_EQ(addresses[1].names, 0);
}

TEST_F(CollectorsTest, DoesNotSayThatANameLeadsElsewhereWhenNobodyKnows) {
  AddMx("mx1.example.com", {"44.0.0.1", "44.0.0.2", "44.0.0.3"});
  zone_.Raw("1.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("a.example.net"));
  zone_.Raw("2.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("b.example.net"));
  zone_.Fails("b.example.net");
  zone_.Fails("3.0.0.44.in-addr.arpa");
  const auto addresses = Learn(CheckGroup::kPtr).ptr->addresses;
  ASSERT_THAT(addresses, SizeIs(3));
  EXPECT_TRUE(addresses[0].confirmation_known);
  EXPECT_FALSE(addresses[0].is_confirmed);
  EXPECT_FALSE(addresses[1].confirmation_known);
  EXPECT_FALSE(addresses[2].known);
}

TEST_F(CollectorsTest, AsksForNoMoreReverseNamesThanItsLimits) {
  std::vector<std::string> many;
  for (int i = 1; i < 100; ++i) many.push_back("44.0.0." + std::to_string(i));
  AddMx("mx1.example.com", many);
  for (int i = 0; i < 30; ++i) {
    zone_.Raw("1.0.0.44.in-addr.arpa", RrType::kPtr,
              Rdata("h" + std::to_string(i) + ".example.net"));
  }
  const auto addresses = Learn(CheckGroup::kPtr).ptr->addresses;
  EXPECT_THAT(addresses, SizeIs(PtrCollector::kMaxAddresses));
  EXPECT_FALSE(addresses[0].confirmation_known);  // Not all were looked at.
  EXPECT_THAT(zone_.asked(),
              SizeIs(PtrCollector::kMaxAddresses + PtrCollector::kMaxNames));
}

TEST_F(CollectorsTest, FindsNameServersInDomainsThatNobodyHas) {
  AddMx("mx.relay.net", {"44.0.0.1"});
  AddMx("mx2.relay.net", {"44.0.0.2"});
  zone_.A("www.example.com", "44.0.0.9");
  zone_.Raw("relay.net", RrType::kNs, Rdata("ns.relay.net"));
  zone_.Raw("relay.net", RrType::kNs, Rdata("ns.gone.org"));
  zone_.Raw("relay.net", RrType::kNs, Rdata("ns.lost.org"));
  zone_.Fails("lost.org");
  const ExtraFacts& extra = *Learn(CheckGroup::kExtra).extra;
  ASSERT_THAT(extra.dangling, SizeIs(1));
  EXPECT_EQ(extra.dangling[0].domain, "relay.net");
  EXPECT_EQ(extra.dangling[0].registrable, "gone.org");
  EXPECT_THAT(extra.web_addresses,
              ElementsAre(*IpAddress::FromText("44.0.0.9")));
  EXPECT_TRUE(learnt_.failed);
}

TEST_F(CollectorsTest, KnowsAWildcardByAnotherNameWithTheSameMx) {
  AddMx("mx.relay.net");
  const std::string nobodys =
      RandomLabel(*Name::FromText("example.com"), kSeed) + ".example.com";
  EXPECT_FALSE(
      Learn(CheckGroup::kExtra, "a.example.com").extra->sibling_is_same);
  EXPECT_THAT(zone_.asked(), Contains(HasSubstr(nobodys)));
  zone_.Raw(nobodys, RrType::kMx, Rdata("mx.relay.net", 10));
  EXPECT_TRUE(
      Learn(CheckGroup::kExtra, "a.example.com").extra->sibling_is_same);
  zone_.Raw(nobodys, RrType::kMx, Rdata("mx2.relay.net", 10));
  EXPECT_FALSE(
      Learn(CheckGroup::kExtra, "a.example.com").extra->sibling_is_same);
}

TEST_F(CollectorsTest, LooksForTheMxOfTheDomainAboveOneWithoutAny) {
  facts_.status = DomainStatus::kImplicitMx;
  const auto has = [this](std::string_view domain) {
    return Learn(CheckGroup::kExtra, domain).extra->parent_has_mx;
  };
  EXPECT_FALSE(has("example.com"));
  EXPECT_THAT(zone_.asked(), IsEmpty());
  EXPECT_FALSE(has("shop.example.com"));
  zone_.Raw("example.com", RrType::kMx, Rdata(".", 0));
  EXPECT_FALSE(has("shop.example.com"));
  zone_.Raw("example.com", RrType::kMx, Rdata("mx.example.com", 10));
  EXPECT_TRUE(has("shop.example.com"));
  EXPECT_EQ(learnt_.extra->parent, "example.com");
}

std::vector<uint8_t> SoaRdata() {
  std::vector<uint8_t> rdata = Rdata("ns.gone.org");
  const std::vector<uint8_t> mailbox = Rdata("hostmaster.gone.org");
  rdata.insert(rdata.end(), mailbox.begin(), mailbox.end());
  rdata.insert(rdata.end(), 20, 0);  // Serial number and times.
  return rdata;
}

// What may stand in the zone of a random world, and whose lookup may fail.
struct Entry {
  std::string name;
  RrType type;
  std::vector<uint8_t> rdata;
};

std::vector<Entry> Entries() {
  const std::string sibling =
      RandomLabel(*Name::FromText("example.com"), kSeed) + ".example.com";
  const std::vector<uint8_t> key = {11,  'v', '=', 'D', 'K', 'I',
                                    'M', '1', ';', 'p', '=', ';'};
  return {{"_domainkey.a.example.com", RrType::kTxt, key},
          {"google._domainkey.a.example.com", RrType::kTxt, key},
          {"1.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("mx.relay.net")},
          {"2.0.0.44.in-addr.arpa", RrType::kPtr, Rdata("mx2.relay.net")},
          {"mx.relay.net", RrType::kA, {44, 0, 0, 1}},
          {"mx2.relay.net", RrType::kA, {44, 0, 0, 9}},
          {"a.example.com", RrType::kA, {44, 0, 0, 1}},
          {"www.a.example.com", RrType::kA, {44, 0, 0, 2}},
          {"relay.net", RrType::kNs, Rdata("ns.gone.org")},
          {"gone.org", RrType::kSoa, SoaRdata()},
          {sibling, RrType::kMx, Rdata("mx.relay.net", 10)}};
}

class Worlds : public CollectorsTest {
 protected:
  using Found = std::set<std::pair<std::string_view, std::string>>;

  Worlds()
      : data_(*OpenProviderData({})),
        audit_(*AuditData::Open({}, data_)),
        auditor_(audit_->sources()) {
    AddMx("mx.relay.net", {"44.0.0.1", "44.0.0.2"});
    facts_.exchanges[0].state = HostState::kOk;
    facts_.mx_known = true;
    verdict_.providers = {"google_workspace"};
    verdict_.exchanges.resize(1);
  }

  static void Put(const Entry& entry, ZoneLookups& zone) {
    if (entry.type != RrType::kA) {
      zone.Raw(entry.name, entry.type, entry.rdata);
      return;
    }
    std::string text;
    for (const uint8_t octet : entry.rdata) {
      text += (text.empty() ? "" : ".") + std::to_string(octet);
    }
    zone.A(entry.name, text);
  }

  Found FindIn(ZoneLookups& zone) {
    CheckSet groups;
    groups.Add(CheckGroup::kDkim).Add(CheckGroup::kPtr).Add(CheckGroup::kExtra);
    CheckTask task(groups, kSeed);
    const Name name = *Name::FromText("a.example.com");
    zone.Run(task, {facts_, verdict_, name, suffixes_, providers_});
    task.Fill(facts_.checks);
    Found found;
    for (const Finding& finding : auditor_.Audit(facts_, verdict_)) {
      if (finding.id == FindingId::kLookupIncomplete) continue;
      found.emplace(NameOf(finding.id), finding.subject);
    }
    facts_.checks = {};
    return found;
  }

  const ProviderData data_;
  const std::unique_ptr<AuditData> audit_;
  Auditor auditor_;
};

TEST_F(Worlds, FailuresNeverAddAFindingNorDoesTheOrderOfAnswers) {
  std::mt19937 random(1);
  const std::vector<Entry> entries = Entries();
  Found ever;
  for (int round = 0; round < 400; ++round) {
    ZoneLookups calm;
    ZoneLookups backwards;
    ZoneLookups shaken;
    backwards.Backwards();
    for (const Entry& entry : entries) {
      if (random() % 2 == 0) continue;
      for (ZoneLookups* zone : {&calm, &backwards, &shaken}) Put(entry, *zone);
    }
    for (const Entry& entry : entries) {
      if (random() % 4 == 0) shaken.Fails(entry.name);
    }
    const Found found = FindIn(calm);
    EXPECT_EQ(FindIn(backwards), found);
    EXPECT_THAT(FindIn(shaken), testing::IsSubsetOf(found));
    ever.insert(found.begin(), found.end());
  }
  EXPECT_GE(ever.size(), 10u);  // The worlds differ.
}

}  // namespace
}  // namespace mxscan
