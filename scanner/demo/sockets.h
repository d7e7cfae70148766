// The few socket calls that the name server needs, with owned descriptors and
// errors that name the endpoint. Non-blocking throughout, and loopback only.
//
// Any thread; a descriptor has one owner.

#pragma once

#include <sys/socket.h>

#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "resolver/address.h"

namespace mxscan {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A socket address as the kernel wants it. (SocketAddress is the resolver's.)
struct KernelAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  KernelAddress() = default;
  KernelAddress(const KernelAddress& other) { *this = other; }
  // Copies no more than there is.
  KernelAddress& operator=(const KernelAddress& other) {
    size = other.size;
    std::memmove(&storage, &other.storage, size);
    return *this;
  }

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

KernelAddress ToKernelAddress(const Endpoint& endpoint);

// 127.0.0.0/8 or ::1.
bool IsLoopback(const IpAddress& address);

// Port 0 takes any free one. InvalidArgument off loopback; Unavailable when
// the endpoint is taken.
absl::StatusOr<Descriptor> BindUdp(const Endpoint& endpoint);
absl::StatusOr<Descriptor> ListenTcp(const Endpoint& endpoint);

// From now on each datagram comes with the time at which the kernel had it.
void StampArrivals(const Descriptor& socket);

// Where `socket` is bound.
Endpoint BoundEndpoint(const Descriptor& socket);

}  // namespace mxscan
