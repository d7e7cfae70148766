// Slots hands out numbered values again and again, so that whoever is warm
// allocates nothing. Values lie in chunks, so that one is found by two
// indexings whatever its size. One thread.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace mxscan {

inline constexpr uint32_t kNoSlot = 0xffffffff;

// Values by number. References hold for good; a slot comes back as its last
// owner left it, the one that was given back last first.
template <typename T>
class Slots {
 public:
  uint32_t Take() {
    if (free_.empty()) Grow();
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void GiveBack(uint32_t slot) { free_.push_back(slot); }

  T& operator[](uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  const T& operator[](uint32_t slot) const {
    return chunks_[slot / kChunk][slot % kChunk];
  }

 private:
  static constexpr uint32_t kChunk = 64;

  void Grow() {
    const auto first = static_cast<uint32_t>(chunks_.size()) * kChunk;
    chunks_.push_back(std::make_unique<T[]>(kChunk));
    free_.reserve(first + kChunk);
    for (uint32_t i = kChunk; i-- > 0;) free_.push_back(first + i);
  }

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<uint32_t> free_;
};

}  // namespace mxscan
