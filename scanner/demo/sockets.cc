#include "scanner/demo/sockets.h"

#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr int kReceiveBuffer = 8 << 20;  // The kernel gives what it may.
constexpr int kBacklog = 1024;

absl::Status Failure(const char* what, const Endpoint& endpoint) {
  return absl::UnavailableError(absl::StrCat(
      "cannot ", what, " ", ToText(endpoint), ": ", std::strerror(errno),
      errno == EADDRINUSE ? "; name another port, or 0 for any" : ""));
}

absl::StatusOr<Descriptor> Bind(const Endpoint& endpoint, int type) {
  if (!IsLoopback(endpoint.address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the name server does not listen on ", ToText(endpoint),
                     ": it is for loopback only; use 127.0.0.0/8 or ::1"));
  }
  const KernelAddress address = ToKernelAddress(endpoint);
  Descriptor socket(::socket(address.get()->sa_family,
                             type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return Failure("open a socket for", endpoint);
  const int on = 1;
  if (type == SOCK_STREAM) {
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  } else {
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer,
               sizeof(kReceiveBuffer));
    setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &kReceiveBuffer,
               sizeof(kReceiveBuffer));
  }
  if (bind(socket.get(), address.get(), address.size) != 0) {
    return Failure("listen on", endpoint);
  }
  return socket;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

KernelAddress ToKernelAddress(const Endpoint& endpoint) {
  KernelAddress address;
  if (endpoint.address.family == IpAddress::Family::kV4) {
    auto& in = reinterpret_cast<sockaddr_in&>(address.storage);
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.octets.data(), 4);
    address.size = sizeof(in);
  } else {
    auto& in = reinterpret_cast<sockaddr_in6&>(address.storage);
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, endpoint.address.octets.data(), 16);
    address.size = sizeof(in);
  }
  return address;
}

bool IsLoopback(const IpAddress& address) {
  if (address.family == IpAddress::Family::kV4) return address.octets[0] == 127;
  constexpr std::array<uint8_t, 16> kOne = {0, 0, 0, 0, 0, 0, 0, 0,
                                            0, 0, 0, 0, 0, 0, 0, 1};
  return address.octets == kOne;
}

absl::StatusOr<Descriptor> BindUdp(const Endpoint& endpoint) {
  return Bind(endpoint, SOCK_DGRAM);
}

absl::StatusOr<Descriptor> ListenTcp(const Endpoint& endpoint) {
  absl::StatusOr<Descriptor> socket = Bind(endpoint, SOCK_STREAM);
  if (!socket.ok()) return socket;
  if (listen(socket->get(), kBacklog) != 0) {
    return Failure("listen on", endpoint);
  }
  return socket;
}

void StampArrivals(const Descriptor& socket) {
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

Endpoint BoundEndpoint(const Descriptor& socket) {
  KernelAddress address;
  Endpoint endpoint;
  getsockname(socket.get(), address.get(), &address.size);
  if (address.get()->sa_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address.storage);
    std::memcpy(endpoint.address.octets.data(), &in.sin_addr, 4);
    endpoint.port = ntohs(in.sin_port);
  } else {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address.storage);
    endpoint.address.family = IpAddress::Family::kV6;
    std::memcpy(endpoint.address.octets.data(), &in.sin6_addr, 16);
    endpoint.port = ntohs(in.sin6_port);
  }
  return endpoint;
}

}  // namespace mxscan
