#include <algorithm>
#include <string>

#include "scanner/audit/checks.h"
#include "scanner/audit/provider_hosts.h"

namespace mxscan {
namespace {

using enum FindingId;
using Hosts = absl::Span<const MxHost>;

bool IsA(const MxHost& host, std::string_view category) {
  return host.provider != nullptr && host.provider->category == category;
}

// The hosts of one documented set among those of the domain.
class SetView {
 public:
  SetView(const CheckContext& context, int number)
      : context_(context), number_(number) {}

  // Some of the set, and nothing else of that provider.
  void CheckComplete(const Provider& provider) const {
    int here = 0;
    for (const MxHost& host : context_.mx.hosts()) {
      if (host.provider != &provider) continue;
      if (!Has(host)) return;
      ++here;
    }
    const auto set = context_.sources.hosts->set(number_);
    const int missing = static_cast<int>(set.size()) - here;
    if (missing == 0) return;
    const auto first = std::ranges::find_if(
        set, [this](const DocumentedHost& host) { return !IsHere(host.name); });
    context_.out.Add(kProviderIncomplete, provider.name, first->name, missing);
  }

  // The first host that stands behind one of a worse rank.
  void CheckOrder() const {
    for (const MxHost& better : context_.mx.hosts()) {
      if (!Has(better)) continue;
      for (const MxHost& worse : context_.mx.hosts()) {
        if (worse.preference() >= better.preference()) break;
        const bool inverted =
            Has(worse) && worse.documented.rank > better.documented.rank;
        if (!inverted) continue;
        return context_.out.Add(kPriorityInverted, better.name(), worse.name());
      }
    }
  }

 private:
  bool Has(const MxHost& host) const { return host.documented.set == number_; }
  bool IsHere(std::string_view name) const {
    return std::ranges::any_of(context_.mx.hosts(), [name](const MxHost& host) {
      return host.name() == name;
    });
  }

  const CheckContext& context_;
  const int number_;
};

// Each set once, when the first of its hosts comes.
void CheckSets(const CheckContext& context) {
  uint64_t seen = 0;  // One bit a set; those beyond are looked at again.
  for (const MxHost& host : context.mx.hosts()) {
    const int set = host.documented.set;
    if (set < 0) continue;
    const uint64_t bit = set < 64 ? uint64_t{1} << set : 0;
    if ((seen & bit) != 0) continue;
    seen |= bit;
    const SetView view(context, set);
    view.CheckComplete(*host.provider);
    view.CheckOrder();
  }
}

// Where two keep mailboxes, either mail is split between them, or what one of
// them still gets goes where nobody looks any more.
void CheckMailboxes(const CheckContext& context) {
  const Hosts hosts = context.mx.hosts();
  const auto first = std::ranges::find_if(
      hosts, [](const MxHost& host) { return IsA(host, "mailbox"); });
  if (first == hosts.end()) return;
  bool split = false;
  for (auto host = first + 1; host != hosts.end(); ++host) {
    if (!IsA(*host, "mailbox") || host->provider == first->provider) continue;
    if (host->preference() == first->preference()) {
      context.out.Add(kProviderSplit, host->name(), first->name(),
                      host->preference());
      split = true;
      continue;
    }
    if (split) return;
    const bool said = std::any_of(first, host, [host](const MxHost& before) {
      return before.provider == host->provider;
    });
    if (!said) {
      context.out.Add(kProviderLeftover, host->name(), host->provider->name);
    }
  }
}

void CheckGateway(const CheckContext& context) {
  const MxHost* gateway = nullptr;
  const MxHost* other = nullptr;
  for (const MxHost& host : context.mx.hosts()) {
    if (host.use != Use::kUsable) continue;
    const MxHost*& place = IsA(host, "gateway") ? gateway : other;
    if (place == nullptr) place = &host;
  }
  if (gateway == nullptr || other == nullptr) return;
  context.out.Add(kGatewayBypassMx, other->name(), gateway->name());
}

void CheckRetired(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) {
    if (host.provider == nullptr) continue;
    if (!context.sources.hosts->IsRetired(host.name(), *host.provider)) {
      continue;
    }
    context.out.Add(kProviderDeprecatedHost, host.name(), host.provider->name);
  }
}

// The domain's own hosts are named as it likes.
bool IsOwn(const CheckContext& context, std::string_view host_domain) {
  const PublicSuffixes& suffixes = *context.sources.suffixes;
  return suffixes.RegistrableDomain(context.facts.domain) == host_domain;
}

void CheckSlip(const CheckContext& context, const MxHost& host) {
  const ProviderHosts& documented = *context.sources.hosts;
  const PublicSuffixes& suffixes = *context.sources.suffixes;
  const bool resolves = !host.facts->addresses.empty();
  const bool is_gone = host.facts->state == HostState::kNxDomain ||
                       host.facts->state == HostState::kNoData;
  if (!resolves && !is_gone) return;
  const std::string_view meant = resolves ? documented.VeryNear(host.name())
                                          : documented.Near(host.name());
  if (meant.empty()) return;
  const std::string_view domain = suffixes.RegistrableDomain(host.name());
  if (IsOwn(context, domain)) return;
  if (is_gone) return context.out.Add(kMxProviderTypo, host.name(), meant);
  if (domain == suffixes.RegistrableDomain(meant)) return;
  context.out.Add(kMxLookalikeLive, host.name(), meant);
}

}  // namespace

void CheckProviders(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) {
    const bool by_nobody =
        host.facts->shape == ExchangeShape::kHost && host.provider == nullptr;
    if (by_nobody) CheckSlip(context, host);
  }
  if (!context.mx.any_provider()) return;
  CheckSets(context);
  CheckRetired(context);
  if (context.mx.hosts().size() < 2) return;
  CheckMailboxes(context);
  CheckGateway(context);
}

}  // namespace mxscan
