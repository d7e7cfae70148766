#include "scanner/audit/checks.h"
#include "scanner/audit/special_addresses.h"

namespace mxscan {
namespace {

using enum FindingId;

FindingId FindingOf(AddressKind kind) {
  if (kind == AddressKind::kLoopback) return kAddrLoopback;
  return kind == AddressKind::kPrivate ? kAddrPrivate : kAddrReserved;
}

// Each kind once a host, by the first address of it.
void CheckHostAddresses(const CheckContext& context, const MxHost& host) {
  unsigned seen = 1U << static_cast<unsigned>(AddressKind::kGlobal);
  for (const IpAddress& address : host.facts->addresses) {
    const AddressKind kind = KindOf(address);
    const unsigned bit = 1U << static_cast<unsigned>(kind);
    if ((seen & bit) != 0) continue;
    seen |= bit;
    // Worse where nothing else is left to bring mail to.
    const Case which = host.use == Use::kNone ? Case::kWorse : Case::kMilder;
    context.out.AddCase(FindingOf(kind), which, host.name(),
                        context.out.Keep(ToText(address)));
  }
}

}  // namespace

void CheckAddresses(const CheckContext& context) {
  for (const MxHost& host : context.mx.hosts()) {
    const auto usable = static_cast<size_t>(host.usable_a + host.usable_aaaa);
    if (usable == host.facts->addresses.size()) continue;
    CheckHostAddresses(context, host);
  }
}

}  // namespace mxscan
