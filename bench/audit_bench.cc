// What it costs to judge a domain: one item is one domain, here and below.

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <vector>

#include "scanner/audit/auditor.h"
#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

constexpr int kDomains = 4096;

// Domains with these exchanges each, where `*` is the domain's own name. Each
// host has one address of either family.
class Mail {
 public:
  explicit Mail(std::vector<std::string> exchanges) {
    for (int i = 0; i < kDomains; ++i) {
      const std::string domain = "customer" + std::to_string(i) + ".com";
      for (std::string exchange : exchanges) {
        const size_t star = exchange.find('*');
        if (star != exchange.npos) exchange.replace(star, 1, domain);
        texts_.push_back(std::move(exchange));
      }
      domains_.push_back(*Name::FromText(domain));
    }
    facts_.status = DomainStatus::kOk;
    facts_.how.emplace();
    facts_.exchanges.resize(exchanges.size());
    addresses_ = {*IpAddress::FromText("44.10.1.1"),
                  *IpAddress::FromText("44.10.2.1"),
                  *IpAddress::FromText("2a02:ffff:a::1")};
  }

  const DomainFacts& Next() {
    const size_t domain = next_++ % kDomains;
    facts_.line.domain = domains_[domain];
    for (size_t i = 0; i < facts_.exchanges.size(); ++i) {
      ExchangeFacts& mx = facts_.exchanges[i];
      mx.preference = static_cast<int32_t>(10 * i);
      mx.exchange = texts_[domain * facts_.exchanges.size() + i];
      mx.host = static_cast<int>(i);
      mx.ttl = 3600;
      mx.state = HostState::kOk;
      mx.addresses = absl::MakeConstSpan(addresses_).subspan(i % 2, 2 - i % 2);
    }
    return facts_;
  }

 private:
  std::vector<Name> domains_;
  std::vector<std::string> texts_;
  std::vector<IpAddress> addresses_;
  DomainFacts facts_;
  size_t next_ = 0;
};

struct World {
  ProviderTable providers =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  PublicSuffixes suffixes = *PublicSuffixes::System();
  FindingTable findings =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  ProviderHosts hosts{providers, suffixes};
  Classifier classifier{{&providers, &suffixes, nullptr}};
  Auditor auditor{{&findings, &hosts, &providers, &suffixes}};
};

void Audit(benchmark::State& state, std::vector<std::string> exchanges,
           bool audited) {
  World world;
  Mail mail(std::move(exchanges));
  Verdict verdict;
  for (auto _ : state) {
    const DomainFacts& facts = mail.Next();
    world.classifier.Classify(facts, verdict);
    if (!audited) continue;
    benchmark::DoNotOptimize(world.auditor.Audit(facts, verdict));
  }
  state.SetItemsProcessed(state.iterations());
}

const std::vector<std::string> kOwn = {"mail.*", "mx2.*"};
const std::vector<std::string> kForeign = {"mx1.some-provider-of-mail.net",
                                           "mx2.some-provider-of-mail.net"};
const std::vector<std::string> kTenant = {"*.mail.protection.outlook.com"};
const std::vector<std::string> kGoogle = {
    "aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com",
    "alt3.aspmx.l.google.com", "alt4.aspmx.l.google.com"};

// The difference of the two is what the audit costs.
BENCHMARK_CAPTURE(Audit, OwnHostsOnlyClassified, kOwn, false);
BENCHMARK_CAPTURE(Audit, OwnHosts, kOwn, true);
BENCHMARK_CAPTURE(Audit, ForeignHostsOnlyClassified, kForeign, false);
BENCHMARK_CAPTURE(Audit, ForeignHosts, kForeign, true);
BENCHMARK_CAPTURE(Audit, TenantOnlyClassified, kTenant, false);
BENCHMARK_CAPTURE(Audit, Tenant, kTenant, true);
BENCHMARK_CAPTURE(Audit, GoogleOnlyClassified, kGoogle, false);
BENCHMARK_CAPTURE(Audit, Google, kGoogle, true);

}  // namespace
}  // namespace mxscan
