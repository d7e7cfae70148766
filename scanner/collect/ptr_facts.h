// What was learnt of the reverse names of a domain's exchanges. Plain data.

#pragma once

#include <string_view>

#include "absl/types/span.h"
#include "resolver/address.h"

namespace mxscan {

// The reverse names of one address.
struct ReverseFacts {
  IpAddress address;
  std::string_view exchange;  // The first that has it, in delivery order.
  bool known = false;         // Somebody said which names, or none.
  int names = 0;
  // Whether one of them has the address again (forward-confirmed); nobody can
  // say where a lookup that could have shown it failed.
  bool is_confirmed = false;
  bool confirmation_known = false;
  std::string_view name;  // Of several the least by its octets.
};

struct PtrFacts {
  absl::Span<const ReverseFacts> addresses;  // Each once.
};

}  // namespace mxscan
