#include "scanner/audit/checks.h"

namespace mxscan {

using enum FindingId;

void CheckMtaSts(const CheckContext& context) {
  const MtaStsFacts& facts = *context.facts.checks.mta_sts;
  if (!facts.known) return;
  if (facts.records == 0) return context.out.Add(kMtaStsMissing);
  if (!facts.valid) {
    return context.out.Add(
        kMtaStsInvalid, {},
        facts.records > 1 ? "there is more than one" : "it has no id");
  }
  if (facts.host == PolicyHost::kNone) {
    context.out.Add(kMtaStsHostBroken, facts.host_name);
  }
}

}  // namespace mxscan
