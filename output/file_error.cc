#include "output/file_error.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace mxscan {
namespace {

using absl::StatusCode;

StatusCode CodeFor(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return StatusCode::kResourceExhausted;
    case EPIPE: return StatusCode::kCancelled;
    case EACCES:
    case EPERM:
    case EROFS: return StatusCode::kPermissionDenied;
    case ENOENT:
    case ENOTDIR: return StatusCode::kNotFound;
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP: return StatusCode::kInvalidArgument;
    default: return StatusCode::kUnknown;
  }
}

std::string_view RemedyFor(int error) {
  switch (error) {
    case ENOSPC: return "; free some space there";
    case EDQUOT: return "; free some of your quota there";
    case EFBIG: return "; raise the limit on file sizes (ulimit -f)";
    case EACCES:
    case EPERM: return "; choose a place you may write to";
    case EROFS: return "; choose a place on another file system";
    case ENOENT: return "; create its directory first";
    case ENOTDIR: return "; a part of the path is a file";
    case EISDIR: return "; name a file in it";
    case EMFILE: return "; raise the limit on open files (ulimit -n)";
    default: return "";
  }
}

}  // namespace

absl::Status FileError(int error, std::string_view verb,
                       std::string_view path) {
  std::string message = "cannot ";
  message.append(verb).append(" ").append(path).append(": ");
  message.append(std::generic_category().message(error));
  message.append(RemedyFor(error));
  return absl::Status(CodeFor(error), message);
}

}  // namespace mxscan
