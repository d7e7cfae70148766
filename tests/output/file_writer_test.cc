#include "output/file_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string MessageOf(const absl::Status& status) { return status.ToString(); }

// Both ends of a pipe; SIGPIPE is ignored, as main does.
class Pipe {
 public:
  Pipe() {
    signal(SIGPIPE, SIG_IGN);
    if (pipe(ends_) != 0) std::abort();
  }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void CloseReader() { CloseEnd(ends_[0]); }
  void CloseWriter() { CloseEnd(ends_[1]); }

  std::string ReadAll() {
    std::string all;
    char piece[4096];
    ssize_t bytes;
    while ((bytes = read(reader(), piece, sizeof(piece))) > 0) {
      all.append(piece, static_cast<size_t>(bytes));
    }
    return all;
  }

 private:
  static void CloseEnd(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  int ends_[2];
};

// While it lives, files of this process end at `bytes`: a disk that fills up,
// for those who are not root.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

// While it lives, root is somebody whom permissions bind.
class NotRoot {
 public:
  NotRoot() : before_(geteuid()) {
    if (before_ == 0 && seteuid(65534) != 0) std::abort();
  }
  ~NotRoot() {
    if (seteuid(before_) != 0) std::abort();
  }

 private:
  uid_t before_;
};

// A file mapped into memory, which tells how much of it was there before.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY)),
        size_(std::filesystem::file_size(path)),
        bytes_(mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_, 0)) {
    if (bytes_ == MAP_FAILED) std::abort();
  }
  ~MappedFile() {
    munmap(bytes_, size_);
    close(descriptor_);
  }

  // The share of the pages of [from, from + size) that are in memory.
  double ShareInMemory(int64_t from, int64_t size) const {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages(static_cast<size_t>(size) / page);
    if (mincore(static_cast<char*>(bytes_) + from, static_cast<size_t>(size),
                pages.data()) != 0) {
      std::abort();
    }
    const auto resident = std::ranges::count_if(
        pages, [](unsigned char of_page) { return (of_page & 1) != 0; });
    return static_cast<double>(resident) / static_cast<double>(pages.size());
  }

 private:
  int descriptor_;
  size_t size_;
  void* bytes_;
};

// Whether the system knows RWF_DONTCACHE for files like this one.
bool LetsGoOfPages(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  char octet = 'x';
  const iovec one{&octet, 1};
  constexpr int kDontCache = 0x80;
  const bool lets_go = pwritev2(descriptor, &one, 1, -1, kDontCache) == 1;
  close(descriptor);
  return lets_go;
}

// Behind so much of a file its pages need not stay in memory.
constexpr int64_t kKept = int64_t{256} << 20;
constexpr int64_t kChunk = int64_t{1} << 20;

void WriteChunks(FileWriter& file, int64_t bytes) {
  const std::string chunk(kChunk, 'x');
  for (int64_t written = 0; written < bytes; written += kChunk) {
    ASSERT_TRUE(file.Write(chunk).ok());
  }
}

TEST(FileWriter, GrowsAPlainFileInPlace) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  auto file = FileWriter::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write("one\n").ok());
  EXPECT_EQ(ReadFile(path), "one\n");
  ASSERT_TRUE((*file)->Write("two\n").ok());
  ASSERT_TRUE((*file)->Sync().ok());
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_EQ(ReadFile(path), "one\ntwo\n");
}

TEST(FileWriter, OverwritesTheFileThatIsThere) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  std::ofstream(path) << "a longer old content";
  auto file = FileWriter::Create(path);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Write("new\n").ok());
  EXPECT_EQ(ReadFile(path), "new\n");
}

TEST(FileWriter, SaysWhatIsWrongWithAPathAndWhatToDo) {
  const TempDir dir;
  const auto missing = FileWriter::Create(dir / "none/rows.csv").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing),
              AllOf(HasSubstr(dir / "none/rows.csv"), HasSubstr("No such file"),
                    HasSubstr("create its directory first")));

  const auto directory = FileWriter::Create(dir.path().string()).status();
  EXPECT_EQ(directory.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(directory), HasSubstr("name a file in it"));

  std::ofstream(dir / "file") << "x";
  const auto in_file = FileWriter::Create(dir / "file/rows.csv").status();
  EXPECT_EQ(in_file.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(in_file), HasSubstr("a part of the path is a file"));
}

TEST(FileWriter, SaysThatADirectoryMayNotBeWrittenTo) {
  const TempDir dir;
  std::filesystem::permissions(dir.path(), std::filesystem::perms::owner_exec);
  absl::Status status;
  {
    const NotRoot nobody;
    status = FileWriter::Create(dir / "rows.csv").status();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(MessageOf(status), HasSubstr("choose a place you may write to"));
}

TEST(FileWriter, TellsNoSpaceLeftFromOtherErrors) {
  auto file = FileWriter::Create("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::Status status = (*file)->Write("row\n");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(status),
              AllOf(HasSubstr("/dev/full"), HasSubstr("No space left"),
                    HasSubstr("free some space")));
  EXPECT_EQ((*file)->Write("again\n"), status);
  EXPECT_EQ((*file)->Close(), status);
}

TEST(FileWriter, CutsBackTheChunkThatDidNotFit) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  const std::string chunk = std::string(999, 'x') + "\n";
  auto file = FileWriter::Create(path);
  ASSERT_TRUE(file.ok());
  absl::Status status;
  {
    const FileSizeLimit limit(2500);
    for (int i = 0; i < 5 && status.ok(); ++i) status = (*file)->Write(chunk);
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadFile(path), chunk + chunk);
  // Nothing more is written, even when there is space again.
  EXPECT_EQ((*file)->Write(chunk), status);
  EXPECT_EQ((*file)->Close(), status);
  EXPECT_EQ(ReadFile(path), chunk + chunk);
}

TEST(FileWriter, CutsBackAFileThatOnlyWasLentAndHeldMoreBefore) {
  const TempDir dir;
  const std::string path = dir / "rows.csv";
  std::ofstream(path) << "before\n";
  const int descriptor = open(path.c_str(), O_WRONLY | O_APPEND);
  const auto file = FileWriter::Borrow(descriptor, "standard output");
  absl::Status status;
  {
    const FileSizeLimit limit(20);
    status = file->Write("more than twenty octets of rows\n");
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(status), HasSubstr("standard output"));
  EXPECT_EQ(ReadFile(path), "before\n");
  close(descriptor);
}

TEST(FileWriter, SaysThatTheReaderOfAPipeHasGone) {
  Pipe pipe;
  const auto file = FileWriter::Borrow(pipe.writer(), "standard output");
  ASSERT_TRUE(file->Write("row\n").ok());
  pipe.CloseReader();
  EXPECT_EQ(file->Write("row\n").code(), absl::StatusCode::kCancelled);
}

TEST(FileWriter, LeavesALentDescriptorOpen) {
  Pipe pipe;
  {
    const auto file = FileWriter::Borrow(pipe.writer(), "standard output");
    ASSERT_TRUE(file->Write("row\n").ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(file->Close().ok());
  }
  EXPECT_NE(fcntl(pipe.writer(), F_GETFD), -1);
}

TEST(FileWriter, WritesAllThroughAPipeThatTakesLittleAtATime) {
  const std::string chunk(1 << 20, 'x');
  for (const int flags : {0, O_NONBLOCK}) {
    Pipe pipe;
    fcntl(pipe.writer(), F_SETFL, flags);
    std::string read;
    std::thread reader([&] { read = pipe.ReadAll(); });
    const auto file = FileWriter::Borrow(pipe.writer(), "standard output");
    EXPECT_TRUE(file->Write(chunk).ok());
    pipe.CloseWriter();
    reader.join();
    EXPECT_EQ(read, chunk);
  }
}

TEST(FileWriter, WritesOnThroughAPipeBehindWhatAFileKeepsInMemory) {
  Pipe pipe;
  int64_t read_bytes = 0;
  std::thread reader([&] {
    std::string piece(kChunk, '\0');
    ssize_t bytes;
    while ((bytes = read(pipe.reader(), piece.data(), piece.size())) > 0) {
      read_bytes += bytes;
    }
  });
  const auto file = FileWriter::Borrow(pipe.writer(), "standard output");
  WriteChunks(*file, kKept + 3 * kChunk);
  pipe.CloseWriter();
  reader.join();
  EXPECT_EQ(read_bytes, kKept + 3 * kChunk);
}

TEST(FileWriter, LeavesTheBeginningOfALongFileInMemoryAndNotTheRest) {
  const TempDir dir;
  if (!LetsGoOfPages(dir / "probe")) {
    GTEST_SKIP() << "this system keeps all pages that were written";
  }
  const std::string path = dir / "rows.csv";
  auto file = FileWriter::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  const int64_t rest = 64 * kChunk;
  WriteChunks(**file, kKept + rest);
  ASSERT_TRUE((*file)->Sync().ok());
  const MappedFile mapped(path);
  EXPECT_GT(mapped.ShareInMemory(0, kKept), 0.5);
  // The last pages go a moment after the disk has them.
  EXPECT_LT(mapped.ShareInMemory(kKept, rest), 0.5);
}

std::atomic<int> interruptions = 0;

TEST(FileWriter, GoesOnAfterASignal) {
  interruptions = 0;
  struct sigaction action = {};
  action.sa_handler = [](int) { ++interruptions; };  // Without SA_RESTART.
  sigaction(SIGUSR1, &action, nullptr);
  Pipe pipe;
  fcntl(pipe.writer(), F_SETFL, O_NONBLOCK);
  std::string expected;
  while (write(pipe.writer(), "x", 1) == 1) expected += 'x';
  fcntl(pipe.writer(), F_SETFL, 0);
  absl::Status status;
  std::thread writer([&] {
    status = FileWriter::Borrow(pipe.writer(), "pipe")->Write("the row\n");
    pipe.CloseWriter();
  });
  // The pipe is full, so the writer sits in its system call nearly always: of
  // so many signals some interrupt it there. They are sent without waiting for
  // each other's handlers: ThreadSanitizer keeps one that comes just before the
  // call until the next interrupts it.
  while (interruptions < 100) {
    pthread_kill(writer.native_handle(), SIGUSR1);
    std::this_thread::yield();
  }
  EXPECT_EQ(pipe.ReadAll(), expected + "the row\n");
  writer.join();
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace mxscan
