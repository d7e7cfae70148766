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
                           WriterListener* listener, size_t batches,
                           int64_t ordered)
    : sinks_(std::move(sinks)),
      broken_(sinks_.size()),
      listener_(listener),
      batches_(batches),
      ordered_(ordered),
      unmade_(batches) {
  assert(batches >= 1);
  if (ordered > 0) order_.emplace(ordered);
  const NoSignals while_it_starts;
  thread_ = std::thread([this] { Run(); });
}

WriterThread::~WriterThread() { Finish().IgnoreError(); }

bool WriterThread::HasRoom() {
  const std::lock_guard lock(mutex_);
  const bool room = HasRoomLocked();
  if (!room) refused_ = true;
  return room;
}

bool WriterThread::MayStart(int64_t place) {
  if (ordered_ == 0) return true;
  if (place < next_place_.load(std::memory_order_acquire) + ordered_) {
    return true;
  }
  const std::lock_guard lock(mutex_);
  const bool may = place < next_place_.load() + ordered_;
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
  assert(!ending_);
  full_.push_back(std::move(batch));
  wake_.notify_one();
}

absl::Status WriterThread::status() {
  const std::lock_guard lock(mutex_);
  return status_;
}

absl::Status WriterThread::Finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  return status();
}

void WriterThread::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (full_.empty()) {
      lock.unlock();
      FlushAll();
      lock.lock();
      wake_.wait(lock, [this] { return !full_.empty() || ending_; });
    }
    if (full_.empty()) break;
    Batch batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    if (order_) {
      WriteInOrder(std::move(batch));
    } else {
      WriteBatch(*batch);
      Recycle(std::move(batch));
    }
    lock.lock();
  }
  lock.unlock();
  if (order_) WriteRest();
  FinishAll();
}

void WriterThread::WriteBatch(const RecordBatch& batch) {
  for (size_t i = 0; i < sinks_.size() && !failed_; ++i) {
    for (const Record& record : batch.rows()) {
      const absl::Status written = sinks_[i]->Write(record);
      if (!written.ok()) return Fail(i, written);
    }
  }
}

void WriterThread::WriteRow(const Record& record) {
  for (size_t i = 0; i < sinks_.size() && !failed_; ++i) {
    const absl::Status written = sinks_[i]->Write(record);
    if (!written.ok()) Fail(i, written);
  }
}

// Writes what has its turn now that `batch` is here.
void WriterThread::WriteInOrder(Batch batch) {
  order_->Add(std::move(batch));
  while (const Record* row = order_->Next()) WriteRow(*row);
  PublishNext();
  while (Batch spent = order_->TakeSpent()) Recycle(std::move(spent));
}

// An interrupted run leaves gaps: what comes after them is written all the
// same, still in order.
void WriterThread::WriteRest() {
  while (const Record* row = order_->NextThereIs()) WriteRow(*row);
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
    if (!flushed.ok()) Fail(i, flushed);
  }
}

void WriterThread::FinishAll() {
  for (size_t i = 0; i < sinks_.size(); ++i) {
    if (broken_[i]) continue;
    const absl::Status finished = sinks_[i]->Finish();
    if (!finished.ok()) Fail(i, finished);
  }
}

void WriterThread::Recycle(Batch batch) {
  batch->clear();
  bool tell;
  {
    const std::lock_guard lock(mutex_);
    // In order there can be more of them, for as long as a row is late.
    if (empty_.size() < batches_) empty_.push_back(std::move(batch));
    tell = !order_ && std::exchange(refused_, false);
  }
  if (tell && listener_ != nullptr) listener_->OnWriterChange();
}

void WriterThread::Fail(size_t sink, const absl::Status& error) {
  broken_[sink] = true;
  failed_ = true;
  {
    const std::lock_guard lock(mutex_);
    if (!status_.ok()) return;
    status_ = error;
  }
  if (listener_ != nullptr) listener_->OnWriterChange();
}

}  // namespace mxscan
