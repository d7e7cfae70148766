// Slots hands out numbered values again and again, so that whoever is warm
// allocates nothing. One thread.

#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace mxscan {

inline constexpr uint32_t kNoSlot = 0xffffffff;

// Values by number. References hold for good; a slot comes back as its last
// owner left it.
template <typename T>
class Slots {
 public:
  uint32_t Take() {
    if (free_.empty()) {
      all_.emplace_back();
      return static_cast<uint32_t>(all_.size() - 1);
    }
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void GiveBack(uint32_t slot) { free_.push_back(slot); }

  T& operator[](uint32_t slot) { return all_[slot]; }

 private:
  std::deque<T> all_;
  std::vector<uint32_t> free_;
};

}  // namespace mxscan
