#include "scanner/run/line_queue.h"

#include <utility>

namespace mxscan {

void LineBatch::Add(const InputLine& line) {
  lines_.push_back({line, text_.size(), line.input.size()});
  lines_.back().line.input = {};
  text_.append(line.input);
}

void LineBatch::clear() {
  lines_.clear();
  text_.clear();
}

InputLine LineBatch::line(int i) const {
  const Stored& stored = lines_[i];
  InputLine line = stored.line;
  line.input = std::string_view(text_).substr(stored.text_at, stored.text_size);
  return line;
}

LineQueue::LineQueue(int capacity) : capacity_(capacity) {}

bool LineQueue::Push(const InputLine& line) {
  std::unique_lock<std::mutex> lock(mutex_);
  room_.wait(lock, [this] { return closed_ || lines_.size() < capacity_; });
  if (closed_) return false;
  lines_.Add(line);
  TellWaiter();
  return true;
}

void LineQueue::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  room_.notify_all();
  TellWaiter();
}

void LineQueue::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  cancelled_ = true;
  lines_.clear();
  room_.notify_all();
  TellWaiter();
}

LineQueue::Taken LineQueue::Take(LineBatch& batch, Waiter& waiter) {
  batch.clear();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (lines_.size() == 0) {
    if (closed_) return Taken::kClosed;
    waiter_ = &waiter;
    return Taken::kNothingYet;
  }
  std::swap(batch, lines_);
  room_.notify_one();
  return Taken::kLines;
}

// REQUIRES: the mutex is held, so that the waiter is told only once.
void LineQueue::TellWaiter() {
  if (waiter_ != nullptr) std::exchange(waiter_, nullptr)->OnLines();
}

}  // namespace mxscan
