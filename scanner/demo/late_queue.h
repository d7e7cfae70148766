// LateQueue keeps replies until they are due: those that a fault delays. It
// is bounded, so that a flood of delayed replies cannot eat the memory.
//
// Those that are due together are handed out by receiver, so that each sends
// its own as one batch: a delay must not cost the server more than no delay,
// or a scan would be judged by the server. Replies lie in slots that are used
// again; what is sorted by time is small.
//
// One thread. Time is passed in. Allocates nothing once warm.

#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "resolver/slots.h"
#include "scanner/demo/responder.h"
#include "scanner/demo/sockets.h"

namespace mxscan {

// To whom a reply goes: a UDP address, or a TCP connection by its number.
struct Peer {
  KernelAddress address;
  uint64_t connection = 0;
};

class LateReceiver {
 public:
  // The reply is due. It lives until the call returns.
  virtual void SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
                       const ReplyManner& manner) = 0;
  // No other is due at this moment: what was gathered leaves.
  virtual void SendGathered() {}

 protected:
  ~LateReceiver() = default;
};

class LateQueue {
 public:
  static constexpr size_t kMost = 1 << 19;

  // Keeps a copy of `packet` until `due`; false when there are too many.
  // `receiver` must outlive the queue.
  bool Add(Nanos due, LateReceiver& receiver, const Peer& peer,
           absl::Span<const uint8_t> packet, const ReplyManner& manner) {
    if (heap_.size() >= kMost) return false;
    const uint32_t slot = late_.Take();
    Late& late = late_[slot];
    late.receiver = &receiver;
    late.peer = peer;
    late.manner = manner;
    late.packet.assign(packet.begin(), packet.end());
    heap_.push_back({due, next_++, slot});
    std::ranges::push_heap(heap_, IsLater);
    return true;
  }

  // Sends all that is due by `now`: to each receiver in the order of time.
  void SendDue(Nanos now) {
    while (!heap_.empty() && heap_.front().due <= now) {
      const uint32_t slot = heap_.front().slot;
      __builtin_prefetch(&late_[slot]);  // It has lain there for long.
      due_.push_back({nullptr, due_.size(), slot});
      std::ranges::pop_heap(heap_, IsLater);
      heap_.pop_back();
    }
    for (Leaving& leaving : due_) {
      leaving.receiver = late_[leaving.slot].receiver;
      __builtin_prefetch(late_[leaving.slot].packet.data());
    }
    std::ranges::sort(due_, ComesBefore);
    for (size_t i = 0; i < due_.size(); ++i) {
      LateReceiver& receiver = *due_[i].receiver;
      const Late& late = late_[due_[i].slot];
      receiver.SendNow(late.peer, late.packet, late.manner);
      late_.GiveBack(due_[i].slot);
      const bool last =
          i + 1 == due_.size() || due_[i + 1].receiver != &receiver;
      if (last) receiver.SendGathered();
    }
    due_.clear();
  }

  // When the next one is due.
  std::optional<Nanos> next_due() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
  }

 private:
  struct Late {
    LateReceiver* receiver = nullptr;
    ReplyManner manner;
    std::vector<uint8_t> packet;
    Peer peer;
  };
  struct Due {
    Nanos due;
    uint64_t order;  // Equal times keep their order.
    uint32_t slot;
  };
  struct Leaving {
    LateReceiver* receiver;
    size_t order;
    uint32_t slot;
  };

  static bool IsLater(const Due& a, const Due& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }
  static bool ComesBefore(const Leaving& a, const Leaving& b) {
    if (a.receiver == b.receiver) return a.order < b.order;
    return std::less<>()(a.receiver, b.receiver);
  }

  Slots<Late> late_;
  std::vector<Due> heap_;
  std::vector<Leaving> due_;  // Scratch of SendDue.
  uint64_t next_ = 0;
};

}  // namespace mxscan
