// Dictionary numbers the distinct values of a column chunk. Values are given
// as Parquet writes them plainly (a text with its length before it, an integer
// as little-endian octets), and its bytes, in order, are the dictionary page.
// It never grows over kMaxBytes. One thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {

class Dictionary {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  Dictionary();

  // The number of `value`, which is added if it is new; nullopt when it is new
  // and there is no room.
  std::optional<uint32_t> NumberOf(std::string_view value);

  std::string_view value(uint32_t number) const {
    const uint32_t start = starts_[number];
    return std::string_view(bytes_).substr(start, starts_[number + 1] - start);
  }

  size_t size() const { return starts_.size() - 1; }
  std::string_view bytes() const { return bytes_; }

  // Forgets the values from number `size` on.
  // REQUIRES: size <= size(), and NumberOf is not called any more.
  void Truncate(size_t size);

 private:
  // A value's number + 1, and enough of its hash that hardly another value is
  // looked at, nor any when the table grows.
  struct Slot {
    uint32_t hash;
    uint32_t number;  // 0: free.
  };

  void Grow();
  size_t mask() const { return slots_.size() - 1; }

  std::string bytes_;
  std::vector<uint32_t> starts_ = {0};  // Of each value, and of the next.
  std::vector<Slot> slots_;             // Open addressing; size 2^n.
};

}  // namespace mxscan
