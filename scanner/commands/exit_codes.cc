#include "scanner/commands/exit_codes.h"

#include <cstdio>
#include <string>

namespace mxscan {

int ReportFailure(const absl::Status& status) {
  if (absl::IsCancelled(status)) return kExitReaderGone;
  const std::string message(status.message());
  std::fprintf(stderr, "mxscan: %s\n", message.c_str());
  return absl::IsResourceExhausted(status) ? kExitInterrupted : kExitFailed;
}

}  // namespace mxscan
