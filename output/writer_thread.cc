#include "output/writer_thread.h"

#include <signal.h>

#include <cassert>
#include <utility>

namespace mxscan {
namespace {

// Signals are for the thread that waits for them: a thread born while this
// lives gets none. (A broken pipe is then an error of write, never a death.)
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

WriterThread::WriterThread(std::vector<std::unique_ptr<Sink>> sinks,
                           WriterListener* listener, WriterOptions options)
    : listener_(listener),
      next_place_(options.written.low()),
      sinks_(std::move(sinks)),
      broken_(sinks_.size()),
      checkpointer_(sinks_, options.keeper, options.checkpoint_every,
                    std::move(options.written), Clock::now()),
      options_(std::move(options)),
      unmade_(options_.batches) {
  assert(options_.batches >= 1);
  if (options_.ordered > 0) order_.emplace(options_.ordered, next_place_);
  const NoSignals while_it_starts;
  thread_ = std::thread([this] { Run(); });
}

WriterThread::~WriterThread() { Suspend().IgnoreError(); }

bool WriterThread::HasRoom() {
  const std::lock_guard lock(mutex_);
  const bool room = HasRoomLocked();
  if (!room) refused_ = true;
  return room;
}

bool WriterThread::MayStart(int64_t place) {
  if (options_.ordered == 0) return true;
  if (place < next_place_.load(std::memory_order_acquire) + options_.ordered) {
    return true;
  }
  const std::lock_guard lock(mutex_);
  const bool may = place < next_place_.load() + options_.ordered;
  if (!may) refused_ = true;
  return may;
}

std::unique_ptr<RecordBatch> WriterThread::TakeEmpty() {
  const std::lock_guard lock(mutex_);
  if (!HasRoomLocked()) {
    refused_ = true;
    return nullptr;
  }
  if (empty_.empty()) {
    if (unmade_ > 0) --unmade_;
    return std::make_unique<RecordBatch>();
  }
  Batch batch = std::move(empty_.back());
  empty_.pop_back();
  return batch;
}

void WriterThread::Push(std::unique_ptr<RecordBatch> batch) {
  assert(batch != nullptr);
  const std::lock_guard lock(mutex_);
  assert(ending_ == Ending::kNone);
  full_.push_back(std::move(batch));
  wake_.notify_one();
}

absl::Status WriterThread::status() {
  const std::lock_guard lock(mutex_);
  return status_;
}

absl::Status WriterThread::End(Ending ending) {
  {
    const std::lock_guard lock(mutex_);
    if (ending_ == Ending::kNone) ending_ = ending;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  return status();
}

void WriterThread::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (full_.empty()) AwaitBatch(lock);
    if (full_.empty()) {
      if (ending_ != Ending::kNone) break;
      continue;
    }
    Batch batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    if (order_) {
      WriteInOrder(std::move(batch));
    } else {
      WriteRows(batch->rows());
      Recycle(std::move(batch));
    }
    CheckpointIfDue();
    lock.lock();
  }
  const Ending ending = ending_;
  lock.unlock();
  const bool resumed_later =
      ending == Ending::kSuspend && options_.keeper != nullptr;
  if (order_ && !resumed_later) WriteRest();
  Checkpoint();
  FinishAll(ending);
}

// Returns with a batch, or when the writing ends, or for a checkpoint.
void WriterThread::AwaitBatch(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  FlushAll();
  CheckpointIfDue();
  const auto due = failed_ ? Clock::time_point::max() : checkpointer_.due();
  lock.lock();
  const auto woken = [this] {
    return !full_.empty() || ending_ != Ending::kNone;
  };
  if (due == Clock::time_point::max()) {
    wake_.wait(lock, woken);
  } else {
    wake_.wait_until(lock, due, woken);
  }
}

void WriterThread::WriteRows(std::span<const Record> rows) {
  for (size_t i = 0; i < sinks_.size() && !failed_; ++i) {
    const absl::Status written = sinks_[i]->Write(rows);
    if (!written.ok()) return FailSink(i, written);
  }
  Tell(rows);
}

void WriterThread::Tell(std::span<const Record> rows) {
  if (failed_) return;
  if (options_.watcher != nullptr) options_.watcher->OnRows(rows);
  checkpointer_.OnRows(rows);
}

void WriterThread::CheckpointIfDue() {
  if (checkpointer_.due() <= Clock::now()) Checkpoint();
}

void WriterThread::Checkpoint() {
  if (failed_ || !checkpointer_.is_wanted()) return;
  const Checkpointer::Outcome made = checkpointer_.Make();
  checkpointer_.Made(Clock::now());
  if (made.sink) return FailSink(*made.sink, made.status);
  if (!made.status.ok()) Fail(made.status);
}

// Writes what has its turn now that `batch` is here.
void WriterThread::WriteInOrder(Batch batch) {
  order_->Add(std::move(batch));
  while (const Record* row = order_->Next()) WriteRows({row, 1});
  PublishNext();
  while (Batch spent = order_->TakeSpent()) Recycle(std::move(spent));
}

// An interrupted run leaves gaps: what comes after them is written all the
// same, still in order.
void WriterThread::WriteRest() {
  while (const Record* row = order_->NextThereIs()) WriteRows({row, 1});
}

void WriterThread::PublishNext() {
  if (order_->next() == next_place_.load(std::memory_order_relaxed)) return;
  bool tell;
  {
    const std::lock_guard lock(mutex_);
    next_place_.store(order_->next(), std::memory_order_release);
    tell = std::exchange(refused_, false);
  }
  if (tell && listener_ != nullptr) listener_->OnWriterChange();
}

void WriterThread::FlushAll() {
  for (size_t i = 0; i < sinks_.size() && !failed_; ++i) {
    const absl::Status flushed = sinks_[i]->Flush();
    if (!flushed.ok()) FailSink(i, flushed);
  }
}

void WriterThread::FinishAll(Ending ending) {
  // Of a run that failed, too, lines are left without a row.
  const bool finish = ending == Ending::kFinish && !failed_;
  for (size_t i = 0; i < sinks_.size(); ++i) {
    if (broken_[i]) continue;
    const absl::Status ended =
        finish ? sinks_[i]->Finish() : sinks_[i]->Suspend();
    if (!ended.ok()) FailSink(i, ended);
  }
}

void WriterThread::Recycle(Batch batch) {
  batch->clear();
  bool tell;
  {
    const std::lock_guard lock(mutex_);
    // In order there can be more of them, for as long as a row is late.
    if (empty_.size() < options_.batches) empty_.push_back(std::move(batch));
    tell = !order_ && std::exchange(refused_, false);
  }
  if (tell && listener_ != nullptr) listener_->OnWriterChange();
}

void WriterThread::FailSink(size_t sink, const absl::Status& error) {
  broken_[sink] = true;
  Fail(error);
}

void WriterThread::Fail(const absl::Status& error) {
  failed_ = true;
  {
    const std::lock_guard lock(mutex_);
    if (!status_.ok()) return;
    status_ = error;
  }
  if (listener_ != nullptr) listener_->OnWriterChange();
}

}  // namespace mxscan
