// A sink that is looked into, and that does as a test says; and what else the
// tests of the writer share.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "output/sink.h"
#include "output/writer_thread.h"

namespace mxscan {

// What a FakeSink saw, and what it should do; shared with the test's thread.
class Script {
 public:
  // From now on writes wait until Open.
  void Close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void FailAtLine(int64_t line, absl::Status error) {
    const std::lock_guard lock(mutex_);
    bad_line_ = line;
    error_ = std::move(error);
  }

  absl::Status OnWrite(int64_t line) {
    std::unique_lock lock(mutex_);
    waiting_ = !open_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    waiting_ = false;
    if (line == bad_line_) return error_;
    lines_.push_back(line);
    changed_.notify_all();
    return absl::OkStatus();
  }
  absl::Status OnFlush() {
    const std::lock_guard lock(mutex_);
    ++flushes_;
    flushed_lines_ = lines_.size();
    changed_.notify_all();
    return absl::OkStatus();
  }
  absl::Status OnFinish() {
    const std::lock_guard lock(mutex_);
    ++finishes_;
    return bad_line_ == kAtFinish ? error_ : absl::OkStatus();
  }

  absl::Status OnSuspend() {
    const std::lock_guard lock(mutex_);
    ++suspensions_;
    return absl::OkStatus();
  }

  void AwaitAWaitingWriter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_; });
  }
  void AwaitFlushOf(size_t lines) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return flushed_lines_ >= lines; });
  }

  std::vector<int64_t> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  int flushes() {
    const std::lock_guard lock(mutex_);
    return flushes_;
  }
  int finishes() {
    const std::lock_guard lock(mutex_);
    return finishes_;
  }

  int suspensions() {
    const std::lock_guard lock(mutex_);
    return suspensions_;
  }

  static constexpr int64_t kAtFinish = -2;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  bool waiting_ = false;
  int64_t bad_line_ = -1;
  absl::Status error_;
  std::vector<int64_t> lines_;
  size_t flushed_lines_ = 0;
  int flushes_ = 0;
  int finishes_ = 0;
  int suspensions_ = 0;
};

class FakeSink final : public Sink {
 public:
  explicit FakeSink(Script& script) : script_(script) {}
  absl::Status Write(std::span<const Record> records) override {
    for (const Record& record : records) {
      absl::Status written = script_.OnWrite(record.line);
      if (!written.ok()) return written;
    }
    return absl::OkStatus();
  }
  absl::Status Flush() override { return script_.OnFlush(); }
  absl::StatusOr<DurableMark> Checkpoint() override {
    return DurableMark{std::to_string(script_.lines().size()), {}};
  }
  absl::Status Finish() override { return script_.OnFinish(); }
  absl::Status Suspend() override { return script_.OnSuspend(); }

 private:
  Script& script_;
};

// Counts the calls, and lets a test wait for them.
class Bell final : public WriterListener {
 public:
  void OnWriterChange() noexcept override {
    const std::lock_guard lock(mutex_);
    ++rings_;
    rang_.notify_all();
  }
  int rings() {
    const std::lock_guard lock(mutex_);
    return rings_;
  }
  // Returns the number of calls once it is more than `seen`.
  int AwaitMoreThan(int seen) {
    std::unique_lock lock(mutex_);
    rang_.wait(lock, [&] { return rings_ > seen; });
    return rings_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rang_;
  int rings_ = 0;
};

template <typename... Scripts>
std::vector<std::unique_ptr<Sink>> SinksOf(Scripts&... scripts) {
  std::vector<std::unique_ptr<Sink>> sinks;
  (sinks.push_back(std::make_unique<FakeSink>(scripts)), ...);
  return sinks;
}

// A batch with the rows of `places`; a row's line is its place.
inline std::unique_ptr<RecordBatch> Ordered(
    WriterThread& writer, const std::vector<int64_t>& places) {
  std::unique_ptr<RecordBatch> batch = writer.TakeEmpty();
  for (const int64_t place : places) {
    Record& row = batch->Add();
    row.place = place;
    row.line = place;
  }
  return batch;
}

}  // namespace mxscan
