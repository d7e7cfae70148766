#include "resolver/net/deadline_wheel.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace mxscan {
namespace {

constexpr std::chrono::nanoseconds kTick = std::chrono::milliseconds(1);

}  // namespace

DeadlineWheel::DeadlineWheel(uint32_t capacity)
    : capacity_(capacity), nodes_(capacity + kTicks + 1), in_use_(kWords, 0) {
  for (uint32_t i = 0; i < nodes_.size(); ++i) nodes_[i] = {i, i, 0};
}

void DeadlineWheel::Schedule(uint32_t entry, Nanos at) {
  assert(entry < capacity_);
  if (IsScheduled(entry)) Unlink(entry);
  const int64_t tick = (at + kTick - Nanos(1)) / kTick;
  nodes_[entry].tick = tick;
  Link(entry, tick < hand_ ? DueHead() : HeadOf(tick));
}

void DeadlineWheel::Cancel(uint32_t entry) {
  assert(entry < capacity_);
  if (IsScheduled(entry)) Unlink(entry);
}

bool DeadlineWheel::PopDue(Nanos now, uint32_t* entry) {
  WalkTo(now / kTick);
  const uint32_t head = DueHead();
  if (IsEmpty(head)) return false;
  *entry = nodes_[head].next;
  Unlink(*entry);
  return true;
}

DeadlineWheel::Nanos DeadlineWheel::NextDue() const {
  if (!IsEmpty(DueHead())) return Nanos::zero();
  const uint32_t start = static_cast<uint32_t>(hand_ & (kTicks - 1));
  uint32_t list = FirstListFrom(start);
  if (list == kTicks) list = FirstListFrom(0);
  if (list == kTicks) return Nanos::max();
  return kTick * (hand_ + ((list - start) & (kTicks - 1)));
}

// kTicks for none.
uint32_t DeadlineWheel::FirstListFrom(uint32_t list) const {
  uint32_t word = list / 64;
  uint64_t bits = in_use_[word] & ~uint64_t{0} << (list % 64);
  if (bits == 0) {
    word = FirstWordFrom(word + 1);
    if (word == kWords) return kTicks;
    bits = in_use_[word];
  }
  return word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
}

// kWords for none.
uint32_t DeadlineWheel::FirstWordFrom(uint32_t word) const {
  uint64_t from = ~uint64_t{0} << (word % 64);
  for (uint32_t i = word / 64; i < words_in_use_.size(); ++i) {
    const uint64_t bits = words_in_use_[i] & from;
    from = ~uint64_t{0};
    if (bits == 0) continue;
    return i * 64 + static_cast<uint32_t>(std::countr_zero(bits));
  }
  return kWords;
}

void DeadlineWheel::Link(uint32_t entry, uint32_t head) {
  const uint32_t last = nodes_[head].previous;
  nodes_[entry].next = head;
  nodes_[entry].previous = last;
  nodes_[last].next = entry;
  nodes_[head].previous = entry;
  if (head == DueHead()) return;
  const uint32_t list = head - capacity_;
  const uint32_t word = list / 64;
  in_use_[word] |= uint64_t{1} << (list % 64);
  words_in_use_[word / 64] |= uint64_t{1} << (word % 64);
}

void DeadlineWheel::Unlink(uint32_t entry) {
  const uint32_t next = nodes_[entry].next;
  const uint32_t previous = nodes_[entry].previous;
  nodes_[next].previous = previous;
  nodes_[previous].next = next;
  nodes_[entry].next = entry;
  nodes_[entry].previous = entry;
  if (next != previous || next < capacity_ || next == DueHead()) return;
  const uint32_t list = next - capacity_;  // It was the list's last entry.
  const uint32_t word = list / 64;
  in_use_[word] &= ~(uint64_t{1} << (list % 64));
  if (in_use_[word] != 0) return;
  words_in_use_[word / 64] &= ~(uint64_t{1} << (word % 64));
}

void DeadlineWheel::GatherDue(uint32_t head, int64_t tick) {
  for (uint32_t entry = nodes_[head].next; entry != head;) {
    const uint32_t next = nodes_[entry].next;
    if (nodes_[entry].tick <= tick) {
      Unlink(entry);
      Link(entry, DueHead());
    }
    entry = next;
  }
}

void DeadlineWheel::WalkTo(int64_t tick) {
  if (tick < hand_) return;
  // After a long sleep one round sees every list.
  const int64_t first = std::max(hand_, tick - (kTicks - 1));
  for (int64_t at = first; at <= tick; ++at) GatherDue(HeadOf(at), tick);
  hand_ = tick + 1;
}

}  // namespace mxscan
