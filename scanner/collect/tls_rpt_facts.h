// What was learnt of a domain's TLS-RPT record (RFC 8460). Plain data.

#pragma once

#include <string_view>

namespace mxscan {

struct TlsRptFacts {
  bool known = false;  // Somebody said which records there are, or none.
  int records = 0;     // Of this version.
  bool valid = false;  // There is one, and it can be used.
  // The record; of several the least by its octets. Empty for none.
  std::string_view text;
};

}  // namespace mxscan
