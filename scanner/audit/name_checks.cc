#include <optional>
#include <string_view>

#include "scanner/audit/checks.h"
#include "scanner/classify/name_text.h"

namespace mxscan {
namespace {

using enum FindingId;

constexpr int kManyHosts = 10;

std::optional<FindingId> FindingOf(ExchangeShape shape) {
  switch (shape) {
    case ExchangeShape::kLocalhost: return kMxLocalhost;
    case ExchangeShape::kVerificationLeftover: return kMxVerificationLeftover;
    case ExchangeShape::kIpLiteral: return kMxIpLiteral;
    case ExchangeShape::kInvalidHostName: return kMxInvalidHostname;
    case ExchangeShape::kSingleLabel: return kMxSingleLabel;
    case ExchangeShape::kReservedTld: return kMxReservedTld;
    case ExchangeShape::kHost:
    case ExchangeShape::kNull: break;
  }
  return std::nullopt;
}

// What stands before `zone` in `host`; empty when that is not below it.
std::string_view PrefixBefore(std::string_view host, std::string_view zone) {
  if (host.size() <= zone.size() || !IsAtOrBelow(host, zone)) return {};
  return host.substr(0, host.size() - zone.size() - 1);
}

// Where `zone` was added to a name that was whole without it, that name.
bool IsWholeName(std::string_view prefix, std::string_view zone,
                 const ProviderTable& providers) {
  if (LabelsIn(prefix) < 2) return false;
  if (IsAtOrBelow(prefix, zone)) return true;
  const ProviderMatch match = providers.Find(prefix);
  return match.provider != nullptr && !match.by_pattern;
}

// A name without its final dot has the zone's name added (RFC 1035 §5.1). The
// zone is the domain's own, or that of its registrable domain. The suffix list
// is asked last, for its answer is the dear one.
void CheckTrailingDot(const CheckContext& context, const MxHost& host) {
  const ProviderTable& providers = *context.sources.providers;
  const std::string_view domain = context.facts.domain;
  if (!EndAlikeBeforeADot(host.name(), domain)) return;
  std::string_view zone = domain;
  for (int labels = LabelsIn(domain); labels >= 2; --labels) {
    zone = LastLabels(domain, labels);
    const std::string_view prefix = PrefixBefore(host.name(), zone);
    if (prefix.empty() || !IsWholeName(prefix, zone, providers)) continue;
    const bool is_zone =
        zone.size() == domain.size() ||
        context.sources.suffixes->RegistrableDomain(domain) == zone;
    if (!is_zone) continue;
    return context.out.Add(kMxMissingTrailingDot, host.name(), prefix);
  }
}

void CheckHostName(const CheckContext& context, const MxHost& host) {
  if (const auto id = FindingOf(host.facts->shape)) {
    return context.out.Add(*id, host.name());
  }
  if (host.last_preference != host.preference()) {
    context.out.Add(kMxDuplicateHost, host.name(), {}, host.last_preference);
  }
  if (host.name().find('_') != std::string_view::npos) {
    context.out.Add(kMxUnderscoreHost, host.name());
  }
  CheckTrailingDot(context, host);
}

}  // namespace

void CheckNames(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) CheckHostName(context, host);
  const auto hosts = static_cast<int>(context.mx.hosts().size());
  if (hosts > kManyHosts) context.out.Add(kMxMany, {}, {}, hosts);
}

}  // namespace mxscan
