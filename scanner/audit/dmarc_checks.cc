#include <string>
#include <string_view>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// What stands at the two names that a domain has to itself.
void CheckPlaces(const CheckContext& context, const DmarcFacts& dmarc) {
  if (dmarc.own_records > 1) {
    context.out.Add(kDmarcMultiple, {}, {}, dmarc.own_records);
  }
  if (!dmarc.misplaced.empty()) {
    context.out.Add(kDmarcMisplaced, {},
                    context.out.Keep("at the domain itself: " +
                                     std::string(dmarc.misplaced)));
  }
  if (!dmarc.stray.empty()) {
    context.out.Add(
        kDmarcMisplaced, {},
        context.out.Keep("at its _dmarc: " + std::string(dmarc.stray)));
  }
}

// The record that applies, wherever it stands.
void CheckApplied(const CheckContext& context, const DmarcFacts& dmarc) {
  const std::string_view at = dmarc.location;
  if (!dmarc.unknown_word.empty()) {
    context.out.Add(kDmarcSyntax, at, dmarc.unknown_word);
  }
  if (dmarc.policy == DmarcPolicy::kNone) context.out.Add(kDmarcPolicyNone, at);
  if (!dmarc.inherited && dmarc.record_policy && dmarc.record_subdomain &&
      *dmarc.record_subdomain < *dmarc.record_policy) {
    std::string seen = "sp=";
    seen.append(WordFor(*dmarc.record_subdomain)).append(" beside p=");
    seen.append(WordFor(*dmarc.record_policy));
    context.out.Add(kDmarcSubdomainWeaker, {},
                    context.out.Keep(std::move(seen)));
  }
  for (const std::string_view host : dmarc.unauthorised) {
    context.out.Add(kDmarcReportUnauthorised, host, at);
  }
  if (!dmarc.obsolete_tags.empty()) {
    context.out.Add(kDmarcObsoleteTags, at, dmarc.obsolete_tags);
  }
  if (dmarc.is_test) context.out.Add(kDmarcTestMode, at);
  if (!dmarc.has_rua) context.out.Add(kDmarcNoRua, at);
  if (dmarc.inherited) context.out.Add(kDmarcInherited, at);
}

}  // namespace

void CheckDmarc(const CheckContext& context) {
  const DmarcFacts& dmarc = *context.facts.checks.dmarc;
  CheckPlaces(context, dmarc);
  if (!dmarc.known) return;
  if (!dmarc.text.empty()) return CheckApplied(context, dmarc);
  // Several records are no record, and that has been said.
  if (dmarc.own_records == 0 && context.TakesMail()) {
    context.out.Add(kDmarcMissing);
  }
}

}  // namespace mxscan
