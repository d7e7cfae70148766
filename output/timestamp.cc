#include "output/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace mxscan {
namespace {

constexpr int64_t kDay = 86'400'000'000;                    // In us.
constexpr int64_t kEarliest = int64_t{-719'528} * kDay;     // Year 0.
constexpr int64_t kLatest = int64_t{2'932'897} * kDay - 1;  // Year 9999.

// Writes the last `digits` decimal digits of `value` and what follows them.
char* PutNumber(char* out, uint32_t value, int digits, char then) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out[digits] = then;
  return out + digits + 1;
}

}  // namespace

TimestampText FormatTimestamp(int64_t unix_us) {
  const int64_t us = std::clamp(unix_us, kEarliest, kLatest) - kEarliest;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days((us / kDay) + kEarliest / kDay))};
  const auto second = static_cast<uint32_t>(us % kDay / 1'000'000);
  TimestampText text;
  char* out = text.data();
  out = PutNumber(out, static_cast<uint32_t>(int{date.year()}), 4, '-');
  out = PutNumber(out, unsigned{date.month()}, 2, '-');
  out = PutNumber(out, unsigned{date.day()}, 2, 'T');
  out = PutNumber(out, second / 3600, 2, ':');
  out = PutNumber(out, second / 60 % 60, 2, ':');
  out = PutNumber(out, second % 60, 2, '.');
  PutNumber(out, static_cast<uint32_t>(us % 1'000'000), 6, 'Z');
  return text;
}

std::optional<int64_t> ParseTimestamp(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000000Z";
  if (text.size() != kShape.size()) return std::nullopt;
  std::array<int64_t, 7> parts{};
  size_t part = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kShape[i] != '0') {
      if (text[i] != kShape[i]) return std::nullopt;
      ++part;
    } else {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      parts[part] = 10 * parts[part] + (text[i] - '0');
    }
  }
  const auto [year, month, day, hour, minute, second, us] = parts;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(year)),
      std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kDay + ((hour * 60 + minute) * 60 + second) * 1'000'000 + us;
}

}  // namespace mxscan
