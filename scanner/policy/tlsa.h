// TLSA records (RFC 6698) as SMTP uses them (RFC 7672 §3.1). Pure; any thread.

#pragma once

#include <cstdint>

#include "absl/types/span.h"

namespace mxscan {

// Whether a mail server that checks DANE can use the record: usage DANE-TA(2)
// or DANE-EE(3), a selector and a matching type that are known, and data of the
// length that these want. (Usages 0 and 1 are not for SMTP, §3.1.3.)
bool IsUsableTlsa(absl::Span<const uint8_t> rdata);

}  // namespace mxscan
