#include "scanner/input/file_bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

std::string_view RemedyFor(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return "check the path";
    case EACCES:
    case EPERM: return "make it readable, or run as a user who may read it";
    case EMFILE:
    case ENFILE: return "give fewer inputs, or raise `ulimit -n`";
    case EISDIR: return "name the files in it";
    default: return "see whether another program can read it";
  }
}

absl::Status CannotRead(const std::string& name, int error) {
  const bool no_file = error == EMFILE || error == ENFILE;
  const absl::StatusCode code = no_file ? absl::StatusCode::kFailedPrecondition
                                        : absl::ErrnoToStatus(error, "").code();
  return absl::Status(code,
                      absl::StrFormat("cannot read %s: %s; %s", name,
                                      std::generic_category().message(error),
                                      RemedyFor(error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileBytes>> FileBytes::Open(
    const std::string& path, const StopEvent& stop) {
  // Without O_NONBLOCK, to open a FIFO would wait for a writer.
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return CannotRead(path, errno);
  std::unique_ptr<FileBytes> file(new FileBytes(path, fd, true, stop));
  if (absl::Status status = file->Examine(); !status.ok()) return status;
  return file;
}

absl::StatusOr<std::unique_ptr<FileBytes>> FileBytes::StandardInput(
    const StopEvent& stop) {
  std::unique_ptr<FileBytes> file(
      new FileBytes("standard input", STDIN_FILENO, false, stop));
  if (absl::Status status = file->Examine(); !status.ok()) return status;
  return file;
}

FileBytes::~FileBytes() {
  if (owned_) close(fd_);
}

absl::Status FileBytes::Examine() {
  struct stat info;
  if (fstat(fd_, &info) != 0) return CannotRead(name_, errno);
  if (S_ISDIR(info.st_mode)) return CannotRead(name_, EISDIR);
  if (!S_ISREG(info.st_mode)) return absl::OkStatus();
  can_wait_ = false;
  const off_t offset = std::max<off_t>(lseek(fd_, 0, SEEK_CUR), 0);
  bytes_total_ = std::max<int64_t>(info.st_size - offset, 0);
  posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return absl::OkStatus();
}

void FileBytes::WaitUntilReadable() const {
  pollfd fds[] = {{fd_, POLLIN, 0}, {stop_.fd(), POLLIN, 0}};
  while (poll(fds, 2, /*timeout=*/-1) < 0 && errno == EINTR) {
  }
}

absl::StatusOr<size_t> FileBytes::Read(absl::Span<char> out) {
  while (true) {
    if (can_wait_) WaitUntilReadable();
    if (stop_.IsSet()) return 0;
    const ssize_t got = read(fd_, out.data(), out.size());
    if (got >= 0) {
      bytes_read_.fetch_add(got, std::memory_order_relaxed);
      return static_cast<size_t>(got);
    }
    if (errno != EINTR && errno != EAGAIN) return CannotRead(name_, errno);
  }
}

}  // namespace mxscan
