// Loop is one thread's event loop: it knows the time, runs callbacks when
// descriptors are ready, and takes work handed over from other threads. It
// owns its uv_loop_t. Everything but Wake() belongs to the loop's own thread.
//
// Time is Nanos since the loop was made, read once per turn: everything that
// happens in one turn happens at one `now()`.
//
// A turn is: sleep, hand out what became ready, run the hooks. A hook must
// never find that work was given to it after it ran: whoever takes work from
// another's hook is a hook of the last phase.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"

typedef struct uv_loop_s uv_loop_t;

namespace mxscan {

using Nanos = std::chrono::nanoseconds;

// Called once a turn; see Loop::AddTurnHook.
class TurnHook {
 public:
  // The turn's events have been handed out, and the loop is about to sleep.
  // Returns when it must be woken at the latest (Nanos::max() for never); a
  // time that has passed means that the next turn follows without a sleep,
  // unless the loop rests between turns (SetShortestTurn).
  virtual Nanos OnTurn(Nanos now) noexcept = 0;

 protected:
  ~TurnHook() = default;
};

// All hooks of a phase run before the first of the next.
enum class TurnPhase { kLookUp, kWork, kSend };

class Loop {
 public:
  Loop();
  ~Loop();  // REQUIRES: every handle on it was released.

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Not OK when the system refused what a loop needs (descriptors, mostly).
  // Such a loop runs nothing; whoever opens sockets on a loop asks first.
  absl::Status status() const;

  Nanos now() const;
  // The clock itself, for what takes long within a turn.
  Nanos ReadClock() const;
  // When the loop was made, on the clock that all loops of the process share.
  Nanos epoch() const;
  // The wall clock at now(), microseconds since 1970, from one reading of the
  // wall clock when the loop was made.
  int64_t UnixMicros() const;

  // `hook` must outlive the loop's last turn. Hooks of a phase run in the
  // order added.
  void AddTurnHook(TurnHook& hook, TurnPhase phase = TurnPhase::kWork);

  // While turns are busy (MarkBusy), the loop does not turn more often than
  // once in `least`, whenever its hooks want to be woken: what arrives
  // meanwhile waits for its batch, which saves system calls and keeps what a
  // query needs in the processor's caches. Zero, as it is at first, turns as
  // often as it can.
  void SetShortestTurn(Nanos least);
  // This turn moved datagrams.
  void MarkBusy();
  // Since when this turn's events may have waited, for the loop rested; now()
  // when it did not, but slept until the first of them, or was behind.
  Nanos rested_since() const;

  // Turns until Stop() is called on the loop's thread.
  void Run();
  void Stop();

  // Any thread: the loop wakes and runs its hooks. Cheap when it is awake, or
  // rests between busy turns: its next turn comes soon in any case.
  void Wake();

  uv_loop_t& uv();  // For this room only.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
