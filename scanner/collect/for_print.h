// Text that strangers wrote, made fit to stand in a sentence: printable ASCII,
// and not too long. Pure.

#pragma once

#include <string>
#include <string_view>

namespace mxscan {

inline constexpr size_t kMostPrinted = 60;

// `text` with `?` for every octet that is not printable; of a longer one the
// beginning and `...`.
std::string ForPrint(std::string_view text);

}  // namespace mxscan
