#include "scanner/demo/server_thread.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace mxscan {
namespace {

Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace

ServerThread::ServerThread(std::vector<ServedSockets> sockets,
                           Responder responder,
                           std::atomic<int64_t>& first_asked,
                           bool count_arrivals)
    : responder_(std::move(responder)),
      first_asked_(first_asked),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      context_{responder_, late_, epoll_.get(), Nanos(0), count_arrivals} {
  Watch(stop_.get(), nullptr);
  for (ServedSockets& served : sockets) {
    if (count_arrivals) StampArrivals(served.udp);
    udp_.push_back(std::make_unique<UdpFront>(
        std::move(served.udp),
        Served{served.index, served.endpoint, Protocol::kUdp}, context_,
        batch_));
    Watch(udp_.back()->socket(), udp_.back().get());
    if (!served.tcp.valid()) continue;
    tcp_.push_back(std::make_unique<TcpFront>(
        std::move(served.tcp),
        Served{served.index, served.endpoint, Protocol::kTcp}, context_));
    Watch(tcp_.back()->socket(), tcp_.back().get());
  }
  thread_ = std::thread([this] { Run(); });
}

ServerThread::~ServerThread() {
  const uint64_t one = 1;
  // An eventfd takes eight octets, always.
  [[maybe_unused]] const ssize_t wrote = write(stop_.get(), &one, sizeof(one));
  thread_.join();
}

ServerCounts ServerThread::Counts() const {
  const std::lock_guard<std::mutex> lock(turn_);
  return responder_.counts();
}

void ServerThread::Watch(int fd, Watched* watched) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = watched;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void ServerThread::Run() {
  std::array<epoll_event, kEvents> events;
  while (true) {
    const int count = epoll_wait(epoll_.get(), events.data(), kEvents,
                                 MillisToNextLate(Now()));
    const Nanos now = Now();
    const std::lock_guard<std::mutex> lock(turn_);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr == nullptr) return;  // Asked to stop.
      NoteFirstAsked(now);
      static_cast<Watched*>(events[i].data.ptr)->OnReady(events[i].events, now);
    }
    late_.SendDue(now);
    for (const auto& front : tcp_) front->Sweep();
  }
}

// -1 for never.
int ServerThread::MillisToNextLate(Nanos now) const {
  const std::optional<Nanos> due = late_.next_due();
  if (!due) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - now);
  return static_cast<int>(std::max<int64_t>(0, wait.count()));
}

void ServerThread::NoteFirstAsked(Nanos now) {
  if (context_.first_asked != Nanos(0)) return;
  int64_t first = 0;
  if (first_asked_.compare_exchange_strong(first, now.count())) {
    first = now.count();
  }
  context_.first_asked = std::min(now, Nanos(first));
}

}  // namespace mxscan
