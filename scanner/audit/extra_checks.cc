#include <algorithm>
#include <string_view>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// An exchange that is also where the domain's web site is.
void CheckWebHost(const CheckContext& context, const ExtraFacts& extra) {
  for (const MxHost& host : context.mx.hosts()) {
    for (const IpAddress& address : host.facts->addresses) {
      if (std::ranges::count(extra.web_addresses, address) == 0) continue;
      context.out.Add(kMxIsWebHost, host.name(),
                      context.out.Keep(ToText(address)));
      break;
    }
  }
}

// Who runs a host: the provider that its name tells, or whoever has its domain.
std::string_view OperatorOf(const CheckContext& context, const MxHost& host) {
  if (host.provider != nullptr) return host.provider->id;
  return context.sources.suffixes->RegistrableDomain(host.name());
}

// One finding for each operator of whom none of the best exchanges is.
void CheckBackups(const CheckContext& context) {
  const auto hosts = context.mx.hosts();
  if (hosts.size() < 2) return;
  const int32_t best = hosts.front().preference();
  std::vector<std::string_view> seen;
  for (const MxHost& host : hosts) {
    const std::string_view who = OperatorOf(context, host);
    if (who.empty() || host.facts->shape != ExchangeShape::kHost) continue;
    if (std::ranges::find(seen, who) != seen.end()) continue;
    if (host.preference() > best && !seen.empty()) {
      context.out.Add(kBackupOtherOperator, host.name(), hosts.front().name());
    }
    seen.push_back(who);
  }
}

}  // namespace

void CheckExtra(const CheckContext& context) {
  const ExtraFacts& extra = *context.facts.checks.extra;
  if (extra.parent_has_mx) context.out.Add(kSubdomainNoMx, {}, extra.parent);
  if (extra.sibling_is_same) context.out.Add(kWildcardMx);
  for (const DanglingServer& server : extra.dangling) {
    context.out.Add(kMxTakeoverDanglingNs, server.domain, server.registrable);
  }
  CheckWebHost(context, extra);
  CheckBackups(context);
}

}  // namespace mxscan
