// Time as text formats write it: RFC 3339 in UTC with Z and always six
// decimals, so that the column has one width and every loader takes it.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mxscan {

using TimestampText = std::array<char, 27>;  // 2026-11-22T00:10:35.123456Z

// The text of `unix_us`, microseconds of Unix time. Years are written with
// four digits: what lies outside 0000 to 9999 becomes the nearest end.
TimestampText FormatTimestamp(int64_t unix_us);

// The time that such a text stands for; nullopt for any other text.
std::optional<int64_t> ParseTimestamp(std::string_view text);

inline std::string_view ToView(const TimestampText& text) {
  return {text.data(), text.size()};
}

}  // namespace mxscan
