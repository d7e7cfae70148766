#include "output/file_writer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "output/file_error.h"
#include "output/locked_file.h"
#include "output/sync_directory.h"

namespace mxscan {
namespace {

// So much of a file's end is known again: several rows, each of its own time.
constexpr size_t kTail = 1024;

// So much of a file's beginning stays in memory.
constexpr int64_t kKept = int64_t{256} << 20;

// RWF_DONTCACHE, which the headers of older systems lack.
constexpr int kDontCache = 0x80;

uint64_t HashOf(std::string_view tail) {
  return XXH3_64bits(tail.data(), tail.size());
}

absl::Status CannotGoOn(const std::string& path, const std::string& why) {
  return absl::DataLossError("cannot go on with " + path + ": " + why +
                             "; put it back as it was, or begin anew");
}

// Waits until a non-blocking descriptor takes bytes again. Errors are left to
// the next write.
void WaitForRoom(int descriptor) {
  pollfd waited{descriptor, POLLOUT, 0};
  poll(&waited, 1, /*timeout=*/-1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileWriter>> FileWriter::Create(
    const std::string& path) {
  const absl::StatusOr<int> descriptor = OpenLocked(path, O_WRONLY | O_CREAT);
  if (!descriptor.ok()) return descriptor.status();
  std::unique_ptr<FileWriter> file(
      new FileWriter(*descriptor, /*owned=*/true, path));
  // EINVAL: a pipe or a device, which holds nothing.
  if (ftruncate(*descriptor, 0) != 0 && errno != EINVAL) {
    return FileError(errno, "empty", path);
  }
  return file;
}

absl::StatusOr<std::unique_ptr<FileWriter>> FileWriter::Reopen(
    const std::string& path, const FileMark& mark) {
  const absl::StatusOr<int> descriptor = OpenLocked(path, O_RDWR);
  if (absl::IsNotFound(descriptor.status())) {
    return CannotGoOn(path, "it is gone");
  }
  if (!descriptor.ok()) return descriptor.status();
  std::unique_ptr<FileWriter> file(
      new FileWriter(*descriptor, /*owned=*/true, path));
  if (absl::Status cut = file->CutTo(mark); !cut.ok()) return cut;
  return file;
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

absl::Status FileWriter::CutTo(const FileMark& mark) {
  bytes_ = mark.bytes;
  tail_.resize(std::min<size_t>(kTail, static_cast<size_t>(bytes_)));
  const off_t end = static_cast<off_t>(bytes_);
  const auto size = static_cast<ssize_t>(tail_.size());
  const ssize_t read = pread(descriptor_, tail_.data(), tail_.size(),
                             end - static_cast<off_t>(size));
  if (read < 0) return FileError(errno, "read", name_);
  if (read < size || HashOf(tail_) != mark.tail) {
    return CannotGoOn(name_, "it is not as the interrupted run left it");
  }
  if (ftruncate(descriptor_, end) != 0) return FileError(errno, "cut", name_);
  if (lseek(descriptor_, end, SEEK_SET) != end) {
    return FileError(errno, "read", name_);
  }
  return absl::OkStatus();
}

void FileWriter::Remember(std::string_view chunk) {
  bytes_ += static_cast<int64_t>(chunk.size());
  const size_t taken = std::min(chunk.size(), kTail);
  if (tail_.size() + taken > kTail)
    tail_.erase(0, tail_.size() + taken - kTail);
  tail_.append(chunk.substr(chunk.size() - taken));
}

ssize_t FileWriter::WriteOnce(std::string_view bytes) {
  if (bytes_ >= kKept && !always_kept_) {
    const iovec all{const_cast<char*>(bytes.data()), bytes.size()};
    const ssize_t written =
        pwritev2(descriptor_, &all, 1, /*offset=*/-1, kDontCache);
    if (written >= 0 || errno != EOPNOTSUPP) return written;
    always_kept_ = true;
  }
  return write(descriptor_, bytes.data(), bytes.size());
}

FileWriter::Taken FileWriter::WriteSome(std::string_view chunk) {
  Taken taken;
  while (taken.bytes < chunk.size()) {
    const ssize_t bytes = WriteOnce(chunk.substr(taken.bytes));
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
  if (taken.error == 0) {
    Remember(chunk);
    return absl::OkStatus();
  }
  const bool whole = CutBack(taken.bytes);
  std::string name = name_;
  if (!whole) name.append(" (its last row is cut short)");
  status_ = FileError(taken.error, "write", name);
  return status_;
}

absl::Status FileWriter::Sync() {
  if (!status_.ok()) return status_;
  int synced;
  do {
    synced = fsync(descriptor_);
  } while (synced != 0 && errno == EINTR);
  // EINVAL or EROFS: a pipe or a device, which has nothing to make durable.
  if (synced != 0 && errno != EINVAL && errno != EROFS) {
    status_ = FileError(errno, "write", name_);
  }
  return status_;
}

absl::StatusOr<FileMark> FileWriter::Checkpoint() {
  if (absl::Status synced = Sync(); !synced.ok()) return synced;
  if (!std::exchange(name_synced_, true)) SyncDirectoryOf(name_);
  return FileMark{bytes_, HashOf(tail_)};
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
