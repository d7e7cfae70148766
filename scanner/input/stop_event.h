// StopEvent tells a thread that waits for input to leave off. Set from any
// thread, seen by poll(2) and by a cheap look; once set it stays so.

#pragma once

#include <atomic>

#include "absl/status/status.h"

namespace mxscan {

class StopEvent {
 public:
  StopEvent() = default;
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  // Call once, before anything else.
  absl::Status Open();

  void Set();
  bool IsSet() const { return set_.load(std::memory_order_relaxed); }

  // Readable once set. Owned by the event.
  int fd() const { return fd_; }

 private:
  std::atomic<bool> set_{false};
  int fd_ = -1;
};

}  // namespace mxscan
