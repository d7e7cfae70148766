// Any text is a table of counters or is none; one that is can be written, read
// and added up without loss.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/survey/top_counts.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using mxscan::TopCounts;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto counts = TopCounts::FromText(text);
  if (!counts) return 0;
  const std::string written = counts->ToText(SIZE_MAX);
  const auto again = TopCounts::FromText(written);
  if (!again || again->ToText(SIZE_MAX) != written) std::abort();
  TopCounts sum;
  sum.Add(*counts);
  sum.Add(*again);
  for (const auto& [key, entry] : counts->Sorted()) {
    if (sum.CountOf(key) + sum.at_most_missing() < 2 * entry.count) {
      std::abort();
    }
  }
  return 0;
}
