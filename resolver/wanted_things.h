// WantedThings is what a directory was asked for and has not told yet: each
// thing once, with all who wait for it. These are receivers of the directory's
// own shard, and other shards, which asked by post (shard_post.h).
//
//   Want ─► LookUp ── somebody waits already
//             └► asked, here or of another shard ─► Settle ─► all are told
//             └► Known ─► SettleKnown ────────────►
//
// Things are looked up all together, once a turn or twice, so that memory has
// come by then; nobody is told from inside of wanting. Thing must have the
// members
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

  // `waiter` wants a thing, which the caller describes in its slot at once.
  uint32_t Want(uint32_t tag, const ThingWaiter<Receiver>& waiter) {
    const uint32_t slot = things_.Take();
    things_[slot].tag = tag;
    things_[slot].first = waiter;
    index_.Fetch(tag);
    new_.push_back(slot);
    return slot;
  }
  bool any_new() const { return !new_.empty(); }

  // Of what came to be wanted since the last call: whoever wants the `same` as
  // others waits with them; where there are none, calls `ask(slot)`. Nothing
  // may come to be wanted from inside.
  template <typename Same, typename AskForOne>
  void LookUp(Same same, AskForOne ask) {
    for (const uint32_t slot : new_) {
      const Thing& thing = things_[slot];
      const uint32_t other = index_.Find(
          thing.tag, [&](uint32_t i) { return same(things_[i], thing); });
      if (other != HashIndex::kNone) {
        Join(other, thing.first);
        things_.GiveBack(slot);
        continue;
      }
      index_.Insert(thing.tag, slot);
      ask(slot);
    }
    new_.clear();
  }

  // It is known, and to be told by the next SettleKnown.
  void Known(uint32_t slot) { known_.push_back(slot); }
  bool any_known() const { return !known_.empty(); }

  // Calls `settle(slot)` for all of these, some at a time, and before it
  // `foresee(slot, step)` for each of some, for every step of foresight.h.
  // What comes to be wanted from inside is not looked up yet.
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
  void Join(uint32_t slot, ThingWaiter<Receiver> waiter) {
    ThingWaiter<Receiver>& first = things_[slot].first;
    waiter.next = first.next;
    first.next = waiters_.Take();
    waiters_[first.next] = waiter;
  }

  Slots<Thing> things_;
  Slots<ThingWaiter<Receiver>> waiters_;
  HashIndex index_;  // Of things that were looked up.
  std::vector<uint32_t> new_;
  std::vector<uint32_t> known_;
  std::vector<uint32_t> settling_;
};

// The turns of a directory: LookUp() at the beginning of each, Work() in it,
// and another turn at once while HasMore() says so.
template <typename Directory>
class DirectoryTurns {
 public:
  // Both must outlive it.
  DirectoryTurns(Directory& directory, Loop& loop)
      : look_up_(directory), work_(directory), end_(directory) {
    loop.AddTurnHook(look_up_, TurnPhase::kLookUp);
    loop.AddTurnHook(work_, TurnPhase::kWork);
    loop.AddTurnHook(end_, TurnPhase::kSend);
  }

 private:
  class Hook : public TurnHook {
   public:
    explicit Hook(Directory& directory) : directory_(directory) {}

   protected:
    Directory& directory_;
  };

  // What replies brought about leaves in the same turn: before the resolver's
  // hook ...
  class LookUpHook final : public Hook {
   public:
    using Hook::Hook;
    Nanos OnTurn(Nanos) noexcept override {
      this->directory_.LookUp();
      return Nanos::max();
    }
  };
  // ... what its answers settle is told in the same turn: after that hook ...
  class WorkHook final : public Hook {
   public:
    using Hook::Hook;
    Nanos OnTurn(Nanos) noexcept override {
      this->directory_.Work();
      return Nanos::max();
    }
  };
  // ... and what is known, or came to be wanted, after that is for the next.
  class EndHook final : public Hook {
   public:
    using Hook::Hook;
    Nanos OnTurn(Nanos now) noexcept override {
      return this->directory_.HasMore() ? now : Nanos::max();
    }
  };

  LookUpHook look_up_;
  WorkHook work_;
  EndHook end_;
};

}  // namespace mxscan
