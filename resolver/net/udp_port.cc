#include "resolver/net/udp_port.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr int kPortsToTry = 256;
constexpr uint16_t kFirstPort = 1024;
// All that one batch of ours can bring back.
constexpr int kBatchesAtOnce =
    DatagramBatch::kCapacity / DatagramInbox::kCapacity;

// Old kernels know no segments, some devices and tunnels cannot make them, and
// on a path with a small MTU a query alone may be too long for one.
bool IsAboutSegments(int error) {
  return error == EINVAL || error == EIO || error == EMSGSIZE ||
         error == EOPNOTSUPP;
}

Nanos FromTimespec(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + Nanos(time.tv_nsec);
}

// Since 1970.
Nanos ReadSystemClock() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return FromTimespec(time);
}

absl::Status Failure(const char* what, int error, const char* remedy) {
  return absl::UnavailableError(
      absl::StrCat(what, ": ", std::strerror(error), "; ", remedy));
}

}  // namespace

DatagramInbox::DatagramInbox()
    : headers_{}, memory_(new uint8_t[kCapacity * kStride]) {
  for (int i = 0; i < kCapacity; ++i) {
    octets_[i] = {&memory_[i * kStride], kOctets};
    headers_[i].msg_hdr.msg_iov = &octets_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = from_[i].get();
    headers_[i].msg_hdr.msg_control = control_[i].octets.data();
  }
}

int DatagramInbox::Receive(int socket) {
  for (int i = 0; i < received_; ++i) {
    msghdr& header = headers_[i].msg_hdr;
    header.msg_namelen = SocketAddress::kCapacity;
    header.msg_controllen = sizeof(Control);
    header.msg_flags = 0;
  }
  const int count =
      recvmmsg(socket, headers_.data(), kCapacity, MSG_DONTWAIT, nullptr);
  received_ = std::max(count, 0);
  return count;
}

// What the kernel says of datagram i beside its octets.
template <typename Value>
std::optional<Value> DatagramInbox::Find(int i, int type) const {
  // CMSG_FIRSTHDR takes no const.
  auto& header = const_cast<msghdr&>(headers_[i].msg_hdr);
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != type) {
      continue;
    }
    Value value;
    std::memcpy(&value, CMSG_DATA(control), sizeof value);
    return value;
  }
  return std::nullopt;
}

// The kernel leaves the number out while nothing was dropped.
uint32_t DatagramInbox::dropped() const {
  if (received_ == 0) return 0;
  return Find<uint32_t>(received_ - 1, SO_RXQ_OVFL).value_or(0);
}

std::optional<Nanos> DatagramInbox::stamp(int i) const {
  const std::optional<timespec> time = Find<timespec>(i, SCM_TIMESTAMPNS);
  if (!time.has_value()) return std::nullopt;
  return FromTimespec(*time);
}

Datagram DatagramInbox::datagram(int i) const {
  const mmsghdr& header = headers_[i];
  return {.octets = {&memory_[i * kStride], header.msg_len},
          .from = from_[i],
          .cut = (header.msg_hdr.msg_flags & MSG_TRUNC) != 0,
          .arrived = Nanos()};
}

DatagramBatch::DatagramBatch()
    : memory_(new uint8_t[kCapacity * kOctets]), headers_{} {}

void DatagramBatch::Add(const SocketAddress& to, int octets) {
  assert(size_ < kCapacity && octets <= kOctets);
  begins_[size_] = used_;
  sizes_[size_] = octets;
  to_[size_] = &to;
  used_ += octets;
  ++size_;
}

int DatagramBatch::Pack(int first, bool segmented) {
  int messages = 0;
  for (int at = first; at < size_; ++messages) {
    const int run = segmented ? RunFrom(at) : 1;
    msghdr& header = headers_[messages].msg_hdr;
    header = msghdr();
    // sendmsg only reads the name, though its type does not say so.
    header.msg_name = const_cast<sockaddr*>(to_[at]->get());
    header.msg_namelen = to_[at]->size();
    const int end = begins_[at + run - 1] + sizes_[at + run - 1];
    octets_[messages] = {&memory_[begins_[at]],
                         static_cast<size_t>(end - begins_[at])};
    header.msg_iov = &octets_[messages];
    header.msg_iovlen = 1;
    datagrams_[messages] = run;
    if (run > 1) {
      SetSegment(header, messages, static_cast<uint16_t>(sizes_[at]));
    }
    at += run;
  }
  return messages;
}

int DatagramBatch::RunFrom(int first) const {
  const int octets = sizes_[first];
  const int most = std::min(size_, first + kMostSegments);
  int end = first + 1;
  while (end < most && to_[end] == to_[first]) {
    if (sizes_[end] > octets) break;
    if (sizes_[end++] < octets) break;  // Only the last may be.
  }
  return end - first;
}

void DatagramBatch::SetSegment(msghdr& header, int message, uint16_t octets) {
  header.msg_control = controls_[message].octets.data();
  header.msg_controllen = sizeof(Control::octets);
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = IPPROTO_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(octets));
  std::memcpy(CMSG_DATA(control), &octets, sizeof(octets));
}

int DatagramBatch::DatagramsIn(int messages) const {
  int datagrams = 0;
  for (int i = 0; i < messages; ++i) {
    datagrams += datagrams_[i];
  }
  return datagrams;
}

struct UdpPort::Poll {
  uv_poll_t handle;
};

absl::StatusOr<UdpPort::Ptr> UdpPort::Open(
    const Options& options, Loop& loop, absl::FunctionRef<uint16_t()> draw_port,
    DatagramInbox& inbox, DatagramReceiver& receiver, UdpCounters& counters) {
  if (!loop.status().ok()) return loop.status();
  const int fd =
      socket(options.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return Failure("cannot open a UDP socket", errno,
                   errno == EAFNOSUPPORT
                       ? "this machine has no IPv6: name resolvers by IPv4"
                       : "raise the limit of open files (ulimit -n)");
  }
  auto* port = new UdpPort(loop, fd, options, inbox, receiver, counters);
  absl::Status opened = port->Bind(options.family, draw_port);
  if (opened.ok()) opened = port->Listen();
  if (!opened.ok()) {
    delete port;  // libuv has not seen it yet.
    return opened;
  }
  port->AskForReceiveBuffer(options.receive_buffer);
  port->AskFor(SO_RXQ_OVFL);
  if (options.stamped) port->AskFor(SO_TIMESTAMPNS);
  return Ptr(port);
}

UdpPort::UdpPort(Loop& loop, int socket, const Options& options,
                 DatagramInbox& inbox, DatagramReceiver& receiver,
                 UdpCounters& counters)
    : loop_(loop),
      socket_(socket),
      tag_(options.tag),
      stamped_(options.stamped),
      inbox_(inbox),
      receiver_(receiver),
      counters_(counters),
      poll_(std::make_unique<Poll>()) {}

UdpPort::~UdpPort() { close(socket_); }

absl::Status UdpPort::Bind(sa_family_t family,
                           absl::FunctionRef<uint16_t()> draw_port) {
  if (family == AF_INET6) {
    const int on = 1;
    setsockopt(socket_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  }
  int error = EADDRINUSE;
  for (int i = 0; i < kPortsToTry && error == EADDRINUSE; ++i) {
    const uint16_t number = draw_port();
    if (number < kFirstPort) continue;
    const SocketAddress address = SocketAddress::Wildcard(family, number);
    number_ = number;
    error = bind(socket_, address.get(), address.size()) == 0 ? 0 : errno;
  }
  if (error == 0) return absl::OkStatus();
  return Failure("cannot bind a UDP socket to a random port", error,
                 "free some ports, or allow this program to bind");
}

absl::Status UdpPort::Listen() {
  const int error = uv_poll_init(&loop_.uv(), &poll_->handle, socket_);
  if (error != 0) {
    return Failure("cannot watch a UDP socket", -error,
                   "raise the limit of open files (ulimit -n)");
  }
  poll_->handle.data = this;
  ClearError();
  return absl::OkStatus();
}

// The plain option is cut down to net.core.rmem_max; the one that is not is
// for privileged processes. Neither failing is an error: receive_buffer()
// says what was had.
void UdpPort::AskForReceiveBuffer(int octets) {
  if (octets <= 0) return;
  if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &octets,
                 sizeof(octets)) == 0) {
    return;
  }
  setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
}

// What a kernel does not know it does not say.
void UdpPort::AskFor(int option) {
  const int on = 1;
  setsockopt(socket_, SOL_SOCKET, option, &on, sizeof(on));
}

int UdpPort::receive_buffer() const {
  int octets = 0;
  socklen_t size = sizeof(octets);
  getsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &octets, &size);
  return octets;
}

UdpPort::Sent UdpPort::Send(DatagramBatch& batch, int first) {
  int taken = 0;
  const int wanted = batch.size() - first;
  // An error that an earlier datagram brought upon the socket is reported by
  // the next call, which it does not concern; the call after that is free of
  // it. (An interrupted call is likewise made again.)
  for (int pardons = 4; taken < wanted;) {
    const int messages = batch.Pack(first + taken, segmented_);
    ++counters_.send_calls;
    const int sent = sendmmsg(socket_, batch.headers_.data(),
                              static_cast<unsigned>(messages), MSG_DONTWAIT);
    if (sent > 0) {
      taken += batch.DatagramsIn(sent);
      continue;
    }
    const int error = sent < 0 ? errno : EAGAIN;
    if (segmented_ && IsAboutSegments(error)) {
      segmented_ = false;
      continue;
    }
    const bool pardoned = error == EINTR || error == ECONNREFUSED;
    if (pardoned && pardons-- > 0) continue;
    return {taken, error};
  }
  return {taken, 0};
}

bool UdpPort::IsForNow(int error) {
  return error == EAGAIN || error == ENOBUFS || error == ENOMEM ||
         error == EINTR;
}

// What is left makes the port ready again: a loop that is behind must not read
// for so long that nothing leaves meanwhile, or replies would come in waves.
// But what came while it rested must not wait for one rest more.
void UdpPort::Read() {
  const bool rested = loop_.rested_since() < loop_.now();
  for (int left = rested ? kBatchesAtOnce : 1; left > 0; --left) {
    if (ReadBatch() < DatagramInbox::kCapacity || released_) return;
  }
}

// Returns how many datagrams there were.
int UdpPort::ReadBatch() {
  ++counters_.receive_calls;
  const int count = inbox_.Receive(socket_);
  if (count <= 0) return 0;
  loop_.MarkBusy();
  CountDrops();
  receiver_.OnBatch(tag_, inbox_, count);
  const Nanos ahead =
      stamped_ ? ReadSystemClock() - loop_.ReadClock() : Nanos();
  for (int i = 0; i < count; ++i) {
    Datagram datagram = inbox_.datagram(i);
    datagram.arrived = ArrivalOf(i, ahead);
    receiver_.OnDatagram(tag_, datagram);
    if (released_) break;
  }
  return count;
}

// The system's clock is `ahead` of the loop's. It may have been set since it
// stamped datagram i: only what the loop rested is taken off.
Nanos UdpPort::ArrivalOf(int i, Nanos ahead) const {
  const Nanos now = loop_.now();
  if (!stamped_) return now;
  const std::optional<Nanos> stamp = inbox_.stamp(i);
  if (!stamp.has_value()) return now;
  return std::clamp(*stamp - ahead, loop_.rested_since(), now);
}

void UdpPort::CountDrops() {
  const uint32_t dropped = inbox_.dropped();
  if (dropped == dropped_) return;
  counters_.kernel_drops += dropped - dropped_;
  dropped_ = dropped;
}

// libuv stops watching a descriptor that has an error pending. On a UDP
// socket that is some earlier datagram's misfortune: read it, and go on.
void UdpPort::ClearError() {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  uv_poll_start(&poll_->handle, UV_READABLE,
                [](uv_poll_t* handle, int status, int) {
                  auto& port = *static_cast<UdpPort*>(handle->data);
                  if (status < 0) return port.ClearError();
                  port.Read();
                });
}

void UdpPort::Release::operator()(UdpPort* port) const {
  port->released_ = true;
  uv_close(
      reinterpret_cast<uv_handle_t*>(&port->poll_->handle),
      [](uv_handle_t* handle) { delete static_cast<UdpPort*>(handle->data); });
}

}  // namespace mxscan
