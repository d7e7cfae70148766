#include "resolver/net/loop.h"

#include <time.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <vector>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr Nanos kMillisecond = std::chrono::milliseconds(1);

int64_t WallClockMicros() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970)
      .count();
}

template <typename Handle>
uv_handle_t* AsHandle(Handle& handle) {
  return reinterpret_cast<uv_handle_t*>(&handle);
}

}  // namespace

struct Loop::State {
  uv_loop_t loop;
  uv_prepare_t before_sleep;
  uv_timer_t alarm;
  uv_async_t wake;

  int error = 0;
  std::array<std::vector<TurnHook*>, 3> hooks;  // By phase.
  Nanos shortest_turn{0};
  bool busy = false;

  // Whoever wakes the loop says so first and looks then whether it sleeps; the
  // loop says first that it sleeps and looks then whether it was woken. All
  // sequentially consistent: one of the two sees the other.
  std::atomic<bool> woken{false};
  std::atomic<bool> asleep{false};

  const uint64_t made_at = uv_hrtime();
  const int64_t made_at_micros = WallClockMicros();
  // libuv runs nothing of ours between its sleep and the first event, so the
  // first one who asks in a turn reads the clock.
  Nanos now{0};
  Nanos turn_began{0};
  Nanos rest_began = Nanos::max();  // Before this turn, if it rested.
  bool stale = true;

  Nanos ReadClock() const {
    return Nanos(static_cast<int64_t>(uv_hrtime() - made_at));
  }

  void Freshen() {
    now = ReadClock();
    turn_began = now;
    stale = false;
    asleep.store(false, std::memory_order_relaxed);
  }

  Nanos RunHooks();
  void SetAlarm(Nanos at);
  void Rest(Nanos until);
  void EndTurn();
};

Nanos Loop::State::RunHooks() {
  if (stale) Freshen();
  woken.exchange(false);  // What it was woken for can be seen from here on.
  Nanos wake_at = Nanos::max();
  for (std::vector<TurnHook*>& phase : hooks) {
    for (TurnHook* hook : phase) {
      wake_at = std::min(wake_at, hook->OnTurn(now));
    }
  }
  return wake_at;
}

// libuv counts in whole milliseconds of the same clock, from a reading of its
// own: have it read now, and round up, so that nobody is woken before his time.
void Loop::State::SetAlarm(Nanos at) {
  if (at == Nanos::max()) {
    uv_timer_stop(&alarm);
    return;
  }
  uv_update_time(&loop);
  const Nanos since_boot = Nanos(static_cast<int64_t>(made_at)) + at;
  const int64_t due = (since_boot + kMillisecond - Nanos(1)) / kMillisecond;
  const int64_t delay = due - static_cast<int64_t>(uv_now(&loop));
  uv_timer_start(
      &alarm, [](uv_timer_t*) {},
      static_cast<uint64_t>(std::max(delay, int64_t{0})), 0);
}

// A plain sleep: what becomes ready meanwhile is handed out together.
void Loop::State::Rest(Nanos until) {
  const Nanos began = ReadClock();
  const Nanos left = until - began;
  if (left <= Nanos::zero() || left >= std::chrono::seconds(1)) return;
  rest_began = began;
  const timespec rest = {0, static_cast<long>(left.count())};
  nanosleep(&rest, nullptr);
}

void Loop::State::EndTurn() {
  const Nanos wake_at = RunHooks();
  rest_began = Nanos::max();
  if (busy && shortest_turn > Nanos::zero()) {
    Rest(turn_began + shortest_turn);
  }
  busy = false;
  stale = true;
  asleep.store(true);
  SetAlarm(woken.load() ? Nanos::zero() : wake_at);
}

Loop::Loop() : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.error = uv_loop_init(&state.loop);
  if (state.error != 0) return;
  uv_prepare_init(&state.loop, &state.before_sleep);
  uv_timer_init(&state.loop, &state.alarm);
  state.error = uv_async_init(&state.loop, &state.wake, [](uv_async_t*) {});
  if (state.error != 0) {
    uv_close(AsHandle(state.before_sleep), nullptr);
    uv_close(AsHandle(state.alarm), nullptr);
    uv_run(&state.loop, UV_RUN_DEFAULT);
    uv_loop_close(&state.loop);
    return;
  }
  state.before_sleep.data = &state;
  uv_prepare_start(&state.before_sleep, [](uv_prepare_t* handle) {
    static_cast<State*>(handle->data)->EndTurn();
  });
}

Loop::~Loop() {
  State& state = *state_;
  if (state.error != 0) return;
  uv_close(AsHandle(state.before_sleep), nullptr);
  uv_close(AsHandle(state.alarm), nullptr);
  uv_close(AsHandle(state.wake), nullptr);
  // Lets the handles that were released say their last word.
  uv_run(&state.loop, UV_RUN_DEFAULT);
  [[maybe_unused]] const int closed = uv_loop_close(&state.loop);
  assert(closed == 0);
}

absl::Status Loop::status() const {
  if (state_->error == 0) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "cannot make an event loop: ", uv_strerror(state_->error),
      "; raise the limit of open files (ulimit -n) or use fewer threads"));
}

Nanos Loop::now() const {
  if (state_->stale) state_->Freshen();
  return state_->now;
}

Nanos Loop::ReadClock() const { return state_->ReadClock(); }

Nanos Loop::epoch() const {
  return Nanos(static_cast<int64_t>(state_->made_at));
}

int64_t Loop::UnixMicros() const {
  return state_->made_at_micros + now() / std::chrono::microseconds(1);
}

void Loop::AddTurnHook(TurnHook& hook, TurnPhase phase) {
  state_->hooks[static_cast<size_t>(phase)].push_back(&hook);
}

void Loop::SetShortestTurn(Nanos least) { state_->shortest_turn = least; }

void Loop::MarkBusy() { state_->busy = true; }

Nanos Loop::rested_since() const { return std::min(state_->rest_began, now()); }

void Loop::Run() {
  if (state_->error != 0) return;
  state_->stale = true;
  uv_run(&state_->loop, UV_RUN_DEFAULT);
}

void Loop::Stop() { uv_stop(&state_->loop); }

// A system call only where it sleeps, which a busy loop hardly does.
void Loop::Wake() {
  state_->woken.store(true);
  if (state_->asleep.load()) uv_async_send(&state_->wake);
}

uv_loop_t& Loop::uv() { return state_->loop; }

}  // namespace mxscan
