#include "output/row_arena.h"

#include <algorithm>

namespace mxscan {

void* RowArena::AllocateElsewhere(size_t size) {
  if (size > kLargest) {
    large_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
    return large_.back().get();
  }
  if (blocks_in_use_ == blocks_.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlock));
  }
  block_ = blocks_[blocks_in_use_++].get();
  offset_ = size;
  return block_;
}

void RowArena::Clear() {
  large_.clear();
  blocks_.resize(std::min(blocks_.size(), kKept / kBlock));
  blocks_in_use_ = 0;
  block_ = nullptr;
  offset_ = kBlock;
  used_ = 0;
}

}  // namespace mxscan
