// LateQueue keeps replies until they are due: those that a fault delays. It
// is bounded, so that a flood of delayed replies cannot eat the memory.
//
// One thread. Time is passed in.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "scanner/demo/responder.h"
#include "scanner/demo/sockets.h"

namespace mxscan {

// To whom a reply goes: a UDP address, or a TCP connection by its number.
struct Peer {
  SocketAddress address;
  uint64_t connection = 0;
};

class LateReceiver {
 public:
  // The reply is due. It lives until the call returns.
  virtual void SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
                       const ReplyManner& manner) = 0;

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
    heap_.push_back({due,
                     next_++,
                     &receiver,
                     peer,
                     manner,
                     {packet.begin(), packet.end()}});
    std::ranges::push_heap(heap_, IsLater);
    return true;
  }

  // Sends all that is due by `now`.
  void SendDue(Nanos now) {
    while (!heap_.empty() && heap_.front().due <= now) {
      std::ranges::pop_heap(heap_, IsLater);
      const Late late = std::move(heap_.back());
      heap_.pop_back();
      late.receiver->SendNow(late.peer, late.packet, late.manner);
    }
  }

  // When the next one is due.
  std::optional<Nanos> next_due() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
  }

 private:
  struct Late {
    Nanos due;
    uint64_t order;  // Equal times keep their order.
    LateReceiver* receiver;
    Peer peer;
    ReplyManner manner;
    std::vector<uint8_t> packet;
  };

  static bool IsLater(const Late& a, const Late& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  std::vector<Late> heap_;
  uint64_t next_ = 0;
};

}  // namespace mxscan
