// What was learnt for the checks of the group `extra`. Plain data; every
// member says whether anybody could say.

#pragma once

#include <string_view>

#include "absl/types/span.h"
#include "resolver/address.h"

namespace mxscan {

// A domain of exchanges that is delegated to a name server which lies in a
// domain that nobody has registered.
struct DanglingServer {
  std::string_view domain;       // Of the exchanges.
  std::string_view server;       // One of its name servers,
  std::string_view registrable;  // and the domain it would lie in.
};

struct ExtraFacts {
  // Of the domain itself and of its `www`, as far as they are known.
  absl::Span<const IpAddress> web_addresses;
  // For a domain without MX below a registrable one: that, and whether it has
  // MX records that take mail. Empty, and false, where nobody asked or could
  // say.
  std::string_view parent;
  bool parent_has_mx = false;
  // For a domain with MX below a registrable one: whether a name beside it that
  // nobody has got the same MX records.
  bool sibling_is_same = false;
  // Sorted by domain, then server.
  absl::Span<const DanglingServer> dangling;
};

}  // namespace mxscan
