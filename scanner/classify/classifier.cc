#include "scanner/classify/classifier.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/types/span.h"
#include "scanner/classify/exchange_memory.h"
#include "scanner/classify/name_text.h"
#include "scanner/classify/network_memory.h"

namespace mxscan {
namespace {

constexpr std::string_view kNullExchange = ".";

void Clear(Verdict& verdict) {
  verdict.exchanges.clear();
  verdict.providers.clear();
  verdict.primary_mx = verdict.provider = verdict.provider_name =
      verdict.provider_category = verdict.mx_domain = {};
  verdict.via = Via::kNone;
  verdict.backend.Clear();
  verdict.networks.clear();
  verdict.network = {};
}

// Whose network is its mail service's, and nothing else's. (Those of others
// are full of their customers' servers.)
bool HasMailNetworks(const Provider& provider) {
  return provider.category == "mailbox" || provider.category == "gateway";
}

void AddDistinct(std::string_view id, std::vector<std::string_view>& ids) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

}  // namespace

struct Classifier::State {
  explicit State(const ClassifierSources& known)
      : sources(known), exchanges(*known.table, *known.suffixes) {
    if (known.networks != nullptr) networks.emplace(*known.networks);
  }

  // What is known of one exchange.
  struct Attribution {
    const Provider* provider = nullptr;
    Via via = Via::kNone;
    std::string_view id = kUnattributedId;
    bool at_host = false;  // An own name in a hosting company's network.
  };
  using Networks = absl::Span<const Network>;

  // Adds the networks of `addresses` to those of the verdict and returns them;
  // they hold until the next are added.
  Networks AddNetworks(absl::Span<const IpAddress> addresses, Verdict& verdict);
  Attribution Attribute(const ExchangeFacts& mx, ExchangeMemory::Entry& known,
                        std::string_view domain, Networks networks);
  Attribution AttributeToOwner(std::string_view host,
                               ExchangeMemory::Entry& known,
                               std::string_view domain, Networks networks);
  // In whose network each of these is, as far as they are known; null for
  // nobody's, and for those of several.
  const Provider* OwnerOf(Networks networks) const;
  bool IsAtHost(Networks networks) const;
  void ClassifyExchanges(const DomainFacts& facts, Verdict& verdict);
  void ClassifyOwnName(const DomainFacts& facts, Verdict& verdict);
  void SetRow(std::string_view exchange, std::string_view mx_domain,
              const Attribution& attribution, Verdict& verdict);
  void FindBackend(const DomainFacts& facts, Verdict& verdict) const;

  const ClassifierSources sources;
  ExchangeMemory exchanges;
  std::optional<NetworkMemory> networks;
  // Of the exchanges of this domain that have one, in delivery order.
  std::vector<const Provider*> exchange_owners;
};

Classifier::State::Networks Classifier::State::AddNetworks(
    absl::Span<const IpAddress> addresses, Verdict& verdict) {
  if (!networks) return {};
  const size_t first = verdict.networks.size();
  for (const IpAddress& address : addresses) {
    verdict.networks.push_back(networks->Find(address));
  }
  return Networks(verdict.networks).subspan(first);
}

const Provider* Classifier::State::OwnerOf(Networks of) const {
  const Provider* owner = nullptr;
  for (const Network& network : of) {
    if (network.number == 0) continue;
    const Provider* provider = sources.table->ByAsn(network.number);
    if (provider == nullptr) return nullptr;
    if (owner != nullptr && owner != provider) return nullptr;
    owner = provider;
  }
  return owner;
}

// Some have an address with each of two companies.
bool Classifier::State::IsAtHost(Networks of) const {
  bool found = false;
  for (const Network& network : of) {
    if (network.number == 0) continue;
    const Provider* provider = sources.table->ByAsn(network.number);
    if (provider == nullptr || HasMailNetworks(*provider)) return false;
    found = true;
  }
  return found;
}

Classifier::State::Attribution Classifier::State::Attribute(
    const ExchangeFacts& mx, ExchangeMemory::Entry& known,
    std::string_view domain, Networks of) {
  if (const ProviderMatch match = known.match(); match.provider != nullptr) {
    const Via via = match.by_pattern ? Via::kMxPattern : Via::kMxSuffix;
    return {match.provider, via, match.provider->id};
  }
  if (sources.addresses != nullptr) {
    const Provider* owner = sources.addresses->OwnerOf(mx.addresses);
    if (owner != nullptr) return {owner, Via::kAddress, owner->id};
  }
  if (const Provider* owner = OwnerOf(of);
      owner != nullptr && HasMailNetworks(*owner)) {
    return {owner, Via::kAsn, owner->id};
  }
  return AttributeToOwner(mx.exchange, known, domain, of);
}

// A domain is its host's own where it lies at or below the host's registrable
// domain, which has a dot in it; most hosts are seen not to be without asking.
Classifier::State::Attribution Classifier::State::AttributeToOwner(
    std::string_view host, ExchangeMemory::Entry& known,
    std::string_view domain, Networks of) {
  if (!EndAlikeBeforeADot(host, domain)) return {};
  const std::string_view owner = exchanges.RegistrableDomain(host, known);
  if (owner.empty() || !IsAtOrBelow(domain, owner)) return {};
  return {nullptr, Via::kOwnName, kOwnNameId, IsAtHost(of)};
}

void Classifier::State::SetRow(std::string_view exchange,
                               std::string_view mx_domain,
                               const Attribution& attribution,
                               Verdict& verdict) {
  verdict.primary_mx = exchange;
  verdict.mx_domain = mx_domain;
  verdict.provider = attribution.id;
  verdict.via = attribution.via;
  if (attribution.provider != nullptr) {
    verdict.provider_name = attribution.provider->name;
    verdict.provider_category = attribution.provider->category;
  } else if (attribution.via == Via::kOwnName) {
    verdict.provider_category = attribution.at_host ? "hosting" : "selfhosted";
  }
}

// Null exchanges take no mail; where one stands beside others (against
// RFC 7505 §3), the others are tried.
void Classifier::State::ClassifyExchanges(const DomainFacts& facts,
                                          Verdict& verdict) {
  exchange_owners.clear();
  const Provider* primary = nullptr;
  for (const ExchangeFacts& mx : facts.exchanges) {
    const Networks of = AddNetworks(mx.addresses, verdict);
    if (mx.exchange == kNullExchange) {
      verdict.exchanges.emplace_back();
      continue;
    }
    ExchangeMemory::Entry& known = exchanges.Find(mx.exchange);
    const Attribution attribution = Attribute(mx, known, facts.domain, of);
    const bool by_name =
        attribution.via == Via::kMxSuffix || attribution.via == Via::kMxPattern;
    verdict.exchanges.push_back(
        {attribution.id, by_name ? attribution.provider : nullptr});
    AddDistinct(attribution.id, verdict.providers);
    if (verdict.primary_mx.empty()) {
      SetRow(mx.exchange, exchanges.RegistrableDomain(mx.exchange, known),
             attribution, verdict);
      if (!of.empty()) verdict.network = of.front();
      primary = attribution.provider;
    }
    if (attribution.provider != nullptr) {
      exchange_owners.push_back(attribution.provider);
    }
  }
  if (primary != nullptr && StandsInFront(*primary)) {
    FindBackend(facts, verdict);
  }
}

void Classifier::State::FindBackend(const DomainFacts& facts,
                                    Verdict& verdict) const {
  Backend& backend = verdict.backend;
  for (const Provider* provider : exchange_owners) {
    AddBehind(*provider, backend);
  }
  backend.known = true;
  if (!backend.ids.empty()) {
    backend.via = BackendVia::kSecondaryMx;
  } else if (facts.txt) {
    AddFromSpf(*facts.txt, *sources.table, backend);
    if (!backend.ids.empty()) backend.via = BackendVia::kSpf;
  } else {
    backend.known = false;
    backend.wants_txt = true;
  }
}

void Classifier::State::ClassifyOwnName(const DomainFacts& facts,
                                        Verdict& verdict) {
  absl::Span<const IpAddress> addresses;
  if (facts.own_addresses) addresses = *facts.own_addresses;
  const Networks of = AddNetworks(addresses, verdict);
  if (!of.empty()) verdict.network = of.front();
  verdict.providers.push_back(kOwnNameId);
  SetRow(facts.domain, sources.suffixes->RegistrableDomain(facts.domain),
         {nullptr, Via::kOwnName, kOwnNameId, IsAtHost(of)}, verdict);
}

Classifier::Classifier(const ClassifierSources& sources)
    : state_(std::make_unique<State>(sources)) {}
Classifier::~Classifier() = default;

HostVerdict Classifier::ClassifyHost(std::string_view host) {
  HostVerdict verdict;
  verdict.provider = kUnattributedId;
  if (const ProviderMatch match = state_->sources.table->Find(host);
      match.provider != nullptr) {
    verdict.provider = match.provider->id;
    verdict.provider_name = match.provider->name;
    verdict.provider_category = match.provider->category;
    verdict.via = match.by_pattern ? Via::kMxPattern : Via::kMxSuffix;
  }
  verdict.mx_domain = state_->sources.suffixes->RegistrableDomain(host);
  return verdict;
}

void Classifier::Classify(const DomainFacts& facts, Verdict& verdict) {
  Clear(verdict);
  if (facts.status == DomainStatus::kImplicitMx) {
    state_->ClassifyOwnName(facts, verdict);
  } else {
    state_->ClassifyExchanges(facts, verdict);
  }
}

}  // namespace mxscan
