#include "scanner/input/stop_event.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace mxscan {

StopEvent::~StopEvent() {
  if (fd_ >= 0) close(fd_);
}

absl::Status StopEvent::Open() {
  fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd_ >= 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "no file descriptor is left to read input; raise `ulimit -n`");
}

void StopEvent::Set() {
  set_.store(true, std::memory_order_relaxed);
  const uint64_t one = 1;
  // Fails only when the count is at its end, and then the event is set.
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof(one));
}

}  // namespace mxscan
