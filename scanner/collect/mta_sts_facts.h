// What was learnt of a domain's MTA-STS (RFC 8461): the record that announces a
// policy, and the host that should have it. Plain data.

#pragma once

#include <cstdint>
#include <string_view>

namespace mxscan {

// The host that a policy is fetched from.
enum class PolicyHost : uint8_t {
  kNotAsked,  // There is no record that can be used.
  kThere,     // It has an address.
  kNone,      // It has none, for certain.
  kUnknown,
};

struct MtaStsFacts {
  bool known = false;  // Somebody said which records there are, or none.
  int records = 0;     // Of this version.
  bool valid = false;  // There is one, and it has an id.
  // The record; of several the least by its octets. Empty for none.
  std::string_view text;
  PolicyHost host = PolicyHost::kNotAsked;
  std::string_view host_name;  // mta-sts.DOMAIN, once asked for.
};

}  // namespace mxscan
