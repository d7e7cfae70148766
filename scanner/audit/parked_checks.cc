#include <string_view>

#include "scanner/audit/checks.h"

namespace mxscan {
namespace {

using enum FindingId;

// What is open to others; empty when nothing is.
std::string_view OpenOf(bool spf_locked, bool dmarc_locked) {
  if (spf_locked && dmarc_locked) return {};
  if (spf_locked) return "no DMARC policy of reject applies";
  if (dmarc_locked) return "its SPF record is not v=spf1 -all";
  return "its SPF record is not v=spf1 -all, and no DMARC policy of reject "
         "applies";
}

}  // namespace

void CheckParked(const CheckContext& context) {
  const DomainStatus status = context.facts.status;
  if (status != DomainStatus::kNullMx && status != DomainStatus::kNoMail) {
    return;
  }
  const SpfFacts& spf = *context.facts.checks.spf;
  const DmarcFacts& dmarc = *context.facts.checks.dmarc;
  if (!spf.known || !dmarc.known) return;
  const bool spf_locked = spf.records == 1 && spf.valid && spf.only_fails;
  const bool dmarc_locked = dmarc.policy == DmarcPolicy::kReject;
  const std::string_view open = OpenOf(spf_locked, dmarc_locked);
  if (open.empty()) return context.out.Add(kParkedLocked);
  context.out.Add(kParkedUnprotected, {}, open);
}

}  // namespace mxscan
