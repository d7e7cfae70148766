// What was learnt of a domain's MTA-STS (RFC 8461): the record that announces a
// policy, the host that should have it, and what came of fetching it. Plain
// data.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "scanner/fetch/fetch_answer.h"
#include "scanner/policy/mta_sts.h"

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
  // How fetching the policy ended, and the status of HTTP, 0 for none; nullopt
  // when nobody tried.
  std::optional<FetchOutcome> fetched;
  int http_status = 0;
  // Null unless what was fetched is one.
  const MtaStsPolicy* policy = nullptr;
};

}  // namespace mxscan
