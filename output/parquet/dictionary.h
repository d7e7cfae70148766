// Dictionary numbers the distinct values of a column chunk. Its bytes, in
// order, are the dictionary page: values as Parquet writes them plainly, which
// for texts is behind their length. It never grows over kMaxBytes. One thread.

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

  enum class Form : uint8_t { kBare, kBehindLength };

  explicit Dictionary(Form form);

  // The number of `value`, which is added if it is new; nullopt when it is new
  // and there is no room.
  std::optional<uint32_t> NumberOf(std::string_view value);

  // The number of `value`; nullopt when it is new.
  std::optional<uint32_t> Find(std::string_view value) const;

  // A large dictionary lies in no cache of the processor's. Whoever has many
  // values to look up foresees each of them first, and has what was foreseen
  // fetched, all at once.
  void Foresee(std::string_view value);
  void FetchForeseen();

  std::string_view value(uint32_t number) const {
    return plain(number).substr(before_);
  }
  // With what stands before it in the page.
  std::string_view plain(uint32_t number) const {
    const uint32_t start = starts_[number];
    return std::string_view(bytes_).substr(start, starts_[number + 1] - start);
  }

  size_t size() const { return starts_.size() - 1; }
  std::string_view bytes() const { return bytes_; }

  // Forgets the values from number `size` on.
  // REQUIRES: size <= size(), and NumberOf is not called before a Clear.
  void Truncate(size_t size);

  // Forgets all, and keeps the memory.
  void Clear();

 private:
  // A value's number + 1, and enough of its hash that hardly another value is
  // looked at, nor any when the table grows.
  struct Slot {
    uint32_t hash;
    uint32_t number;  // 0: free.
  };

  // The slot of `value`, of this hash, or a free one where it belongs.
  size_t SlotOf(std::string_view value, uint32_t hash) const;
  void Grow();
  size_t mask() const { return slots_.size() - 1; }

  const size_t before_;  // Octets before each value.
  std::string bytes_;
  std::vector<uint32_t> starts_;    // Of each value, and of the next.
  std::vector<Slot> slots_;         // Open addressing; size 2^n.
  std::vector<uint32_t> foreseen_;  // Hashes.
};

}  // namespace mxscan
