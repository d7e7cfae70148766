// Internationalised names to A-labels: UTS #46 mapping, then IDNA2008, by
// libidn2, which no other file includes. Pure; any thread.

#pragma once

#include <string>
#include <string_view>

namespace mxscan {

struct AsciiName {
  std::string text;          // Empty when invalid; its case is not folded.
  std::string_view invalid;  // Empty, or a reason of domain_name.h.
};

// `name` in ASCII, its full stops of any script as dots.
// REQUIRES: `name` is valid UTF-8 and holds no NUL.
AsciiName ToALabels(std::string_view name);

// True for well-formed UTF-8: no overlong form, no surrogate, nothing above
// U+10FFFF.
bool IsUtf8(std::string_view text);

}  // namespace mxscan
