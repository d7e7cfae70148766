// LogHistogram counts values by size, eight classes to every doubling, and
// tells quantiles to within seven per cent. It has a fixed size and never
// allocates. One thread.

#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace mxscan {

class LogHistogram {
 public:
  void Add(int64_t value) {
    ++counts_[ClassOf(value)];
    ++total_;
  }

  int64_t total() const { return total_; }

  // The value that a share of `quantile` (0 to 1) of all do not exceed, in
  // the middle of its class; 0 when there are none.
  int64_t Quantile(double quantile) const {
    if (total_ == 0) return 0;
    const auto wanted = static_cast<int64_t>(quantile * (total_ - 1));
    int64_t seen = 0;
    for (int i = 0; i < kClasses; ++i) {
      seen += counts_[i];
      if (seen > wanted) return (LeastOf(i) + LeastOf(i + 1)) / 2;
    }
    return LeastOf(kClasses - 1);
  }

 private:
  static constexpr int kClasses = 8 * 40;  // Up to 2^42: microseconds enough.

  static int ClassOf(int64_t value) {
    if (value < 8) return value < 0 ? 0 : static_cast<int>(value);
    const int shift = std::bit_width(static_cast<uint64_t>(value)) - 4;
    const int index = 8 * (shift + 1) + static_cast<int>((value >> shift) & 7);
    return index < kClasses ? index : kClasses - 1;
  }
  static int64_t LeastOf(int index) {
    if (index < 16) return index;
    return int64_t{8 + (index & 7)} << (index / 8 - 1);
  }

  std::array<int64_t, kClasses> counts_{};
  int64_t total_ = 0;
};

}  // namespace mxscan
