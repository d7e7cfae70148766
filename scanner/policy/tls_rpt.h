// The record that asks for reports on TLS (RFC 8460 §3): where they are to go.
// Pure; any thread.

#pragma once

#include <string_view>

namespace mxscan {

// Whether a TXT record, its strings joined, begins as a TLS-RPT record does.
bool IsTlsRptRecord(std::string_view text);

// Whether it is one that can be used: each of its `rua` is a mailto: or https:
// address, and there is one at least. REQUIRES: IsTlsRptRecord(text).
bool IsValidTlsRpt(std::string_view text);

}  // namespace mxscan
