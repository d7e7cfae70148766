#include "scanner/audit/checks.h"

namespace mxscan {

using enum FindingId;

void CheckTlsRpt(const CheckContext& context) {
  const TlsRptFacts& facts = *context.facts.checks.tls_rpt;
  if (!facts.known || facts.valid) return;
  if (facts.records == 0) return context.out.Add(kTlsrptMissing);
  context.out.Add(kTlsrptInvalid, {},
                  facts.records > 1 ? "there is more than one"
                                    : "it names no usable address");
}

}  // namespace mxscan
