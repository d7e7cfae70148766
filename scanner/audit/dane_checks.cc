#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// What of a host's DANE is not validated; empty when all is.
std::string_view InsecurePart(const DaneFacts& facts, const DaneHost& host) {
  if (!facts.secure_mx) return "the MX records";
  if (!host.secure_addresses) return "the addresses of the exchange";
  return host.secure_tlsa ? "" : "the TLSA records";
}

void CheckHost(const DaneFacts& facts, const DaneHost& host, FindingList& out) {
  if (host.tlsa == Tlsa::kNone) return;
  if (host.tlsa == Tlsa::kUnknown) {
    if (host.secure_addresses) out.Add(kDaneLookupFailed, host.name);
    return;
  }
  const std::string_view insecure = InsecurePart(facts, host);
  if (!insecure.empty()) return out.Add(kDaneInsecure, host.name, insecure);
  if (host.tlsa == Tlsa::kUnusable) out.Add(kDaneUnusable, host.name);
}

}  // namespace

void CheckDane(const CheckContext& context) {
  const DaneFacts& facts = *context.facts.checks.dane;
  bool any_with = false;
  const DaneHost* without = nullptr;
  for (const DaneHost& host : facts.hosts) {
    CheckHost(facts, host, context.out);
    if (!host.secure_addresses) continue;
    if (host.tlsa == Tlsa::kNone && without == nullptr) without = &host;
    any_with =
        any_with || (host.tlsa != Tlsa::kNone && host.tlsa != Tlsa::kUnknown);
  }
  if (any_with && without != nullptr) {
    context.out.Add(kDanePartial, without->name);
  }
}

void CheckDnssec(const CheckContext& context) {
  for (const std::string_view name : context.facts.checks.dnssec->bogus) {
    context.out.Add(kDnssecBogus, name);
  }
}

}  // namespace mxscan
