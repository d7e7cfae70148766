// What holds for all groups of checks together: a lookup that fails adds no
// finding but those that say so, and the order of answers means nothing.

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "scanner/audit/auditor.h"
#include "scanner/classify/classifier.h"
#include "scanner/collect/check_task.h"
#include "scanner/tables/embedded_tables.h"
#include "tests/support/zone_lookups.h"

namespace mxscan {
namespace {

using Ids = std::set<FindingId>;

constexpr std::string_view kExchanges[] = {"mx1.example.com",
                                           "mx2.example.com"};

// Which records there are, and what is signed, by the bits of a number.
class Worlds {
 public:
  explicit Worlds(uint64_t seed)
      : bits_((seed + 1) * 0x9e3779b97f4a7c15 >> 24) {}

  bool Draw() {
    const bool drawn = (bits_ & 1) != 0;
    bits_ >>= 1;
    return drawn;
  }

 private:
  uint64_t bits_;
};

class CheckProperties : public testing::Test {
 protected:
  // example.com of the world `seed`, into facts_ and zone_.
  void Make(uint64_t seed) {
    Worlds world(seed);
    zone_ = ZoneLookups();
    facts_ = DomainFacts();
    facts_.line.domain = domain_;
    facts_.domain = ToText(facts_.line.domain);
    facts_.status = DomainStatus::kOk;
    facts_.mx_known = true;
    facts_.how.emplace().outcome = Outcome::kAnswer;
    facts_.how->authenticated = world.Draw();
    for (int i = 0; i < 2; ++i) AddExchange(i, world);
    AddTxt("_mta-sts.example.com", "v=STSv1; id=1", world);
    AddTxt("_mta-sts.example.com", "v=STSv1; id=2", world);
    AddTxt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:a@b.c", world);
    AddTxt("_smtp._tls.example.com", "v=TLSRPTv1; rua=nobody", world);
    if (world.Draw()) zone_.A("mta-sts.example.com", "192.0.2.1");
    AddPolicy(world);
  }

  void AddExchange(int number, Worlds& world) {
    ExchangeFacts& exchange = facts_.exchanges.emplace_back();
    exchange.host = number;
    exchange.preference = number;
    exchange.exchange = kExchanges[number];
    exchange.state = HostState::kOk;
    exchange.addresses = {&address_, 1};
    exchange.secure_addresses = world.Draw();
    const std::string tlsa = std::string("_25._tcp.").append(exchange.exchange);
    if (world.Draw()) {
      std::vector<uint8_t> rdata(35, 1);
      rdata[0] = world.Draw() ? 3 : 1;
      zone_.Raw(tlsa, RrType::kTlsa, rdata);
    }
    if (world.Draw()) zone_.Signed(tlsa);
  }

  void AddTxt(std::string_view name, std::string_view text, Worlds& world) {
    if (world.Draw()) zone_.Txt(name, text);
  }

  void AddPolicy(Worlds& world) {
    const bool testing = world.Draw();
    if (!world.Draw()) return;
    zone_.File("https://mta-sts.example.com/.well-known/mta-sts.txt",
               FetchOutcome::kFile,
               testing ? "version: STSv1\nmode: testing\nmx: mx1.example.com\n"
                         "max_age: 1\n"
                       : "version: STSv1\nmode: enforce\nmx: *.example.com\n"
                         "max_age: 1\n");
  }

  Ids Find() {
    facts_.checks = CheckFacts();
    facts_.txt.reset();
    classifier_.Classify(facts_, verdict_);
    zone_.Run(task_, {facts_, verdict_, domain_, suffixes_, providers_, true,
                      /*fetches=*/true});
    task_.Fill(facts_.checks);
    if (task_.txt().known()) facts_.txt = task_.txt().records();
    Ids ids;
    for (const Finding& finding : auditor_.Audit(facts_, verdict_)) {
      ids.insert(finding.id);
    }
    return ids;
  }

  const Name domain_ = *Name::FromText("example.com");
  const IpAddress address_ = *IpAddress::FromText("44.10.1.1");
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  const FindingTable findings_ =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  const ProviderHosts provider_hosts_{providers_, suffixes_};
  Classifier classifier_{{.table = &providers_, .suffixes = &suffixes_}};
  Auditor auditor_{{.findings = &findings_,
                    .hosts = &provider_hosts_,
                    .providers = &providers_,
                    .suffixes = &suffixes_}};
  CheckTask task_{CheckSet::All()};
  DomainFacts facts_;
  Verdict verdict_;
  ZoneLookups zone_;
};

// The name in a question as ZoneLookups notes it.
std::string NameIn(const std::string& asked) {
  return asked.substr(0, asked.find(' '));
}

TEST_F(CheckProperties, AFailedLookupAddsNothingButThatItFailed) {
  int incomplete = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Make(seed);
    const Ids before = Find();
    const std::vector<std::string> asked = zone_.asked();
    for (const std::string& question : asked) {
      Make(seed);
      zone_.Fails(NameIn(question));
      Ids after = Find();
      incomplete += static_cast<int>(after.erase(FindingId::kLookupIncomplete));
      after.erase(FindingId::kDaneLookupFailed);
      EXPECT_TRUE(std::ranges::includes(before, after))
          << "seed " << seed << ", " << question;
    }
  }
  EXPECT_GT(incomplete, 500);
}

TEST_F(CheckProperties, TheOrderOfAnswersMeansNothing) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Make(seed);
    const Ids forwards = Find();
    Make(seed);
    zone_.Backwards();
    EXPECT_EQ(Find(), forwards) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mxscan
