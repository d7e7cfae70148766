// What holds for SPF, DMARC and parked domains in any world: hundreds of small
// ones are made by chance, of terms and records that lead to one another in
// every way, and each is looked at again with answers in another order, and
// with lookups that fail.

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/audit/auditor.h"
#include "tests/scanner/collect/checked_domain.h"

namespace mxscan {
namespace {

using testing::ElementsAre;

constexpr int kWorlds = 300;

// Names, and what stands there.
struct World {
  std::vector<std::pair<std::string, std::string>> txt;
  std::vector<std::string> hosts;
  DomainStatus status = DomainStatus::kOk;
};

constexpr std::string_view kNames[] = {"example.com",    "w1.example.net",
                                       "w2.example.net", "w3.example.net",
                                       "w4.example.net", "w5.example.net"};

class WorldMaker {
 public:
  explicit WorldMaker(uint32_t seed) : chance_(seed) {}

  World Make() {
    World world;
    static constexpr DomainStatus kStatuses[] = {
        DomainStatus::kOk, DomainStatus::kImplicitMx, DomainStatus::kNullMx,
        DomainStatus::kNoMail};
    world.status = Of(kStatuses);
    for (const std::string_view name : kNames) {
      if (Chance(5)) continue;
      world.txt.emplace_back(name, Spf());
      if (Chance(8)) world.txt.emplace_back(name, Spf());
      if (Chance(6)) world.txt.emplace_back(name, "v=DMARC1; p=reject");
      if (Chance(2)) world.hosts.emplace_back(name);
    }
    for (const std::string_view name : {"shop.example.com", "example.com"}) {
      if (Chance(2)) continue;
      world.txt.emplace_back("_dmarc." + std::string(name), Dmarc());
      if (Chance(6)) world.txt.emplace_back("_dmarc.example.com", Dmarc());
    }
    // A public suffix that has a record says what it is.
    if (Chance(4)) world.txt.emplace_back("_dmarc.com", Dmarc() + "; psd=y");
    for (const std::string_view host : {"r1.example.org", "r2.example.edu"}) {
      if (Chance(2)) continue;
      world.txt.emplace_back("example.com._report._dmarc." + std::string(host),
                             "v=DMARC1");
    }
    return world;
  }

  bool Chance(uint32_t one_in) { return chance_() % one_in == 0; }

  template <typename Value, size_t size>
  const Value& Of(const Value (&values)[size]) {
    return values[chance_() % size];
  }

 private:
  std::string Spf() {
    static constexpr std::string_view kTerms[] = {
        "include:", "include:", "include:", "a:", "a:", "mx:", "exists:"};
    static constexpr std::string_view kOthers[] = {
        "ptr", "ip4:44.1.1.1",     "ip4:44.1.1.300", "a",
        "mx",  "include:%{i}.x.y", "include:single"};
    static constexpr std::string_view kEnds[] = {"-all", "~all", "?all", "+all",
                                                 ""};
    std::string text = "v=spf1";
    for (uint32_t left = chance_() % 6; left > 0; --left) {
      text += " ";
      if (Chance(4)) {
        text += Of(kOthers);
      } else {
        text.append(Of(kTerms)).append(Name());
      }
    }
    text.append(" ").append(Of(kEnds));
    if (Chance(4)) text.append(" redirect=").append(Name());
    return text;
  }

  std::string Dmarc() {
    static constexpr std::string_view kTags[] = {
        "p=none",   "p=reject", "p=reject; sp=none", "p=block",
        "sp=bad",   "t=y",      "pct=5; p=reject",   "p=quarantine",
        "p=reject", "p=reject"};
    static constexpr std::string_view kReports[] = {
        "", "; rua=mailto:a@example.com", "; rua=mailto:a@r1.example.org",
        "; ruf=mailto:a@r2.example.edu"};
    std::string text = "v=DMARC1; ";
    return text.append(Of(kTags)).append(Of(kReports));
  }

  // One that may or may not be there.
  std::string_view Name() {
    return Chance(4) ? "gone.example.net" : Of(kNames);
  }

  std::minstd_rand chance_;
};

class PolicyPropertiesTest : public testing::Test {
 protected:
  static ZoneLookups ZoneOf(const World& world) {
    ZoneLookups zone;
    for (const auto& [name, text] : world.txt) zone.Txt(name, text);
    for (const std::string& name : world.hosts) zone.A(name, "44.1.1.1");
    return zone;
  }

  // The findings of the groups, as text; `whole` with all that is said of it.
  std::set<std::string> Findings(ZoneLookups zone, const World& world,
                                 bool whole) {
    DomainFacts& facts = domain_.facts();
    facts.line.domain = *Name::FromText("shop.example.com");
    facts.domain = ToText(facts.line.domain);
    facts.status = world.status;
    facts.exchanges.clear();
    domain_.Learn(zone, "shop.example.com");
    std::set<std::string> lines;
    for (const Finding& finding : auditor_.Audit(facts, verdict_)) {
      std::string line(NameOf(finding.id));
      line.append(" ").append(finding.subject);
      if (whole) {
        line.append(" ").append(finding.detail);
        line.append(" ").append(std::to_string(finding.number));
      }
      lines.insert(line);
    }
    asked_ = zone.asked();
    return lines;
  }

  // The names that were asked for, each once.
  std::set<std::string> AskedNames() const {
    std::set<std::string> names;
    for (const std::string& line : asked_) {
      names.insert(line.substr(0, line.find(' ')));
    }
    return names;
  }

  CheckedDomain domain_{
      CheckSet().Add(CheckGroup::kSpf).Add(CheckGroup::kDmarc)};
  FindingTable table_ =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  const ProviderHosts hosts_{domain_.providers(), domain_.suffixes()};
  Auditor auditor_{
      {&table_, &hosts_, &domain_.providers(), &domain_.suffixes()}};
  Verdict verdict_;
  std::vector<std::string> asked_;
};

// The scanned domain has a record that leads into the world.
World WorldOf(uint32_t seed) {
  WorldMaker maker(seed);
  World world = maker.Make();
  if (!maker.Chance(10)) {
    world.txt.emplace_back(
        "shop.example.com",
        "v=spf1 include:w1.example.net include:w2.example.net a:w3.example.net "
        "redirect=w4.example.net");
  }
  return world;
}

TEST_F(PolicyPropertiesTest, OrderOfRecordsAndAnswersMeansNothing) {
  for (uint32_t seed = 1; seed <= kWorlds; ++seed) {
    World world = WorldOf(seed);
    const auto before = Findings(ZoneOf(world), world, true);
    const auto asked = AskedNames();
    std::minstd_rand chance(seed);
    for (uint32_t order = 0; order < 3; ++order) {
      std::shuffle(world.txt.begin(), world.txt.end(), chance);
      const auto after =
          Findings(ZoneOf(world).Shuffled(seed + order), world, true);
      EXPECT_EQ(after, before) << "world " << seed;
      EXPECT_EQ(AskedNames(), asked) << "world " << seed;
    }
  }
}

TEST_F(PolicyPropertiesTest, ALookupThatFailsNeverAddsAFinding) {
  for (uint32_t seed = 1; seed <= kWorlds; ++seed) {
    const World world = WorldOf(seed);
    std::set<std::string> known = Findings(ZoneOf(world), world, false);
    const std::set<std::string> names = AskedNames();
    for (const std::string& name : names) {
      ZoneLookups zone = ZoneOf(world).Fails(name).Shuffled(seed);
      for (const std::string& line : Findings(zone, world, false)) {
        if (line.starts_with("lookup_incomplete ")) continue;
        EXPECT_EQ(known.count(line), 1U)
            << line << " in world " << seed << " without " << name;
      }
    }
  }
}

TEST_F(PolicyPropertiesTest, NothingIsFoundMissingWhereNobodyAnswers) {
  World world;
  ZoneLookups zone;
  for (const std::string_view name :
       {"shop.example.com", "_dmarc.shop.example.com"}) {
    zone.Fails(name, Outcome::kSilence);
  }
  for (const DomainStatus status :
       {DomainStatus::kOk, DomainStatus::kImplicitMx, DomainStatus::kNullMx}) {
    world.status = status;
    const auto all = Findings(zone, world, false);
    std::vector<std::string> of_groups;
    for (const std::string& line : all) {
      const bool is_row = line == "implicit_mx " || line == "null_mx ";
      if (!is_row) of_groups.push_back(line);
    }
    EXPECT_THAT(of_groups,
                ElementsAre("lookup_incomplete _dmarc.shop.example.com"));
  }
}

TEST_F(PolicyPropertiesTest, QuestionsStayWithinTheirLimits) {
  for (uint32_t seed = 1; seed <= kWorlds; ++seed) {
    const World world = WorldOf(seed);
    Findings(ZoneOf(world), world, false);
    EXPECT_LE(asked_.size(), 50U + 8U + 20U) << "world " << seed;
  }
}

}  // namespace
}  // namespace mxscan
