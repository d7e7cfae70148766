#include "output/file_writer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "output/file_error.h"

namespace mxscan {
namespace {

// Waits until a non-blocking descriptor takes bytes again. Errors are left to
// the next write.
void WaitForRoom(int descriptor) {
  pollfd waited{descriptor, POLLOUT, 0};
  poll(&waited, 1, /*timeout=*/-1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileWriter>> FileWriter::Create(
    const std::string& path) {
  int descriptor;
  do {
    descriptor =
        open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
             S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return FileError(errno, "create", path);
  return std::unique_ptr<FileWriter>(
      new FileWriter(descriptor, /*owned=*/true, path));
}

std::unique_ptr<FileWriter> FileWriter::Borrow(int descriptor,
                                               std::string name) {
  return std::unique_ptr<FileWriter>(
      new FileWriter(descriptor, /*owned=*/false, std::move(name)));
}

FileWriter::FileWriter(int descriptor, bool owned, std::string name)
    : descriptor_(descriptor), owned_(owned), name_(std::move(name)) {}

FileWriter::~FileWriter() {
  if (owned_ && descriptor_ >= 0) close(descriptor_);
}

FileWriter::Taken FileWriter::WriteSome(std::string_view chunk) {
  Taken taken;
  while (taken.bytes < chunk.size()) {
    const ssize_t bytes = write(descriptor_, chunk.data() + taken.bytes,
                                chunk.size() - taken.bytes);
    if (bytes > 0) {
      taken.bytes += static_cast<size_t>(bytes);
    } else if (bytes == 0) {  // No file does this; never spin on one that does.
      taken.error = EIO;
      break;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      WaitForRoom(descriptor_);
    } else if (errno != EINTR) {
      taken.error = errno;
      break;
    }
  }
  return taken;
}

bool FileWriter::CutBack(size_t bytes) {
  if (bytes == 0) return true;
  struct stat file;
  if (fstat(descriptor_, &file) != 0 || !S_ISREG(file.st_mode)) return false;
  // Standard output may be a file that others write to as well: only what is
  // surely ours, the very end, is cut.
  const off_t end = lseek(descriptor_, 0, SEEK_CUR);
  if (end != file.st_size || end < static_cast<off_t>(bytes)) return false;
  const off_t whole = end - static_cast<off_t>(bytes);
  return ftruncate(descriptor_, whole) == 0 &&
         lseek(descriptor_, whole, SEEK_SET) == whole;
}

absl::Status FileWriter::Write(std::string_view chunk) {
  if (!status_.ok()) return status_;
  const Taken taken = WriteSome(chunk);
  if (taken.error == 0) return absl::OkStatus();
  const bool whole = CutBack(taken.bytes);
  std::string name = name_;
  if (!whole) name.append(" (its last row is cut short)");
  status_ = FileError(taken.error, "write", name);
  return status_;
}

absl::Status FileWriter::Sync() {
  if (!status_.ok()) return status_;
  // EINVAL or EROFS: a pipe or a device, which has nothing to make durable.
  if (fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) {
    status_ = FileError(errno, "write", name_);
  }
  return status_;
}

absl::Status FileWriter::Close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (!owned_) return status_;
  // A network file system may tell of a full disk only now.
  if (close(descriptor) != 0 && errno != EINTR && status_.ok()) {
    status_ = FileError(errno, "write", name_);
  }
  return status_;
}

}  // namespace mxscan
