// RateCeiling is a rate that no window of time exceeds, kept by several
// threads together: a token bucket (in the exact form of pacer.h) in one atomic
// word, and in another when it last sent somebody away. A thread borrows a few
// tokens with one compare-and-swap, spends them within its turn, and gives back
// what is left, so that nothing idles in the hands of one that has nothing to
// send: whoever has work gets the whole rate, and there is no share to be set
// or moved.
//
// What leaves within any time T is at most rate × T + Burst(rate), and kLoan
// more for each thread that stops in mid-turn with tokens in its hands.
//
// RateShare is one thread's view of a ceiling, with its loan. RateCeilings are
// those of a run: one for all upstreams together, and one for each.
//
// Time is passed in, as it is on a clock that all threads share. Ceilings:
// any thread. A share: one thread.

#pragma once

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

namespace mxscan {

class alignas(64) RateCeiling {
 public:
  using Nanos = std::chrono::nanoseconds;

  // A loop sleeps to the millisecond, and may wake late: what came due in
  // that time leaves at once.
  static constexpr Nanos kDepth = std::chrono::milliseconds(5);

  // In queries per second. REQUIRES: rate > 0.
  explicit RateCeiling(double rate)
      : interval_(static_cast<int64_t>(std::ceil(1e9 / rate))),
        slack_((Burst(rate) - 1) * interval_) {
    assert(rate > 0);
  }

  // What may leave at once after a rest.
  static int64_t Burst(double rate) {
    const double due = rate * std::chrono::duration<double>(kDepth).count();
    return std::max<int64_t>(static_cast<int64_t>(due), 1);
  }

  // Takes up to `most` tokens that are there at `now`; 0 when none is.
  // REQUIRES: most >= 1.
  int Borrow(Nanos now, int most) {
    int64_t due = due_.load(std::memory_order_relaxed);
    for (;;) {
      const int64_t base = std::max(due, (now - slack_).count());
      if (base > now.count()) {
        held_back_at_.store(now.count(), std::memory_order_relaxed);
        return 0;
      }
      const int64_t there = (now.count() - base) / interval_.count() + 1;
      const int64_t lent = std::min<int64_t>(there, most);
      if (due_.compare_exchange_weak(due, base + lent * interval_.count(),
                                     std::memory_order_relaxed)) {
        return static_cast<int>(lent);
      }
    }
  }

  // Tokens that were not needed, in the turn in which they were borrowed.
  void GiveBack(int count) {
    due_.fetch_sub(count * interval_.count(), std::memory_order_relaxed);
  }

  // When the next token is there, unless others take it.
  Nanos ready_at() const { return Nanos(due_.load(std::memory_order_relaxed)); }

  // When a thread was last told that there is none; before all time if never.
  Nanos held_back_at() const {
    return Nanos(held_back_at_.load(std::memory_order_relaxed));
  }

  // Between tokens.
  Nanos interval() const { return Nanos(interval_); }

 private:
  const Nanos interval_;
  const Nanos slack_;
  // From when on the next token is there. It carries no other data with it,
  // so that no ordering is needed.
  std::atomic<int64_t> due_{0};
  std::atomic<int64_t> held_back_at_{INT64_MIN / 2};
};

class RateShare {
 public:
  using Nanos = RateCeiling::Nanos;

  // Tokens borrowed at once.
  static constexpr int kLoan = 16;
  // Longer than a turn of any thread, which may find no token in one and some
  // in the next.
  static constexpr Nanos kJustNow = std::chrono::milliseconds(20);

  // Without a ceiling, or with one that must outlive the share. `epoch` is
  // where the thread's own time begins on the clock that all share.
  RateShare() = default;
  RateShare(RateCeiling* ceiling, Nanos epoch)
      : ceiling_(ceiling), epoch_(epoch) {}

  // Whether one query may leave at `now`. Borrows when it must.
  bool Ready(Nanos now) {
    if (ceiling_ == nullptr || left_ > 0) return true;
    left_ = ceiling_->Borrow(epoch_ + now, kLoan);
    return left_ > 0;
  }

  // One leaves. REQUIRES: Ready, in this turn.
  void Take() {
    if (ceiling_ == nullptr) return;
    assert(left_ > 0);
    --left_;
  }

  // True when there is something to give back.
  bool holds() const { return left_ > 0; }

  // Once in every turn, when all has left that was to leave.
  void EndTurn() {
    if (left_ > 0) ceiling_->GiveBack(left_);
    left_ = 0;
  }

  // Whether the ceiling holds this thread or another back, or did just now: who
  // has nothing to send does not know it of himself.
  bool HoldsBack(Nanos now) const {
    return ceiling_ != nullptr &&
           epoch_ + now - ceiling_->held_back_at() < kJustNow;
  }

  // When Ready may say yes; long past without a ceiling.
  Nanos ready_at() const {
    if (ceiling_ == nullptr || left_ > 0) return Nanos::min();
    return ceiling_->ready_at() - epoch_;
  }

 private:
  RateCeiling* ceiling_ = nullptr;
  Nanos epoch_{};
  int left_ = 0;
};

class RateCeilings {
 public:
  // Rates in queries per second, 0 for none: over all, and for each upstream
  // (which may be none at all, where no upstream has a ceiling).
  RateCeilings(double over_all, const std::vector<double>& each)
      : over_all_(Make(over_all)) {
    each_.reserve(each.size());
    for (const double rate : each) each_.push_back(Make(rate));
  }

  // Null where there is no ceiling.
  RateCeiling* over_all() const { return over_all_.get(); }
  RateCeiling* of(size_t upstream) const {
    return upstream < each_.size() ? each_[upstream].get() : nullptr;
  }

 private:
  static std::unique_ptr<RateCeiling> Make(double rate) {
    return rate > 0 ? std::make_unique<RateCeiling>(rate) : nullptr;
  }

  std::unique_ptr<RateCeiling> over_all_;
  std::vector<std::unique_ptr<RateCeiling>> each_;
};

}  // namespace mxscan
