// Dictionary numbers the distinct values of a column chunk. Its bytes, in
// order, are the dictionary page: values as Parquet writes them plainly, which
// for texts is behind their length. It never grows over kMaxBytes. One thread.
//
// Who asks for a value brings its hash: HashOf of its octets, or of an integer
// HashOf of that; always the same one in one dictionary.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "output/text_buffer.h"

namespace mxscan {

class Dictionary {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  enum class Form : uint8_t { kBare, kBehindLength };

  explicit Dictionary(Form form);

  static uint32_t HashOf(std::string_view value);
  static uint32_t HashOf(int64_t value) {
    return static_cast<uint32_t>(
        static_cast<uint64_t>(value) * 0x9E3779B97F4A7C15 >> 32);
  }

  // The number of `value`; nullopt when it is new.
  std::optional<uint32_t> Find(std::string_view value, uint32_t hash) const {
    const Slot& slot = slots_[SlotOf(value, hash)];
    if (slot.number == 0) return std::nullopt;
    return slot.number - 1;
  }

  // The number of a new value; nullopt when there is no room for it.
  // REQUIRES: Find does not find it.
  std::optional<uint32_t> Add(std::string_view value, uint32_t hash);

  // A large dictionary lies in no cache of the processor's. Whoever has many
  // values to look up has what that touches fetched before, all at once.
  void Fetch(std::span<const uint32_t> hashes) const;

  std::string_view value(uint32_t number) const {
    return plain(number).substr(before_);
  }
  // With what stands before it in the page.
  std::string_view plain(uint32_t number) const {
    const uint32_t start = starts_[number];
    return bytes_.view().substr(start, starts_[number + 1] - start);
  }

  size_t size() const { return starts_.size() - 1; }
  std::string_view bytes() const { return bytes_.view(); }

  // Forgets the values from number `size` on.
  // REQUIRES: size <= size(), and nothing is asked before a Clear.
  void Truncate(size_t size);

  // Forgets all, and keeps the memory.
  void Clear();

 private:
  // A value's number + 1, where in `bytes_` it is, and enough of its hash that
  // hardly another value is looked at, nor any when the table grows.
  struct Slot {
    uint32_t hash;
    uint32_t number;  // 0: free.
    uint32_t start;
    uint32_t size;
  };

  // The slot of `value`, of this hash, or a free one where it belongs.
  size_t SlotOf(std::string_view value, uint32_t hash) const {
    size_t at = hash & mask();
    for (; slots_[at].number != 0; at = (at + 1) & mask()) {
      if (slots_[at].hash == hash && Holds(slots_[at], value)) break;
    }
    return at;
  }
  // Short values are compared as two words that may overlap, or four.
  bool Holds(const Slot& slot, std::string_view value) const {
    const size_t size = value.size();
    if (slot.size != size) return false;
    const char* const held = bytes_.view().data() + slot.start;
    if (size > 32) return std::memcmp(held, value.data(), size) == 0;
    if (size > 16) {
      return HasEnds<uint64_t>(held, value) &&
             HasEnds<uint64_t>(held + 8, value.substr(8, size - 16));
    }
    if (size >= 8) return HasEnds<uint64_t>(held, value);
    if (size >= 4) return HasEnds<uint32_t>(held, value);
    if (size >= 2) return HasEnds<uint16_t>(held, value);
    return size == 0 || *held == value[0];
  }
  template <typename Word>
  static bool HasEnds(const char* held, std::string_view value) {
    const size_t last = value.size() - sizeof(Word);
    return WordAt<Word>(held) == WordAt<Word>(value.data()) &&
           WordAt<Word>(held + last) == WordAt<Word>(value.data() + last);
  }
  template <typename Word>
  static Word WordAt(const char* octets) {
    Word word;
    std::memcpy(&word, octets, sizeof(word));
    return word;
  }

  void Grow();
  size_t mask() const { return slots_.size() - 1; }

  const size_t before_;  // Octets before each value.
  TextBuffer bytes_;
  std::vector<uint32_t> starts_;  // Of each value, and of the next.
  std::vector<Slot> slots_;       // Open addressing; size 2^n.
};

}  // namespace mxscan
