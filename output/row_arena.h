// RowArena is the memory behind the strings and lists of one RecordBatch: it
// hands out pieces and takes them back all at once. Clear() keeps the blocks
// for the next round, up to kKept bytes, so that a batch allocates nothing
// once warm, and one freakish row does not hold its memory for the whole run.
// One thread at a time.

#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <vector>

namespace mxscan {

class RowArena {
 public:
  static constexpr size_t kBlock = size_t{64} << 10;
  static constexpr size_t kKept = size_t{512} << 10;
  static constexpr size_t kLargest = kBlock / 4;  // That blocks are cut into.

  // Uninitialised memory that holds until Clear; never null.
  // REQUIRES: alignment is a power of two, at most that of max_align_t.
  void* Allocate(size_t size, size_t alignment) {
    assert(alignment <= alignof(std::max_align_t));
    used_ += size;
    const size_t begin = (offset_ + alignment - 1) & ~(alignment - 1);
    if (size > kLargest || begin + size >= kBlock)
      return AllocateElsewhere(size);
    offset_ = begin + size;
    return block_ + begin;
  }

  // Takes back the end of the piece that was handed out last.
  // REQUIRES: it has so many octets, and had no more than kLargest.
  void GiveBack(size_t size) {
    offset_ -= size;
    used_ -= size;
  }

  // Takes everything back.
  void Clear();

  // Bytes handed out since the last Clear, without padding.
  size_t used() const { return used_; }

 private:
  using Block = std::unique_ptr<std::byte[]>;

  // In the next block, or in a piece of its own.
  void* AllocateElsewhere(size_t size);

  std::vector<Block> blocks_;  // Of kBlock bytes each; the first few in use.
  std::vector<Block> large_;   // One piece each, freed by Clear.
  size_t blocks_in_use_ = 0;
  std::byte* block_ = nullptr;  // The last block in use.
  size_t offset_ = kBlock;      // Of the free part of it.
  size_t used_ = 0;
};

}  // namespace mxscan
