#include "scanner/run/open_files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "resolver/resolver.h"
#include "scanner/fetch/https_fetcher.h"

namespace mxscan {
namespace {

// A loop's own: epoll, two for wake-ups, and one in reserve.
constexpr int kFilesOfLoop = 4;
// Resolvers that send truncated answers are few at any moment.
constexpr int kTcpOfThread = 4;
// A host with addresses of both families is tried at two of them.
constexpr int kFilesOfFetch = 2;
// The summary, tables, whatever a library opens for a moment.
constexpr int kSpare = 8;
// An output takes its file, a lock, and its journal.
constexpr int kFilesOfOutput = 4;

// REQUIRES: `limit` is small, or this takes long.
int CountOpen(int limit) {
  int open = 0;
  for (int fd = 0; fd < limit; ++fd) open += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
  return open;
}

}  // namespace

void OccupyStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest that is free is `fd`, for those below are taken.
    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int OpenFilesFor(const ScanPlan& plan) {
  ResolverOptions options;
  options.upstreams = plan.resolvers;
  options.window = plan.window / plan.threads + 1;
  const int of_thread =
      kFilesOfLoop + kTcpOfThread + Resolver::UdpPortsFor(options) +
      (plan.fetch.policies ? kFilesOfFetch * HttpsFetcher::kAtOnce : 0);
  return plan.threads * of_thread + static_cast<int>(plan.inputs.size()) +
         kFilesOfOutput * static_cast<int>(plan.outputs.size()) + kSpare;
}

absl::Status MakeRoomForFiles(int needed) {
  constexpr int kPlenty = 1024;
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return absl::OkStatus();
  files.rlim_cur = files.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
    getrlimit(RLIMIT_NOFILE, &files);
  }
  const auto limit =
      static_cast<int>(std::min<rlim_t>(files.rlim_cur, 1 << 30));
  if (limit >= needed + kPlenty) return absl::OkStatus();
  const int in_all = needed + CountOpen(limit);
  if (in_all <= limit) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "this run needs %d open files and may have %d; raise the limit (ulimit "
      "-n %d), or give fewer inputs, outputs or --threads",
      in_all, limit, in_all));
}

}  // namespace mxscan
