// Text columns are UTF-8, but an input line may hold any octets. This is
// the border: what is not UTF-8 becomes U+FFFD, one for each maximal part of a
// broken sequence (as Unicode advises, chapter 3.9, and as browsers and Python
// do).

#pragma once

#include <string>
#include <string_view>

namespace mxscan {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// `text` itself when it is valid UTF-8, as nearly all text is; else its repair,
// which lies in `scratch` until scratch changes.
std::string_view ValidUtf8(std::string_view text, std::string& scratch);

}  // namespace mxscan
