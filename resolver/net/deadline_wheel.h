// DeadlineWheel remembers when entries fall due, and hands out those that
// have. Entries are numbers below a capacity, for instance slots; scheduling,
// cancelling and falling due take constant time and no memory.
//
// It is a hashed timing wheel (Varghese and Lauck, SOSP 1987, scheme 6): a
// ring of lists, one for each millisecond, through which a hand walks as time
// passes. A deadline further away than the ring is long lies in the list that
// the hand will reach first, and is passed over until its own round.
//
// Deadlines are kept in milliseconds, rounded up: nothing is ever handed out
// early, and nothing later than one millisecond after its time. The wheel
// reads no clock. One thread.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace mxscan {

class DeadlineWheel {
 public:
  using Nanos = std::chrono::nanoseconds;

  // For entries 0 … capacity-1.
  explicit DeadlineWheel(uint32_t capacity);

  // Replaces an earlier deadline of `entry`. REQUIRES: `at` is not negative.
  void Schedule(uint32_t entry, Nanos at);

  // Has the processor fetch what Cancel needs: first the entry, then, once that
  // is there, those beside it.
  void Fetch(uint32_t entry) const { __builtin_prefetch(&nodes_[entry]); }
  void FetchBeside(uint32_t entry) const {
    __builtin_prefetch(&nodes_[nodes_[entry].next]);
    __builtin_prefetch(&nodes_[nodes_[entry].previous]);
  }

  // Nothing happens when `entry` is not scheduled.
  void Cancel(uint32_t entry);

  // Hands out one entry that was due at `now`, in no order among those of one
  // millisecond; it is scheduled no more. False when there is none. Between
  // calls anything may be scheduled and cancelled.
  // REQUIRES: `now` never runs backwards.
  bool PopDue(Nanos now, uint32_t* entry);

  // A time at which to look again: not later than the earliest deadline, and
  // Nanos::max() when nothing is scheduled.
  Nanos NextDue() const;

 private:
  // A power of two, and longer than the usual time-out, so that few entries
  // are passed over.
  static constexpr uint32_t kTicks = 8192;
  static constexpr uint32_t kWords = kTicks / 64;

  // Lists are rings through a head of their own, and so are lone entries.
  struct Node {
    uint32_t next;
    uint32_t previous;
    int64_t tick;
  };

  bool IsScheduled(uint32_t entry) const { return nodes_[entry].next != entry; }
  uint32_t HeadOf(int64_t tick) const {
    return capacity_ + static_cast<uint32_t>(tick & (kTicks - 1));
  }
  uint32_t DueHead() const { return capacity_ + kTicks; }
  bool IsEmpty(uint32_t head) const { return nodes_[head].next == head; }

  void Link(uint32_t entry, uint32_t head);
  void Unlink(uint32_t entry);
  uint32_t FirstWordFrom(uint32_t word) const;
  uint32_t FirstListFrom(uint32_t list) const;
  void GatherDue(uint32_t head, int64_t tick);
  void WalkTo(int64_t tick);

  const uint32_t capacity_;
  int64_t hand_ = 0;         // The first tick that the hand has not passed.
  std::vector<Node> nodes_;  // Entries, then heads, then the due list.
  std::vector<uint64_t> in_use_;  // A bit for each head with a list.
  std::array<uint64_t, kWords / 64> words_in_use_ = {};  // Those not zero.
};

}  // namespace mxscan
