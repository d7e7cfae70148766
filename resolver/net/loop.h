// Loop is one thread's event loop: it knows the time, runs callbacks when
// descriptors are ready, and takes work handed over from other threads. It
// owns its uv_loop_t. Everything but Post() belongs to the loop's own thread.
//
// Time is Nanos since the loop was made, read once per turn: everything that
// happens in one turn happens at one `now()`.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

typedef struct uv_loop_s uv_loop_t;

namespace mxscan {

using Nanos = std::chrono::nanoseconds;

// Called once a turn; see Loop::AddTurnHook.
class TurnHook {
 public:
  // The turn's events have been handed out, and the loop is about to sleep.
  // Returns when it must be woken at the latest (Nanos::max() for never).
  virtual Nanos OnTurn(Nanos now) noexcept = 0;

 protected:
  ~TurnHook() = default;
};

class Loop {
 public:
  Loop();
  ~Loop();  // REQUIRES: every handle on it was released.

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Nanos now() const;
  // The wall clock at now(), microseconds since 1970, from one reading of the
  // wall clock when the loop was made.
  int64_t UnixMicros() const;

  // `hook` must outlive the loop's last turn. Hooks run in the order added.
  void AddTurnHook(TurnHook& hook);

  // Turns until Stop() is called on the loop's thread.
  void Run();
  void Stop();

  // Any thread: wakes the loop and lets it call `Woken` hooks of its next
  // turn. Cheap when a wake is already under way.
  void Wake();

  uv_loop_t& uv();  // For this room only.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
