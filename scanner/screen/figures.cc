#include "scanner/screen/figures.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace mxscan {

std::string ShortNumber(double number) {
  const char* unit = "";
  for (const char* larger : {"k", "M", "G"}) {
    if (number < 999.5) break;
    number /= 1000;
    unit = larger;
  }
  if (*unit == '\0') return absl::StrFormat("%.0f", number);
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f%s", decimals, number, unit);
}

std::string GroupedNumber(int64_t number) {
  std::string text = absl::StrCat(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t at = text.size(); at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string ShortTime(double seconds) {
  const int64_t whole = std::llround(std::min(seconds, 1e9));
  if (whole < 60) return absl::StrCat(whole, "s");
  if (whole < 3600) return absl::StrFormat("%dm%02ds", whole / 60, whole % 60);
  const int64_t minutes = whole / 60;
  if (minutes < 24 * 60) {
    return absl::StrFormat("%dh%02dm", minutes / 60, minutes % 60);
  }
  return absl::StrFormat("%dd%02dh", minutes / 1440, minutes % 1440 / 60);
}

std::string Percent(int64_t part, int64_t whole) {
  if (whole <= 0) return "0%";
  const double percent =
      100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.1) return "<0.1%";
  if (part < whole && percent > 99.9) return ">99.9%";
  return percent < 99.95 && percent > 0 ? absl::StrFormat("%.1f%%", percent)
                                        : absl::StrFormat("%.0f%%", percent);
}

}  // namespace mxscan
