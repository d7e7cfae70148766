#include <algorithm>
#include <array>
#include <string_view>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

constexpr int64_t kLowTtl = 300;
constexpr int64_t kHighTtl = 86400;

void CheckNullMx(const CheckContext& context) {
  const MxView& mx = context.mx;
  if (mx.roots() == 0) return;
  if (mx.records() == 1) context.out.Add(kNullMx);
  if (mx.records() > 1) context.out.Add(kNullMxMixed, {}, {}, mx.records());
  if (mx.root_preference() != 0) {
    context.out.Add(kNullMxNonzeroPref, {}, {}, mx.root_preference());
  }
}

// An alias at a name that somebody registered stands beside that zone's SOA
// and NS, which must not be; a name below it may well be one.
void CheckOwnAlias(const CheckContext& context) {
  const DomainFacts& facts = context.facts;
  if (facts.alias.empty()) return;
  const std::string_view domain = facts.domain;
  const bool at_apex = !facts.alias_is_dname &&
                       context.sources.suffixes->IcannDomain(domain) == domain;
  context.out.Add(at_apex ? kCnameAtApex : kDomainIsCname, {}, facts.alias);
}

void CheckTtl(const CheckContext& context) {
  const auto& exchanges = context.facts.exchanges;
  if (exchanges.empty()) return;
  const auto [low, high] =
      std::ranges::minmax_element(exchanges, {}, &ExchangeFacts::ttl);
  // What a cache gives is what is left of it.
  const bool is_first_hand =
      context.facts.how.has_value() && context.facts.how->authoritative;
  if (low->ttl < kLowTtl && is_first_hand) {
    context.out.Add(kMxTtlLow, {}, {}, low->ttl);
  }
  if (high->ttl > kHighTtl) context.out.Add(kMxTtlHigh, {}, {}, high->ttl);
}

// Which families of `host` nobody could tell; empty when all is settled.
std::string_view UnknownOf(const MxHost& host) {
  if (host.facts->state == HostState::kNotQueried) return {};
  if (!host.a_known && !host.aaaa_known) return "A and AAAA";
  if (!host.a_known) return "A";
  return host.aaaa_known ? "" : "AAAA";
}

// Once a row: the first lookup that left something open.
void CheckOwnLookups(const CheckContext& context) {
  const DomainFacts& facts = context.facts;
  switch (facts.status) {
    case DomainStatus::kServFail:
      if (facts.how && facts.how->outcome == Outcome::kLoop) {
        return context.out.Add(kMxTargetCnameLoop);
      }
      break;
    case DomainStatus::kRefused:
    case DomainStatus::kTimeout:
    case DomainStatus::kMalformed: break;
    case DomainStatus::kIndeterminate:
      if (!facts.own_addresses) return;  // Nobody asked for them.
      return context.out.Add(kLookupIncomplete, {}, "A or AAAA");
    default: return;
  }
  context.out.Add(kLookupIncomplete, {}, "MX");
}

// True when one has failed.
bool CheckHostLookups(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) {
    std::string_view unknown = UnknownOf(host);
    if (unknown.empty() && host.facts->registration == Registration::kUnknown) {
      unknown = "the registration";
    }
    if (unknown.empty()) continue;
    context.out.Add(kLookupIncomplete, host.name(), unknown);
    return true;
  }
  return false;
}

std::string_view WordFor(RrType type) {
  switch (type) {
    case RrType::kA: return "A or AAAA";
    case RrType::kNs: return "NS";
    case RrType::kSoa: return "SOA";
    case RrType::kPtr: return "PTR";
    case RrType::kMx: return "MX";
    case RrType::kTlsa: return "TLSA";
    default: return "TXT";
  }
}

// What the groups beyond `mx` asked for.
void CheckGroupLookups(const CheckContext& context) {
  const std::optional<FailedLookup>& failed = context.facts.checks.failed;
  if (!failed) return;
  context.out.Add(kLookupIncomplete, failed->name,
                  failed->is_file ? "the policy file" : WordFor(failed->type));
}

}  // namespace

void CheckRow(const CheckContext& context) {
  if (context.facts.status == DomainStatus::kNoMail) {
    context.out.Add(kNoMailRoute);
  }
  if (context.facts.status == DomainStatus::kImplicitMx) {
    context.out.Add(kImplicitMx);
  }
  CheckNullMx(context);
  CheckOwnAlias(context);
  CheckTtl(context);
  CheckOwnLookups(context);
  if (!CheckHostLookups(context)) CheckGroupLookups(context);
}

}  // namespace mxscan
