// Bounds are the least and the greatest value of a page or a column chunk, as
// its statistics tell them: integers by value, texts octet by octet.
//
// A long text is cut in the statistics to kLongest octets, so that one freakish
// name does not swell them; then the lower bound lies below the least value
// and the upper one above the greatest. Texts stay valid UTF-8.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mxscan {

// A bound as it is written: plainly encoded, and whether it is a value itself.
struct Bound {
  std::string bytes;
  bool exact = true;
};

class IntegerBounds {
 public:
  void Add(int64_t value) {
    if (empty_ || value < least_) least_ = value;
    if (empty_ || value > greatest_) greatest_ = value;
    empty_ = false;
  }
  void Add(const IntegerBounds& other) {
    if (other.empty_) return;
    Add(other.least_);
    Add(other.greatest_);
  }
  bool empty() const { return empty_; }
  int64_t least() const { return least_; }
  int64_t greatest() const { return greatest_; }

 private:
  bool empty_ = true;
  int64_t least_ = 0;
  int64_t greatest_ = 0;
};

// Most values lie within, which their first eight octets tell.
class TextBounds {
 public:
  void Add(std::string_view value) {
    const uint64_t start = StartOf(value);
    if (start > least_start_ && start < greatest_start_) return;
    if (empty_ || value < least_) {
      least_ = value;
      least_start_ = start;
    }
    if (empty_ || value > greatest_) {
      greatest_ = value;
      greatest_start_ = start;
    }
    empty_ = false;
  }
  void Add(const TextBounds& other) {
    if (other.empty_) return;
    Add(other.least_);
    Add(other.greatest_);
  }
  bool empty() const { return empty_; }
  std::string_view least() const { return least_; }
  std::string_view greatest() const { return greatest_; }

 private:
  // The first eight octets as a number that is ordered as they are.
  static uint64_t StartOf(std::string_view value) {
    uint64_t start = 0;
    if (value.size() >= sizeof(start)) {
      std::memcpy(&start, value.data(), sizeof(start));
      return __builtin_bswap64(start);
    }
    for (size_t i = 0; i < sizeof(start); ++i) {
      start = start << 8 |
              (i < value.size() ? static_cast<uint8_t>(value[i]) : uint8_t{0});
    }
    return start;
  }

  bool empty_ = true;
  std::string least_;
  std::string greatest_;
  uint64_t least_start_ = 0;
  uint64_t greatest_start_ = 0;
};

inline constexpr size_t kLongestBound = 64;

// A text at or below `value`, and one at or above it, of at most kLongestBound
// octets (unless no such text is above). REQUIRES: `value` is valid UTF-8.
Bound LowerBound(std::string_view value);
Bound UpperBound(std::string_view value);

}  // namespace mxscan
