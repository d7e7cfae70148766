#include <algorithm>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

void CheckTarget(const CheckContext& context, const MxHost& host) {
  switch (host.facts->state) {
    case HostState::kNxDomain:
      context.out.Add(kMxTargetNxdomain, host.name());
      break;
    case HostState::kNoData:
      context.out.Add(kMxTargetNoAddress, host.name());
      break;
    case HostState::kFailed:
      context.out.Add(kMxTargetLookupFailed, host.name());
      break;
    case HostState::kLoop:
      context.out.Add(kMxTargetCnameLoop, host.name());
      context.out.Add(kMxTargetCname, host.name());
      break;
    case HostState::kOk:
    case HostState::kNotQueried:
    case HostState::kNull: break;
  }
  if (!host.facts->alias.empty()) {
    context.out.Add(kMxTargetCname, host.name(), host.facts->alias);
  }
  if (host.facts->registration == Registration::kNone) {
    context.out.Add(kMxTakeoverUnregistered, host.name(),
                    host.facts->registrable);
  }
}

bool HasNone(const MxHost& host) { return host.use == Use::kNone; }

// REQUIRES: there are hosts.
void CheckAllTargets(const CheckContext& context) {
  const auto hosts = context.mx.hosts();
  if (std::ranges::all_of(hosts, HasNone)) {
    return context.out.Add(kMxNoneUsable, {}, {},
                           static_cast<int64_t>(hosts.size()));
  }
  const int32_t best = hosts.front().preference();
  const auto worse = std::ranges::find_if(
      hosts, [best](const MxHost& host) { return host.preference() > best; });
  const bool lost = std::all_of(hosts.begin(), worse, HasNone);
  if (lost && context.mx.any_usable()) {
    context.out.Add(kMxPrimaryUnresolvable, hosts.front().name(), {}, best);
  }
}

}  // namespace

void CheckTargets(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) CheckTarget(context, host);
  CheckAllTargets(context);
}

}  // namespace mxscan
