#include "output/row_arena.h"

#include <algorithm>
#include <cassert>

namespace mxscan {

void* RowArena::Allocate(size_t size, size_t alignment) {
  assert(alignment <= alignof(std::max_align_t));
  used_ += size;
  if (size > kBlock / 4) return AllocateLarge(size);
  const size_t aligned = (offset_ + alignment - 1) & ~(alignment - 1);
  if (blocks_in_use_ > 0 && aligned + size <= kBlock) {
    offset_ = aligned + size;
    return blocks_[blocks_in_use_ - 1].get() + aligned;
  }
  if (blocks_in_use_ == blocks_.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlock));
  }
  offset_ = size;
  return blocks_[blocks_in_use_++].get();
}

void* RowArena::AllocateLarge(size_t size) {
  large_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
  return large_.back().get();
}

void RowArena::Clear() {
  large_.clear();
  blocks_.resize(std::min(blocks_.size(), kKept / kBlock));
  blocks_in_use_ = 0;
  offset_ = 0;
  used_ = 0;
}

}  // namespace mxscan
