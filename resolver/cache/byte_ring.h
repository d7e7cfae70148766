// ByteRing keeps records of different sizes, oldest first, in one block of
// memory that never grows and never fragments: new ones are written at the
// head, old ones are dropped at the tail. A record lies in one piece and is
// aligned to eight octets; it begins with a Header, of which the ring uses
// the size and leaves the mark to its owner.
//
// Memory is touched only as it is filled. One thread.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mxscan {

class ByteRing {
 public:
  static constexpr size_t kUnit = 8;
  static constexpr uint32_t kNone = 0xffffffff;

  struct Header {
    uint32_t units : 24;  // Size of the record, this header included.
    uint32_t mark : 8;    // The owner's, below kDead.
  };
  static constexpr uint32_t kDead = 0xff;
  static constexpr size_t kMaxRecord = ((size_t{1} << 24) - 1) * kUnit;

  // REQUIRES: fewer than 2^32 units.
  explicit ByteRing(size_t bytes)
      : units_(bytes / kUnit), memory_(new uint64_t[bytes / kUnit]) {
    assert(units_ < kNone);
  }

  // Room for a record of `bytes` behind all others, with `spare` octets still
  // free afterwards, and its Header set; kNone when there is no such room.
  // REQUIRES: 4 <= bytes <= kMaxRecord.
  uint32_t Append(size_t bytes, size_t spare = 0) {
    const size_t units = (bytes + kUnit - 1) / kUnit;
    const size_t to_end = units_ - head_;
    const size_t padding = to_end < units ? to_end : 0;
    if (used_ + padding + units + spare / kUnit > units_) return kNone;
    if (padding > 0) Push(padding, kDead);
    return Push(units, 0);
  }

  bool empty() const { return used_ == 0; }

  // REQUIRES: !empty(). The oldest record, which may be a dead one.
  uint32_t oldest() const { return static_cast<uint32_t>(tail_); }
  void DropOldest() {
    const size_t units = header(oldest()).units;
    used_ -= units;
    tail_ = tail_ + units == units_ ? 0 : tail_ + units;
  }

  uint8_t* at(uint32_t record) {
    return reinterpret_cast<uint8_t*>(&memory_[record]);
  }
  Header& header(uint32_t record) {
    return *reinterpret_cast<Header*>(&memory_[record]);
  }
  const Header& header(uint32_t record) const {
    return *reinterpret_cast<const Header*>(&memory_[record]);
  }

  size_t used_bytes() const { return used_ * kUnit; }
  size_t capacity() const { return units_ * kUnit; }

 private:
  uint32_t Push(size_t units, uint32_t mark) {
    const auto record = static_cast<uint32_t>(head_);
    header(record) = {static_cast<uint32_t>(units), mark};
    used_ += units;
    head_ = head_ + units == units_ ? 0 : head_ + units;
    return record;
  }

  size_t units_;
  std::unique_ptr<uint64_t[]> memory_;  // Uninitialised on purpose.
  size_t head_ = 0;
  size_t tail_ = 0;
  size_t used_ = 0;
};

}  // namespace mxscan
