// SignalWatch turns SIGINT, SIGTERM and SIGHUP into something one thread can
// wait for, together with a bell that other threads may ring; and it makes
// writing to a closed pipe an error instead of a death (SIGPIPE).
//
// Made first thing, on the main thread: threads made later inherit the mask.

#pragma once

#include <chrono>
#include <cstdint>

#include "absl/status/statusor.h"

namespace mxscan {

// While this lives, a signal ends the process at once, as interrupted: for what
// comes before the run and may wait for ever, such as the opening of a FIFO
// that nobody reads. On the thread that made the SignalWatch, after it.
class SignalsEndAll {
 public:
  SignalsEndAll();
  ~SignalsEndAll();
  SignalsEndAll(const SignalsEndAll&) = delete;
  SignalsEndAll& operator=(const SignalsEndAll&) = delete;
};

class SignalWatch {
 public:
  enum class Event : uint8_t { kSignal, kBell, kNothing };

  static absl::StatusOr<SignalWatch> Begin();
  SignalWatch(SignalWatch&& other) noexcept;
  SignalWatch& operator=(SignalWatch&&) = delete;
  ~SignalWatch();

  // Waits for a signal or the bell, or until `patience` is over.
  Event Wait(std::chrono::milliseconds patience);

  // Ends the current or next Wait. Any thread.
  void Ring();

 private:
  SignalWatch(int signals, int bell) : signals_(signals), bell_(bell) {}

  int signals_;
  int bell_;
};

}  // namespace mxscan
