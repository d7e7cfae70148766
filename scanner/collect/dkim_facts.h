// What was learnt of a domain's DKIM keys (RFC 6376), as far as that can be
// asked: selectors cannot be listed, so only those that are known for its mail
// providers are looked at. Plain data.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"

namespace mxscan {

// One selector that a provider's customers have.
struct DkimSelector {
  std::string_view name;      // `google._domainkey.example.com`
  std::string_view provider;  // As people call it.
  bool known = false;         // Somebody said what is there, or nothing.
  bool has_key = false;       // A key, even if it is revoked.
  bool is_revoked = false;    // RFC 6376 §3.6.1: an empty p=.
  std::optional<int> rsa_bits;
};

struct DkimFacts {
  // What there is below `_domainkey`. Empty where the name cannot be asked.
  std::string_view parent;
  enum class Below : uint8_t {
    kUnknown,
    kNothing,    // The name does not exist, nor any below it (RFC 8020).
    kSomething,  // Or it may be.
  };
  Below below = Below::kUnknown;
  // Whether a name that nobody has is answered there.
  bool wildcard_known = false;
  bool has_wildcard = false;
  // In the order of providers, then of the table of providers.
  absl::Span<const DkimSelector> selectors;
};

}  // namespace mxscan
