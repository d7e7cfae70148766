// ReplyRoom says how many attempts may be under way at once so that what comes
// back finds room in the receive buffers: a reply for which there is none is
// thrown away by the kernel, and looks like loss on the path, for which no
// upstream is to blame.
//
// Most replies never wait together: they are read as they come. So the bound
// is no more than what fits when all of them do, less a quarter, for sockets
// fill unevenly. When the kernel drops replies all the same (they are longer
// than was assumed, or the thread was kept from reading), the bound falls by
// three tenths, once in a while and not for each of them, and returns slowly.
//
// Time goes in, decisions come out; no clock, no socket.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mxscan {

class ReplyRoom {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr int kLeast = 32;
  // Drops that are seen within so long after a fall belong to it.
  static constexpr Nanos kPatience = std::chrono::milliseconds(100);
  static constexpr int kAnswersPerPlace = 16;

  // Without bound until SetFitting.
  ReplyRoom() = default;

  // So many replies fit into all buffers together.
  void SetFitting(int64_t replies) {
    fitting_ = std::max<int64_t>(replies - replies / 4, kLeast);
    most_ = fitting_;
  }

  bool full() const { return under_way_ >= most_; }

  void OnSent() { ++under_way_; }
  // It was answered, or is not waited for any more.
  void OnLanded() { --under_way_; }

  void OnAnswer() {
    if (most_ >= fitting_ || ++answers_ < kAnswersPerPlace) return;
    answers_ = 0;
    ++most_;
  }

  // The kernel was seen to have dropped replies.
  void OnDrops(Nanos now) {
    if (now < patient_until_) return;
    patient_until_ = now + kPatience;
    most_ = std::max<int64_t>(std::min(most_, under_way_) * 7 / 10, kLeast);
  }

  int64_t most() const { return most_; }
  int64_t under_way() const { return under_way_; }

 private:
  int64_t fitting_ = INT64_MAX;
  int64_t most_ = INT64_MAX;
  int64_t under_way_ = 0;
  int answers_ = 0;
  Nanos patient_until_{};
};

}  // namespace mxscan
