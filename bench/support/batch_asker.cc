#include "bench/support/batch_asker.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace mxscan {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPatienceMs = 200;
constexpr int kReceiveBuffer = 4 << 20;
constexpr int kMostSegments = 64;

Descriptor OpenSocket(const Endpoint& server,
                      const BatchAskerOptions& options) {
  Endpoint here = server;
  here.port = 0;
  Descriptor socket = *BindUdp(here);
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer,
             sizeof(kReceiveBuffer));
  const KernelAddress to = ToKernelAddress(server);
  if (options.coalesced) {
    const int on = 1;
    setsockopt(socket.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));
  }
  if (options.busy_poll_us > 0) {
    setsockopt(socket.get(), SOL_SOCKET, SO_BUSY_POLL, &options.busy_poll_us,
               sizeof(options.busy_poll_us));
  }
  if (options.connected) connect(socket.get(), to.get(), to.size);
  return socket;
}

}  // namespace

void PacketList::Reserve(size_t packets, size_t octets) {
  ends_.reserve(packets);
  octets_.reserve(octets);
}

void PacketList::Add(const uint8_t* octets, int size) {
  octets_.insert(octets_.end(), octets, octets + size);
  ends_.push_back(octets_.size());
}

iovec PacketList::at(int64_t i) {
  const size_t begin = i == 0 ? 0 : ends_[i - 1];
  return {octets_.data() + begin, ends_[i] - begin};
}

BatchAsker::BatchAsker(const Endpoint& server, const BatchAskerOptions& options)
    : options_(options),
      server_(ToKernelAddress(server)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  for (int i = 0; i < options.sockets; ++i) {
    sockets_.push_back(OpenSocket(server, options));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = sockets_.back().get();
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, event.data.fd, &event);
  }
  for (int i = 0; i < kBatch; ++i) {
    // A cache line more, so that they do not all begin in one cache set.
    const size_t room = options.coalesced ? kCoalescedRoom : kRoom;
    in_parts_[i] = {room_.emplace_back(room + 64).data(), room};
    in_[i].msg_hdr.msg_iov = &in_parts_[i];
    in_[i].msg_hdr.msg_iovlen = 1;
  }
}

BatchAsker::Counts BatchAsker::Ask(PacketList& list, int64_t count,
                                   double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  counts_ = Counts();
  int64_t settled = 0;  // Came, or lost.
  while (settled < count) {
    while (counts_.sent < count && counts_.sent - settled < options_.window) {
      const int64_t room = options_.window - (counts_.sent - settled);
      const int64_t left = std::min(count - counts_.sent, room);
      SendBatch(list, static_cast<int>(std::min<int64_t>(left, kBatch)));
    }
    if (options_.rest_us > 0) {
      const timespec rest = {0, options_.rest_us * 1000L};
      nanosleep(&rest, nullptr);
      ++counts_.calls;
    }
    const int64_t before = counts_.replies;
    settled = Receive() ? settled + counts_.replies - before : counts_.sent;
    if (Clock::now() >= end) break;
  }
  return counts_;
}

void BatchAsker::SendBatch(PacketList& list, int size) {
  for (int i = 0; i < size; ++i) {
    out_parts_[i] = list.at((counts_.sent + i) % list.size());
  }
  int messages = 0;
  for (int at = 0; at < size; ++messages) {
    msghdr& header = out_[messages].msg_hdr;
    header = msghdr();
    if (!options_.connected) {
      header.msg_name = server_.get();
      header.msg_namelen = server_.size;
    }
    header.msg_iov = &out_parts_[at];
    header.msg_iovlen = options_.segmented ? Segment(at, size) : 1;
    if (header.msg_iovlen > 1) {
      header.msg_control = controls_[messages].octets.data();
      header.msg_controllen = CMSG_SPACE(sizeof(uint16_t));
      cmsghdr* const control = CMSG_FIRSTHDR(&header);
      control->cmsg_level = IPPROTO_UDP;
      control->cmsg_type = UDP_SEGMENT;
      control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
      const auto octets = static_cast<uint16_t>(out_parts_[at].iov_len);
      std::memcpy(CMSG_DATA(control), &octets, sizeof(octets));
    }
    at += static_cast<int>(header.msg_iovlen);
  }
  const int socket = sockets_[next_socket_++ % sockets_.size()].get();
  for (int at = 0; at < messages;) {
    ++counts_.calls;
    const int taken = sendmmsg(socket, &out_[at], messages - at, 0);
    at += std::max(taken, 1);  // One that it refuses is lost.
  }
  counts_.sent += size;
}

// How many from `at` on have one size, the last of them perhaps less.
int BatchAsker::Segment(int at, int size) {
  int count = 1;
  const size_t octets = out_parts_[at].iov_len;
  while (at + count < size && count < kMostSegments &&
         out_parts_[at + count].iov_len == octets) {
    ++count;
  }
  return count;
}

// False when nothing came for too long.
bool BatchAsker::Receive() {
  std::array<epoll_event, 64> events;
  ++counts_.calls;
  const int ready = epoll_wait(epoll_.get(), events.data(),
                               static_cast<int>(events.size()), kPatienceMs);
  for (int i = 0; i < ready; ++i) {
    while (Drain(events[i].data.fd) == kBatch) continue;
  }
  return ready > 0;
}

int BatchAsker::Drain(int socket) {
  if (options_.coalesced) {
    for (int i = 0; i < kBatch; ++i) {
      in_[i].msg_hdr.msg_control = in_controls_[i].octets.data();
      in_[i].msg_hdr.msg_controllen = sizeof(Control::octets);
    }
  }
  ++counts_.calls;
  const int count = recvmmsg(socket, in_.data(), kBatch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) counts_.replies += RepliesIn(in_[i]);
  counts_.messages += std::max(count, 0);
  return count;
}

// Coalesced ones are of one size, which the kernel says, but for the last.
int BatchAsker::RepliesIn(mmsghdr& message) const {
  if (!options_.coalesced) return 1;
  const cmsghdr* const control = CMSG_FIRSTHDR(&message.msg_hdr);
  if (control == nullptr || control->cmsg_type != UDP_GRO) return 1;
  int octets = 0;
  std::memcpy(&octets, CMSG_DATA(control), sizeof(octets));
  return (static_cast<int>(message.msg_len) + octets - 1) / octets;
}

}  // namespace mxscan
