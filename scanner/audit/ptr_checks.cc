#include "scanner/audit/checks.h"

namespace mxscan {

void CheckPtr(const CheckContext& context) {
  for (const ReverseFacts& reverse : context.facts.checks.ptr->addresses) {
    if (!reverse.known) continue;
    const auto address = [&] {
      return context.out.Keep(ToText(reverse.address));
    };
    if (reverse.names == 0) {
      context.out.Add(FindingId::kPtrMissing, reverse.exchange, address());
    } else if (reverse.confirmation_known && !reverse.is_confirmed) {
      context.out.Add(FindingId::kPtrMismatch, reverse.exchange, address());
    }
  }
}

}  // namespace mxscan
