// HashIndex finds numbers (positions, slots) by the hash of a key that it does
// not keep: the caller says whether a number found belongs to its key. Linear
// probing without tombstones, eight octets a slot, 32 bits of the hash kept,
// which is enough to grow without asking for the keys again.
//
// One thread. Allocates only when it grows, which it does by doubling.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mxscan {

class HashIndex {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  HashIndex() : slots_(kFirstSlots) {}

  // The number under `tag` for which `same(number)` is true, or kNone.
  template <typename Same>
  uint32_t Find(uint32_t tag, Same same) const {
    for (size_t i = tag & mask(); slots_[i].value != kNone; i = Next(i)) {
      if (slots_[i].tag == tag && same(slots_[i].value)) return slots_[i].value;
    }
    return kNone;
  }

  // Has the processor fetch where `tag` is looked for.
  void Fetch(uint32_t tag) const { __builtin_prefetch(&slots_[tag & mask()]); }

  // REQUIRES: value != kNone, and the pair is not there yet.
  void Insert(uint32_t tag, uint32_t value) {
    assert(value != kNone);
    if (size_ >= CapacityOf(slots_.size())) Grow();
    Place({tag, value});
    ++size_;
  }

  // REQUIRES: the pair is there.
  void Erase(uint32_t tag, uint32_t value) {
    size_t hole = Where(tag, value);
    // Moves up what the hole would otherwise cut off from its home.
    for (size_t i = Next(hole); slots_[i].value != kNone; i = Next(i)) {
      const size_t home = slots_[i].tag & mask();
      if (((i - home) & mask()) < ((i - hole) & mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = Slot();
    --size_;
  }

  // REQUIRES: the pair (tag, from) is there.
  void Move(uint32_t tag, uint32_t from, uint32_t to) {
    slots_[Where(tag, from)].value = to;
  }

  size_t size() const { return size_; }
  size_t bytes() const { return slots_.size() * sizeof(Slot); }

  // How many numbers an index of at most `bytes` can hold.
  static size_t CapacityIn(size_t bytes) {
    size_t slots = kFirstSlots;
    while (2 * slots * sizeof(Slot) <= bytes) slots *= 2;
    return CapacityOf(slots);
  }

 private:
  struct Slot {
    uint32_t tag = 0;
    uint32_t value = kNone;
  };
  static constexpr size_t kFirstSlots = 1024;

  static size_t CapacityOf(size_t slots) { return slots / 4 * 3; }
  size_t mask() const { return slots_.size() - 1; }
  size_t Next(size_t i) const { return (i + 1) & mask(); }

  size_t Where(uint32_t tag, uint32_t value) const {
    size_t i = tag & mask();
    while (slots_[i].value != value) {
      assert(slots_[i].value != kNone);
      i = Next(i);
    }
    return i;
  }

  void Place(Slot slot) {
    size_t i = slot.tag & mask();
    while (slots_[i].value != kNone) i = Next(i);
    slots_[i] = slot;
  }

  void Grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.value != kNone) Place(slot);
    }
  }

  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace mxscan
