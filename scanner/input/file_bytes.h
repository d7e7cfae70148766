// FileBytes reads a file, a FIFO, a device or standard input. It waits in
// poll(2) together with a StopEvent, so that a pipe whose other end says
// nothing, or was never opened, cannot hold up an interrupted run.

#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "scanner/input/byte_source.h"
#include "scanner/input/stop_event.h"

namespace mxscan {

class FileBytes : public ByteSource {
 public:
  // `stop` must outlive the source. Fails on what cannot be read (missing, no
  // permission, a directory), naming the path and what to do.
  static absl::StatusOr<std::unique_ptr<FileBytes>> Open(
      const std::string& path, const StopEvent& stop);

  // Standard input, which stays open.
  static absl::StatusOr<std::unique_ptr<FileBytes>> StandardInput(
      const StopEvent& stop);

  ~FileBytes() override;

  absl::StatusOr<size_t> Read(absl::Span<char> out) override;
  int64_t bytes_read() const override {
    return bytes_read_.load(std::memory_order_relaxed);
  }
  std::optional<int64_t> bytes_total() const override { return bytes_total_; }

 private:
  FileBytes(std::string name, int fd, bool owned, const StopEvent& stop)
      : name_(std::move(name)), fd_(fd), owned_(owned), stop_(stop) {}

  // Learns what kind of file this is.
  absl::Status Examine();
  // Returns when there is something to read; an error is left to read(2).
  void WaitUntilReadable() const;

  const std::string name_;
  const int fd_;
  const bool owned_;
  const StopEvent& stop_;
  bool can_wait_ = true;  // A regular file never makes anyone wait.
  std::optional<int64_t> bytes_total_;
  std::atomic<int64_t> bytes_read_{0};
};

}  // namespace mxscan
