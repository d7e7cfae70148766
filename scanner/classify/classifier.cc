#include "scanner/classify/classifier.h"

#include <algorithm>
#include <array>

#include "resolver/wire/name.h"
#include "scanner/classify/registrable_memory.h"

namespace mxscan {
namespace {

constexpr std::string_view kNullExchange = ".";

// True for `ancestor` itself and every name below it, both as text.
bool IsAtOrBelow(std::string_view name, std::string_view ancestor) {
  if (!name.ends_with(ancestor)) return false;
  const size_t rest = name.size() - ancestor.size();
  if (rest == 0) return true;
  // A dot after a backslash belongs to a label.
  return name[rest - 1] == '.' && (rest < 2 || name[rest - 2] != '\\');
}

void Clear(Verdict& verdict) {
  verdict.exchange_providers.clear();
  verdict.named_providers.clear();
  verdict.providers.clear();
  verdict.primary_mx = verdict.provider = verdict.provider_name =
      verdict.provider_category = verdict.mx_domain = {};
  verdict.via = Via::kNone;
  verdict.backend.Clear();
}

void AddDistinct(std::string_view id, std::vector<std::string_view>& ids) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

}  // namespace

struct Classifier::State {
  explicit State(const ClassifierSources& known)
      : sources(known), registrable(*known.suffixes) {}

  // What is known of one exchange.
  struct Attribution {
    const Provider* provider = nullptr;
    Via via = Via::kNone;
    std::string_view id = kUnattributedId;
  };

  Attribution Attribute(const ExchangeFacts& mx, NameView domain);
  std::string_view TextOf(NameView domain);
  void ClassifyExchanges(const DomainFacts& facts, Verdict& verdict);
  void ClassifyOwnName(NameView domain, Verdict& verdict);
  void SetRow(std::string_view exchange, const Attribution& attribution,
              Verdict& verdict);
  void FindBackend(const DomainFacts& facts, Verdict& verdict) const;

  const ClassifierSources sources;
  RegistrableMemory registrable;
  std::array<char, kMaxNameText> domain_text;  // What TextOf wrote last.
  // Of the exchanges of this domain that have one, in delivery order.
  std::vector<const Provider*> exchange_owners;
};

std::string_view Classifier::State::TextOf(NameView domain) {
  const int length = WriteText(domain, domain_text.data());
  return {domain_text.data(), static_cast<size_t>(length)};
}

Classifier::State::Attribution Classifier::State::Attribute(
    const ExchangeFacts& mx, NameView domain) {
  if (const ProviderMatch match = sources.table->Find(mx.exchange);
      match.provider != nullptr) {
    const Via via = match.by_pattern ? Via::kMxPattern : Via::kMxSuffix;
    return {match.provider, via, match.provider->id};
  }
  if (sources.addresses != nullptr) {
    const Provider* owner = sources.addresses->OwnerOf(mx.addresses);
    if (owner != nullptr) return {owner, Via::kAddress, owner->id};
  }
  const std::string_view owner = registrable.Find(mx.exchange);
  if (!owner.empty() && IsAtOrBelow(TextOf(domain), owner)) {
    return {nullptr, Via::kOwnName, kOwnNameId};
  }
  return {};
}

void Classifier::State::SetRow(std::string_view exchange,
                               const Attribution& attribution,
                               Verdict& verdict) {
  verdict.primary_mx = exchange;
  verdict.provider = attribution.id;
  verdict.via = attribution.via;
  verdict.mx_domain = registrable.Find(exchange);
  if (attribution.provider != nullptr) {
    verdict.provider_name = attribution.provider->name;
    verdict.provider_category = attribution.provider->category;
  } else if (attribution.via == Via::kOwnName) {
    verdict.provider_category = "selfhosted";
  }
}

// Null exchanges take no mail; where one stands beside others (against
// RFC 7505 §3), the others are tried.
void Classifier::State::ClassifyExchanges(const DomainFacts& facts,
                                          Verdict& verdict) {
  exchange_owners.clear();
  const Provider* primary = nullptr;
  for (const ExchangeFacts& mx : facts.exchanges) {
    if (mx.exchange == kNullExchange) {
      verdict.exchange_providers.push_back({});
      verdict.named_providers.push_back(nullptr);
      continue;
    }
    const Attribution attribution = Attribute(mx, facts.line.domain);
    const bool by_name =
        attribution.via == Via::kMxSuffix || attribution.via == Via::kMxPattern;
    verdict.exchange_providers.push_back(attribution.id);
    verdict.named_providers.push_back(by_name ? attribution.provider : nullptr);
    AddDistinct(attribution.id, verdict.providers);
    if (verdict.primary_mx.empty()) {
      SetRow(mx.exchange, attribution, verdict);
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

void Classifier::State::ClassifyOwnName(NameView domain, Verdict& verdict) {
  verdict.providers.push_back(kOwnNameId);
  SetRow(TextOf(domain), {nullptr, Via::kOwnName, kOwnNameId}, verdict);
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
  verdict.mx_domain = state_->registrable.Find(host);
  return verdict;
}

void Classifier::Classify(const DomainFacts& facts, Verdict& verdict) {
  Clear(verdict);
  if (facts.status == DomainStatus::kImplicitMx) {
    state_->ClassifyOwnName(facts.line.domain, verdict);
  } else {
    state_->ClassifyExchanges(facts, verdict);
  }
}

}  // namespace mxscan
