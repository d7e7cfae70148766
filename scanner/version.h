// The program's version, as CMakeLists.txt declares it.

#pragma once

#include <string_view>

namespace mxscan {

inline constexpr std::string_view kVersion = MXSCAN_VERSION;

}  // namespace mxscan
