#include "scanner/audit/mx_view.h"

#include <algorithm>

#include "scanner/audit/special_addresses.h"

namespace mxscan {
namespace {

// A name that cannot be a mail host has no address, without any question.
bool IsRuledOut(const ExchangeFacts& facts) {
  return facts.shape != ExchangeShape::kHost;
}

// NXDOMAIN and a circle of aliases speak of the name, so of both families,
// whatever became of the question for the other one.
bool IsSettled(const ExchangeFacts& facts) {
  return IsRuledOut(facts) || facts.state == HostState::kNxDomain ||
         facts.state == HostState::kLoop;
}

void CountAddresses(MxHost& host) {
  for (const IpAddress& address : host.facts->addresses) {
    if (KindOf(address) != AddressKind::kGlobal) continue;
    const bool is_a = address.family == IpAddress::Family::kV4;
    ++(is_a ? host.usable_a : host.usable_aaaa);
  }
}

MxHost ViewOf(const ExchangeFacts& facts, const Provider* provider) {
  MxHost host;
  host.facts = &facts;
  host.provider = provider;
  host.last_preference = facts.preference;
  const bool asked = facts.state != HostState::kNotQueried;
  host.a_known = IsSettled(facts) || (asked && !facts.a_unknown);
  host.aaaa_known = IsSettled(facts) || (asked && !facts.aaaa_unknown);
  CountAddresses(host);
  if (host.usable_a + host.usable_aaaa > 0) {
    host.use = Use::kUsable;
  } else if (host.a_known && host.aaaa_known) {
    host.use = Use::kNone;
  }
  return host;
}

}  // namespace

void MxView::Read(const DomainFacts& facts, const Verdict& verdict,
                  const ProviderHosts& providers) {
  hosts_.clear();
  by_host_.assign(facts.exchanges.size(), -1);
  records_ = static_cast<int>(facts.exchanges.size());
  roots_ = usable_ = 0;
  root_preference_ = 0;
  all_a_known_ = all_aaaa_known_ = true;
  any_provider_ = false;
  for (size_t i = 0; i < facts.exchanges.size(); ++i) {
    Add(facts.exchanges[i], verdict.exchanges[i].named, providers);
  }
}

void MxView::Add(const ExchangeFacts& facts, const Provider* provider,
                 const ProviderHosts& providers) {
  if (facts.shape == ExchangeShape::kNull) {
    ++roots_;
    root_preference_ = std::max(root_preference_, facts.preference);
    return;
  }
  int& place = by_host_[facts.host];
  if (place >= 0) {
    hosts_[place].last_preference = facts.preference;
    return;
  }
  place = static_cast<int>(hosts_.size());
  const bool rented = provider != nullptr && provider->category == "selfhosted";
  MxHost& host =
      hosts_.emplace_back(ViewOf(facts, rented ? nullptr : provider));
  if (host.provider != nullptr) host.documented = providers.Find(host.name());
  all_a_known_ &= host.a_known;
  all_aaaa_known_ &= host.aaaa_known;
  usable_ += host.use == Use::kUsable ? 1 : 0;
  any_provider_ |= host.provider != nullptr;
}

}  // namespace mxscan
