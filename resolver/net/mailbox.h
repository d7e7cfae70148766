// Mailbox carries messages from any thread to the thread of one loop, in
// batches. The lock is held only to exchange a whole vector (or to append a
// batch where an earlier one still waits), and the loop is woken once for all
// that waits.
//
// The reader takes from a turn hook, which the wake is sure to run:
//
//   Nanos OnTurn(Nanos) noexcept override {
//     if (mailbox_.Take(batch_)) for (Message& message : batch_) ...
//
// Messages of one poster keep their order. Vectors go round with their
// memory, so a warm mailbox allocates nothing. It does not bound what waits:
// posters do, each having only so many questions open.

#pragma once

#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "resolver/net/loop.h"

namespace mxscan {

template <typename T>
class Mailbox {
 public:
  // `reader` must outlive the last Post.
  explicit Mailbox(Loop& reader) : reader_(reader) {}

  // Hands over all of `batch`, which is empty afterwards. Any thread.
  void Post(std::vector<T>& batch) {
    if (batch.empty()) return;
    if (Append(batch)) reader_.Wake();
    batch.clear();
  }

  // Replaces what is in `out` by what was posted since the last Take; false
  // when that is nothing. The reader's thread.
  bool Take(std::vector<T>& out) {
    out.clear();
    const std::lock_guard<std::mutex> lock(mutex_);
    out.swap(waiting_);
    return !out.empty();
  }

 private:
  // True when nothing waited before: whoever finds something waiting knows
  // that the reader was woken for it and has yet to take it.
  bool Append(std::vector<T>& batch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) {
      waiting_.swap(batch);
      return true;
    }
    waiting_.insert(waiting_.end(), std::make_move_iterator(batch.begin()),
                    std::make_move_iterator(batch.end()));
    return false;
  }

  Loop& reader_;
  std::mutex mutex_;
  std::vector<T> waiting_;
};

}  // namespace mxscan
