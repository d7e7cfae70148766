#include "scanner/commands/standard_output.h"

#include <cerrno>
#include <cstdio>

namespace mxscan {

absl::Status Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
      std::fflush(stdout) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, "cannot write to standard output");
}

}  // namespace mxscan
