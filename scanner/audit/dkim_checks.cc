#include <algorithm>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// RFC 8301 §3.2: shorter keys must not be used, nor accepted.
constexpr int kShortestKey = 1024;

void CheckKey(const DkimSelector& selector, FindingList& out) {
  if (selector.is_revoked) {
    out.Add(kDkimRevoked, selector.name);
  } else if (selector.rsa_bits && *selector.rsa_bits < kShortestKey) {
    out.Add(kDkimWeakKey, selector.name, {}, *selector.rsa_bits);
  }
}

// A provider signs under one of its selectors, so that none of them there
// means no signature; one finding for each provider.
void CheckMissing(absl::Span<const DkimSelector> selectors, FindingList& out) {
  while (!selectors.empty()) {
    const DkimSelector& first = selectors.front();
    bool all_missing = true;
    while (!selectors.empty() && selectors.front().provider == first.provider) {
      const DkimSelector& selector = selectors.front();
      all_missing = all_missing && selector.known && !selector.has_key;
      selectors.remove_prefix(1);
    }
    if (all_missing) out.Add(kDkimSelectorMissing, first.name, first.provider);
  }
}

}  // namespace

void CheckDkim(const CheckContext& context) {
  const DkimFacts& dkim = *context.facts.checks.dkim;
  for (const DkimSelector& selector : dkim.selectors) {
    CheckKey(selector, context.out);
  }
  if (dkim.has_wildcard) context.out.Add(kDkimWildcard, dkim.parent);
  if (dkim.below == DkimFacts::Below::kSomething) {
    CheckMissing(dkim.selectors, context.out);
  }
  if (dkim.below != DkimFacts::Below::kNothing) return;
  // Some servers deny names that have others below them (RFC 8020).
  const bool none_seen = std::ranges::all_of(
      dkim.selectors,
      [](const DkimSelector& one) { return one.known && !one.has_key; });
  if (none_seen) context.out.Add(kDkimAbsent, dkim.parent);
}

}  // namespace mxscan
