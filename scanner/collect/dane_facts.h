// What was learnt of the TLSA records of a domain's exchanges (RFC 7672), and
// of what must be validated with them. Plain data.

#pragma once

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace mxscan {

enum class Tlsa : uint8_t {
  kNone,  // There is no record, for certain.
  kUsable,
  kUnusable,  // There are records, none of which mail servers can use.
  kUnknown,
};

// One exchange that has an address.
struct DaneHost {
  std::string_view name;
  bool secure_addresses = false;  // All of them are validated.
  bool secure_tlsa = false;       // The TLSA records are.
  Tlsa tlsa = Tlsa::kUnknown;
};

struct DaneFacts {
  bool secure_mx = false;            // The MX records are validated.
  bool complete = true;              // All exchanges' addresses are known.
  absl::Span<const DaneHost> hosts;  // In the order of exchanges.
};

}  // namespace mxscan
