#include "scanner/flags/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mxscan {
namespace {

// Longer words are nobody's slip of the finger.
constexpr size_t kLongestWord = 100;

// Edits that make `a` of `b`: letters added, dropped, changed, or two
// neighbours swapped (Damerau; optimal string alignment).
int Distance(std::string_view a, std::string_view b) {
  std::vector<int> before, above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1,
                         above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

std::string_view Nearest(std::string_view word,
                         absl::Span<const std::string_view> names) {
  if (word.size() > kLongestWord) return {};
  std::string_view nearest;
  // A third of the letters may be wrong; a short word is nothing's neighbour.
  int least = static_cast<int>(word.size()) / 3 + 1;
  for (const std::string_view name : names) {
    const int distance = Distance(word, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view word,
                       absl::Span<const std::string_view> names) {
  const std::string_view nearest = Nearest(word, names);
  if (nearest.empty()) return "";
  return std::string("; did you mean ").append(nearest).append("?");
}

}  // namespace mxscan
