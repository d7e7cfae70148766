#include "output/timestamp.h"

#include <algorithm>
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

}  // namespace mxscan
