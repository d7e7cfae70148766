// WantedThings is what a directory was asked for and has not told yet: each
// thing once, with all who wait for it. These are receivers of the directory's
// own shard, and other shards, which asked by post (shard_post.h).
//
//   asked ─► Join ── somebody waits already
//             └► Add ── looked up ──────────────► Settle ─► all are told
//                   └── Known ─► the next turn ─►
//
// What is known from the first is told in the next turn all the same, for
// nobody is told from inside of asking. Thing must have the members
//
//   uint32_t tag;                 // A hash of what it is, any.
//   ThingWaiter<Receiver> first;  // Of those who wait.
//
// and is otherwise the directory's; its slot comes back as it was left. One
// thread; the two hooks are added to the loop, the first behind those that ask.

#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "resolver/cache/hash_index.h"
#include "resolver/foresight.h"
#include "resolver/net/loop.h"
#include "resolver/slots.h"

namespace mxscan {

// Who wants a thing: a receiver here, or another shard.
template <typename Receiver>
struct ThingWaiter {
  Receiver* receiver = nullptr;
  uint64_t token = 0;
  int shard = 0;        // Where there is no receiver.
  uint32_t ticket = 0;  // That shard's.
  uint32_t next = kNoSlot;
};

template <typename Thing, typename Receiver>
class WantedThings {
 public:
  Thing& operator[](uint32_t slot) { return things_[slot]; }
  const Thing& operator[](uint32_t slot) const { return things_[slot]; }

  // Lets `waiter` wait for the thing under `tag` for which `same(thing)` is
  // true; false when nobody wants that.
  template <typename Same>
  bool Join(uint32_t tag, ThingWaiter<Receiver> waiter, Same same) {
    const uint32_t slot =
        index_.Find(tag, [&](uint32_t i) { return same(things_[i]); });
    if (slot == HashIndex::kNone) return false;
    ThingWaiter<Receiver>& first = things_[slot].first;
    waiter.next = first.next;
    first.next = waiters_.Take();
    waiters_[first.next] = waiter;
    return true;
  }

  // A thing that nobody else wants, which the caller fills at once.
  uint32_t Add(uint32_t tag, const ThingWaiter<Receiver>& waiter) {
    const uint32_t slot = things_.Take();
    things_[slot].tag = tag;
    things_[slot].first = waiter;
    index_.Insert(tag, slot);
    return slot;
  }

  // It is known, and to be told in the next turn.
  void Known(uint32_t slot) { known_.push_back(slot); }
  bool any_known() const { return !known_.empty(); }

  // Calls `settle(slot)` for all of these, some at a time, and before it
  // `foresee(slot, step)` for each of some, for every step of foresight.h.
  // What is asked for from inside is for the turn after.
  template <typename ForeseeOne, typename SettleOne>
  void SettleKnown(ForeseeOne foresee, SettleOne settle) {
    constexpr size_t kAtOnce = 16;
    settling_.swap(known_);
    for (absl::Span<const uint32_t> rest = settling_; !rest.empty();) {
      const absl::Span<const uint32_t> some = rest.subspan(0, kAtOnce);
      rest.remove_prefix(some.size());
      for (int step = 0; step < kForeseeSteps; ++step) {
        for (const uint32_t slot : some) foresee(slot, step);
      }
      for (const uint32_t slot : some) settle(slot);
    }
    settling_.clear();
  }

  // Calls `tell(waiter)` for all who wait, and the thing is wanted no more. It
  // stays as it is meanwhile, whatever they ask for from inside.
  template <typename Tell>
  void Settle(uint32_t slot, Tell tell) {
    index_.Erase(things_[slot].tag, slot);
    ThingWaiter<Receiver> waiter = things_[slot].first;
    for (;;) {
      tell(waiter);
      const uint32_t next = waiter.next;
      if (next == kNoSlot) break;
      waiter = waiters_[next];
      waiters_.GiveBack(next);
    }
    things_.GiveBack(slot);
  }

 private:
  Slots<Thing> things_;
  Slots<ThingWaiter<Receiver>> waiters_;
  HashIndex index_;  // Of things.
  std::vector<uint32_t> known_;
  std::vector<uint32_t> settling_;
};

// The turns of a directory: Work() in each, and another turn at once while
// HasMore() says so.
template <typename Directory>
class DirectoryTurns {
 public:
  // Both must outlive it.
  DirectoryTurns(Directory& directory, Loop& loop)
      : work_(directory), end_(directory) {
    loop.AddTurnHook(work_, TurnPhase::kWork);
    loop.AddTurnHook(end_, TurnPhase::kSend);
  }

 private:
  // Comes after the resolver's hook, so that what its answers settle is
  // delivered in the same turn ...
  class WorkHook final : public TurnHook {
   public:
    explicit WorkHook(Directory& directory) : directory_(directory) {}
    Nanos OnTurn(Nanos) noexcept override {
      directory_.Work();
      return Nanos::max();
    }

   private:
    Directory& directory_;
  };
  // ... and what was asked for after that, and is known, is for the next one.
  class EndHook final : public TurnHook {
   public:
    explicit EndHook(Directory& directory) : directory_(directory) {}
    Nanos OnTurn(Nanos now) noexcept override {
      return directory_.HasMore() ? now : Nanos::max();
    }

   private:
    Directory& directory_;
  };

  WorkHook work_;
  EndHook end_;
};

}  // namespace mxscan
