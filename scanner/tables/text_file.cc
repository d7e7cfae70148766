#include "scanner/tables/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr size_t kMost = size_t{64} << 20;
constexpr size_t kChunk = size_t{64} << 10;

absl::Status CannotRead(const std::string& path, int error) {
  const char* remedy = "";
  if (error == ENOENT || error == ENOTDIR) remedy = "; check the path";
  if (error == EACCES) remedy = "; make it readable";
  if (error == EISDIR) remedy = "; name a file in it";
  const std::string message =
      absl::StrCat("cannot read ", path, ": ",
                   std::generic_category().message(error), remedy);
  return error == ENOENT ? absl::NotFoundError(message)
                         : absl::UnknownError(message);
}

// Appends all of `file` to `text`; returns the errno that stopped it, or 0.
int ReadAll(int file, std::string& text) {
  while (true) {
    const size_t size = text.size();
    if (size > kMost) return EFBIG;
    text.resize(size + kChunk);
    const ssize_t got = read(file, text.data() + size, kChunk);
    text.resize(size + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got == 0) return 0;
    if (got < 0 && errno != EINTR) return errno;
  }
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return CannotRead(path, errno);
  std::string text;
  const int error = ReadAll(file, text);
  close(file);
  if (error != 0) return CannotRead(path, error);
  return text;
}

}  // namespace mxscan
