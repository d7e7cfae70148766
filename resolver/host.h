// What is known of a mail host: its addresses, and how the lookup of each
// family ended. Views; whoever hands one over says how long they hold.

#pragma once

#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/question.h"
#include "resolver/wire/name.h"

namespace mxscan {

// One family of a host's addresses.
struct HostFamily {
  Outcome outcome = Outcome::kSilence;
  bool authenticated = false;
  absl::Span<const IpAddress> addresses;  // Sorted, distinct.
};

struct Host {
  NameView name;
  NameView end;  // Of the alias chain; `name` itself when there is none.
  HostFamily a;
  HostFamily aaaa;
};

}  // namespace mxscan
