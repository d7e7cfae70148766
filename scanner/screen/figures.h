// Figures as people read them, on a status line and in a table.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace mxscan {

// 999, 1.23k, 45.6k, 789k, 1.23M: three digits that count.
std::string ShortNumber(double number);

// 1,234,567.
std::string GroupedNumber(int64_t number);

// 42s, 3m05s, 2h07m, 3d04h.
std::string ShortTime(double seconds);

// Never "100%" or "0.0%" of something that is not quite so.
std::string Percent(int64_t part, int64_t whole);

inline double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace mxscan
