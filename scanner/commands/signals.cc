#include "scanner/commands/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "scanner/commands/exit_codes.h"

namespace mxscan {
namespace {

constexpr int kWatched[] = {SIGINT, SIGTERM, SIGHUP};

// Under nohup SIGHUP is ignored, and is to be: but what is blocked would still
// be read from the descriptor.
bool IsIgnoredHangup(int number) {
  struct sigaction now;
  return number == SIGHUP && sigaction(number, nullptr, &now) == 0 &&
         now.sa_handler == SIG_IGN;
}

sigset_t WatchedSet() {
  sigset_t watched;
  sigemptyset(&watched);
  for (int number : kWatched) {
    if (!IsIgnoredHangup(number)) sigaddset(&watched, number);
  }
  return watched;
}

void SetHandlers(void (*handler)(int)) {
  const sigset_t watched = WatchedSet();
  for (int number : kWatched) {
    if (sigismember(&watched, number) == 1) std::signal(number, handler);
  }
}

// Takes what is there to be read and leaves the descriptor quiet.
void Drain(int fd) {
  signalfd_siginfo taken;
  [[maybe_unused]] const ssize_t size = read(fd, &taken, sizeof taken);
}

}  // namespace

SignalsEndAll::SignalsEndAll() {
  SetHandlers([](int) { _exit(kExitInterrupted); });
  const sigset_t watched = WatchedSet();
  pthread_sigmask(SIG_UNBLOCK, &watched, nullptr);
}

SignalsEndAll::~SignalsEndAll() {
  const sigset_t watched = WatchedSet();
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  SetHandlers(SIG_DFL);
}

absl::StatusOr<SignalWatch> SignalWatch::Begin() {
  const sigset_t watched = WatchedSet();
  if (pthread_sigmask(SIG_BLOCK, &watched, nullptr) != 0 ||
      std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
    return absl::ErrnoToStatus(errno, "cannot set up signal handling");
  }
  const int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  const int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signals < 0 || bell < 0) {
    return absl::FailedPreconditionError(
        "cannot open descriptors for signals: raise `ulimit -n`");
  }
  return SignalWatch(signals, bell);
}

SignalWatch::SignalWatch(SignalWatch&& other) noexcept
    : signals_(std::exchange(other.signals_, -1)),
      bell_(std::exchange(other.bell_, -1)) {}

SignalWatch::~SignalWatch() {
  if (signals_ >= 0) close(signals_);
  if (bell_ >= 0) close(bell_);
}

SignalWatch::Event SignalWatch::Wait(std::chrono::milliseconds patience) {
  pollfd fds[] = {{signals_, POLLIN, 0}, {bell_, POLLIN, 0}};
  if (poll(fds, 2, static_cast<int>(patience.count())) <= 0) {
    return Event::kNothing;
  }
  if (fds[0].revents != 0) {
    Drain(signals_);
    return Event::kSignal;
  }
  eventfd_t rung;
  eventfd_read(bell_, &rung);
  return Event::kBell;
}

void SignalWatch::Ring() { eventfd_write(bell_, 1); }

}  // namespace mxscan
