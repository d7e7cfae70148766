// Which of a domain's lookups failed for their signatures (RFC 4035). Plain
// data.

#pragma once

#include <string_view>

#include "absl/types/span.h"

namespace mxscan {

struct DnssecFacts {
  // The domain, exchanges: names whose answers are there, and are bogus. Empty
  // text is the domain itself.
  absl::Span<const std::string_view> bogus;
};

}  // namespace mxscan
