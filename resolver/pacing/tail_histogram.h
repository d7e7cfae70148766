// TailHistogram tells how long the slowest hundredth of replies takes at
// least: whoever waits a little longer asks again for nothing one time in a
// hundred at most, whatever the shape of the rest. (That is how Dean and
// Barroso place their second request in "The Tail at Scale", CACM 56(2), 2013,
// §Within request short-term adaptations, at another quantile.)
//
// Times are counted in classes of equal relative width, eight to a doubling,
// from a millisecond to 8.6 s, as DDSketch does (Masson, Rim, Lee, VLDB 2019).
// Once there are kMemory, all counts are halved, so that old times fade: a
// time that is not seen any more is forgotten after some 3,500 others, and one
// that is new is noticed after ten. 188 octets, no allocation. One thread.

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace mxscan {

class TailHistogram {
 public:
  using Nanos = std::chrono::nanoseconds;

  // So many make a hundredth that can be seen.
  static constexpr int kEnough = 100;
  static constexpr int kMemory = 1000;

  void Add(Nanos time) {
    const int i = ClassOf(time);
    counts_[i] += kUnit;
    slowest_ = std::max(slowest_, i);
    total_ += kUnit;
    if (total_ >= kMemory * kUnit) Fade();
  }

  bool knows() const { return enough_ || total_ >= kEnough * kUnit; }

  // A hundredth of all times are longer, at most: the upper end of a class.
  // Zero when there are none.
  Nanos tail() const {
    if (total_ == 0) return Nanos(0);
    uint32_t longer = 0;
    int i = slowest_;
    for (; i > 0; --i) {
      longer += counts_[i];
      if (100 * longer > total_) break;
    }
    return EndOf(i);
  }

 private:
  // A count is so many of these, so that halving it loses nothing soon.
  static constexpr uint32_t kUnit = 64;
  static constexpr int kTickBits = 20;  // Of 2^20 ns, about a millisecond.
  static constexpr int kClasses = 88;   // Up to 2^13 ticks.

  static int ClassOf(Nanos time) {
    const auto ticks =
        static_cast<uint64_t>(std::max(time, Nanos(0)).count()) >> kTickBits;
    if (ticks < 8) return static_cast<int>(ticks);
    const int shift = std::bit_width(ticks) - 4;
    const int index = 8 * (shift + 1) + static_cast<int>((ticks >> shift) & 7);
    return std::min(index, kClasses - 1);
  }
  static Nanos EndOf(int index) {
    if (index < 8) return Nanos(int64_t{index + 1} << kTickBits);
    return Nanos(int64_t{9 + (index & 7)} << (index / 8 - 1 + kTickBits));
  }

  void Fade() {
    enough_ = true;
    total_ = 0;
    for (uint16_t& count : counts_) {
      count /= 2;
      total_ += count;
    }
    while (slowest_ > 0 && counts_[slowest_] == 0) --slowest_;
  }

  std::array<uint16_t, kClasses> counts_{};
  int slowest_ = 0;  // Of the classes that have some.
  uint32_t total_ = 0;
  bool enough_ = false;
};

static_assert(TailHistogram::kMemory * 64 <= UINT16_MAX,
              "One class can hold them all.");

}  // namespace mxscan
