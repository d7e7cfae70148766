// What somebody may have meant: the name nearest to a word that is none, by
// letters added, dropped, changed or swapped. Pure; any thread.

#pragma once

#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace mxscan {

// The one of `names` that is nearest to `word`; empty when none is near.
std::string_view Nearest(std::string_view word,
                         absl::Span<const std::string_view> names);

// "; did you mean --rate?", or nothing.
std::string DidYouMean(std::string_view word,
                       absl::Span<const std::string_view> names);

}  // namespace mxscan
