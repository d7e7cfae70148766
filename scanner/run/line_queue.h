// LineQueue carries input lines from the reader's thread to one shard.
//
// It is bounded: a reader that runs ahead waits in Push, so a full window
// stops the reading. It never holds a line back to fill a batch: whatever is
// there when the shard asks, it gets, so lines that come slowly over a pipe
// are scanned as they come.
//
// One thread pushes, one takes; either may close.

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/input/domain_source.h"

namespace mxscan {

// Lines that own their text. Keeps its memory from one use to the next.
class LineBatch {
 public:
  void Add(const InputLine& line);
  void clear();

  int size() const { return static_cast<int>(lines_.size()); }
  int64_t place(int i) const { return lines_[i].line.place; }
  // The view inside holds until the batch changes.
  InputLine line(int i) const;

 private:
  struct Stored {
    InputLine line;  // Its `input` is set on the way out.
    size_t text_at;
    size_t text_size;
  };

  std::vector<Stored> lines_;
  std::string text_;
};

class LineQueue {
 public:
  // Called, on the pusher's thread, when lines come to a shard that found
  // none. Must be cheap and safe from any thread.
  class Waiter {
   public:
    virtual void OnLines() noexcept = 0;

   protected:
    ~Waiter() = default;
  };

  // REQUIRES: capacity >= 1.
  explicit LineQueue(int capacity);

  // Waits for room, then adds a copy of `line`. False when closed.
  bool Push(const InputLine& line);

  // No more lines will come; those that are in can still be taken.
  void Close();

  // No more lines will come, and those not yet taken are dropped.
  void Cancel();

  // What was taken and not begun is to be dropped too.
  bool cancelled() const { return cancelled_; }

  enum class Taken : uint8_t { kLines, kNothingYet, kClosed };

  // Swaps all lines there are into `batch`, whose content is lost. When there
  // are none yet, `waiter` is told once as soon as some come or none will.
  Taken Take(LineBatch& batch, Waiter& waiter);

 private:
  void TellWaiter();

  const int capacity_;
  std::mutex mutex_;
  std::condition_variable room_;
  LineBatch lines_;
  Waiter* waiter_ = nullptr;  // Set while the shard has nothing to do.
  bool closed_ = false;
  std::atomic<bool> cancelled_{false};
};

}  // namespace mxscan
