// What a user's line means as a domain: trimmed, final dot off, lower case,
// UTS #46 / IDNA2008 to A-labels (libidn2; ASCII never goes through it).
// Pure; any thread.

#pragma once

#include <string_view>

#include "resolver/wire/name.h"

namespace mxscan {

struct NormalizedDomain {
  Name name;                 // The root when invalid.
  std::string_view invalid;  // Empty, or one of the reasons below (static).
};

// Reasons: `empty`, `empty_label`, `label_too_long`, `name_too_long`,
// `white_space`, `ip_address`, `url`, `email_address`, `bad_idn`,
// `bad_utf8`, `nul_byte`, `line_too_long`, `bad_character`.
NormalizedDomain NormalizeDomain(std::string_view text);

}  // namespace mxscan
