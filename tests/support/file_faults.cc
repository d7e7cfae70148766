// A library to be loaded before all others (LD_PRELOAD) into the program under
// test: it makes files fail, as disks do. It watches what is done to files in
// one folder, whose steps it counts: creating, writing, syncing, cutting,
// renaming, removing. Writing is write(2): what a FileWriter writes behind the
// first 256 MiB of a file passes by.
//
//   FILE_FAULTS_DIR=/folder   the folder, by its real path
//   FILE_FAULTS=kill:N        dies of SIGKILL before step N
//   FILE_FAULTS=power:N:SEED  loses power before step N: what was not synced
//                             is gone, is there in part, or is zeros; names
//                             are those that were synced, or those that were
//                             there; then as kill
//   FILE_FAULTS=fail:N:ERRNO  step N and all writes and syncs after it fail
//   FILE_FAULTS=short:SEED    writes take less than they were given
//   FILE_FAULTS=stuck:N:PATH  step N waits for as long as somebody has PATH, a
//                             FIFO, open, and for that it is opened at all
//
// Names are durable once their directory was synced, content once the file
// was. Folders themselves are never lost.

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string ReadAll(const std::string& path) {
  std::string text;
  const int fd = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, path.c_str(), O_RDONLY | O_CLOEXEC));
  char piece[1 << 16];
  ssize_t bytes;
  while (fd >= 0 && (bytes = read(fd, piece, sizeof piece)) > 0) {
    text.append(piece, static_cast<size_t>(bytes));
  }
  if (fd >= 0) syscall(SYS_close, fd);
  return text;
}

void WriteAll(const std::string& path, const std::string& text) {
  const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path.c_str(),
                                          O_WRONLY | O_CREAT | O_TRUNC, 0644));
  size_t at = 0;
  while (at < text.size()) {
    const long bytes =
        syscall(SYS_write, fd, text.data() + at, text.size() - at);
    if (bytes <= 0) std::abort();
    at += static_cast<size_t>(bytes);
  }
  syscall(SYS_close, fd);
}

class Disk {
 public:
  Disk() {
    const char* dir = std::getenv("FILE_FAULTS_DIR");
    const char* plan = std::getenv("FILE_FAULTS");
    if (dir == nullptr || plan == nullptr) return;
    dir_ = dir;
    std::string rest = plan;
    kind_ = rest.substr(0, rest.find(':'));
    const size_t first = rest.find(':');
    const size_t second = rest.find(':', first + 1);
    first_ = std::strtol(rest.c_str() + first + 1, nullptr, 10);
    if (second != rest.npos) {
      gate_ = rest.substr(second + 1);
      second_ = std::strtol(gate_.c_str(), nullptr, 10);
    }
    random_.seed(static_cast<unsigned>(kind_ == "short" ? first_ : second_));
    for (const auto& [path, inode] : NamesNow()) {
      names_[path] = inode;
      content_[inode] = ReadAll(path);
    }
  }

  std::recursive_mutex& mutex() { return mutex_; }

  bool IsOurs(const std::string& path) const {
    return !dir_.empty() && path.starts_with(dir_ + "/");
  }
  bool IsOurs(int fd) const { return IsOurs(PathOf(fd)); }

  static std::string PathOf(int fd) {
    char path[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t size = readlink(link.c_str(), path, sizeof path);
    return size > 0 ? std::string(path, static_cast<size_t>(size)) : "";
  }
  static std::string Absolute(const char* path) {
    return fs::absolute(path).lexically_normal().string();
  }

  // One step. False when it is to fail, with errno set.
  bool Step() {
    ++step_;
    if (kind_ == "kill" && step_ == first_) Die();
    if (kind_ == "power" && step_ == first_) LosePower();
    if (kind_ == "stuck" && step_ == first_) ReadAll(gate_);
    if (kind_ != "fail" || step_ < first_) return true;
    errno = static_cast<int>(second_);
    return false;
  }

  // How much of `size` octets a write takes.
  size_t Take(size_t size) {
    if (kind_ != "short" || size < 2) return size;
    return 1 + random_() % size;
  }

  void Synced(int fd) {
    struct stat info;
    if (fstat(fd, &info) != 0) return;
    const std::string path = PathOf(fd);
    if (!S_ISDIR(info.st_mode)) {
      content_[info.st_ino] = ReadAll("/proc/self/fd/" + std::to_string(fd));
      return;
    }
    const auto in_it = [&](const std::string& name) {
      return fs::path(name).parent_path() == path;
    };
    std::erase_if(names_, [&](const auto& item) { return in_it(item.first); });
    for (const auto& [name, inode] : NamesNow()) {
      if (in_it(name)) names_[name] = inode;
    }
  }

 private:
  using Names = std::map<std::string, ino_t>;

  [[noreturn]] static void Die() {
    kill(getpid(), SIGKILL);
    std::abort();
  }

  Names NamesNow() const {
    Names names;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(dir_, error)) {
      struct stat info;
      if (stat(entry.path().c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
        names[entry.path().string()] = info.st_ino;
      }
    }
    return names;
  }

  std::string Survivor(ino_t inode, const std::map<ino_t, std::string>& now) {
    const auto synced = content_.find(inode);
    const std::string durable = synced == content_.end() ? "" : synced->second;
    const auto there = now.find(inode);
    if (there == now.end()) return durable;
    const std::string& written = there->second;
    switch (random_() % 4) {
      case 0: return durable;
      case 1: return written;
      case 2: break;
      default:
        if (!written.starts_with(durable)) return durable;
        return durable + std::string(written.size() - durable.size(), '\0');
    }
    if (!written.starts_with(durable)) return durable;
    const size_t more = written.size() - durable.size();
    return written.substr(0, durable.size() + random_() % (more + 1));
  }

  [[noreturn]] void LosePower() {
    const Names now = NamesNow();
    std::map<ino_t, std::string> written;
    for (const auto& [path, inode] : now) written[inode] = ReadAll(path);
    const Names& left = random_() % 2 == 0 ? names_ : now;
    std::map<std::string, std::string> files;
    for (const auto& [path, inode] : left) {
      files[path] = Survivor(inode, written);
    }
    for (const auto& [path, inode] : now) {
      syscall(SYS_unlinkat, AT_FDCWD, path.c_str(), 0);
    }
    for (const auto& [path, text] : files) WriteAll(path, text);
    Die();
  }

  std::recursive_mutex mutex_;
  std::string dir_;
  std::string kind_;
  std::string gate_;
  long first_ = 0;
  long second_ = 0;
  long step_ = 0;
  std::mt19937 random_;
  Names names_;                           // Durable ones,
  std::map<ino_t, std::string> content_;  // and durable content.
};

// Never destroyed: threads may write to the very end.
Disk& TheDisk() {
  static Disk& disk = *new Disk;
  return disk;
}

using Lock = std::lock_guard<std::recursive_mutex>;

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  static const auto real = Real<int(const char*, int, ...)>("open");
  if ((flags & O_CREAT) == 0) return real(path, flags);
  const Lock lock(TheDisk().mutex());
  if (TheDisk().IsOurs(Disk::Absolute(path)) && !TheDisk().Step()) return -1;
  return real(path, flags, mode);
}

ssize_t write(int fd, const void* data, size_t size) {
  static const auto real = Real<ssize_t(int, const void*, size_t)>("write");
  if (!TheDisk().IsOurs(fd)) return real(fd, data, size);
  const Lock lock(TheDisk().mutex());
  if (!TheDisk().Step()) return -1;
  return real(fd, data, TheDisk().Take(size));
}

int fsync(int fd) {
  static const auto real = Real<int(int)>("fsync");
  const bool ours =
      TheDisk().IsOurs(fd) || TheDisk().IsOurs(Disk::PathOf(fd) + "/x");
  if (!ours) return real(fd);
  const Lock lock(TheDisk().mutex());
  if (!TheDisk().Step()) return -1;
  TheDisk().Synced(fd);
  return 0;
}

int ftruncate(int fd, off_t size) noexcept {
  static const auto real = Real<int(int, off_t)>("ftruncate");
  if (!TheDisk().IsOurs(fd)) return real(fd, size);
  const Lock lock(TheDisk().mutex());
  if (!TheDisk().Step()) return -1;
  return real(fd, size);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = Real<int(const char*, const char*)>("rename");
  if (!TheDisk().IsOurs(Disk::Absolute(to))) return real(from, to);
  const Lock lock(TheDisk().mutex());
  if (!TheDisk().Step()) return -1;
  return real(from, to);
}

int unlink(const char* path) noexcept {
  static const auto real = Real<int(const char*)>("unlink");
  if (!TheDisk().IsOurs(Disk::Absolute(path))) return real(path);
  const Lock lock(TheDisk().mutex());
  if (!TheDisk().Step()) return -1;
  return real(path);
}

}  // extern "C"
