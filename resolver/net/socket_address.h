// SocketAddress is an IPv4 or IPv6 address with a port, in the form that the
// kernel takes and gives. A value; any thread.

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

namespace mxscan {

class SocketAddress {
 public:
  SocketAddress() { std::memset(&any_, 0, sizeof(any_)); }

  // REQUIRES: `octets` are 4 for V4 and 16 for V6, in network order.
  static SocketAddress V4(const uint8_t* octets, uint16_t port) {
    SocketAddress address;
    address.any_.v4.sin_family = AF_INET;
    address.any_.v4.sin_port = htons(port);
    std::memcpy(&address.any_.v4.sin_addr, octets, 4);
    return address;
  }
  static SocketAddress V6(const uint8_t* octets, uint16_t port) {
    SocketAddress address;
    address.any_.v6.sin6_family = AF_INET6;
    address.any_.v6.sin6_port = htons(port);
    std::memcpy(&address.any_.v6.sin6_addr, octets, 16);
    return address;
  }
  // The address that stands for all of this machine's.
  static SocketAddress Wildcard(sa_family_t family, uint16_t port) {
    constexpr uint8_t kZeros[16] = {};
    return family == AF_INET6 ? V6(kZeros, port) : V4(kZeros, port);
  }

  sa_family_t family() const { return any_.base.sa_family; }
  uint16_t port() const {
    return ntohs(family() == AF_INET6 ? any_.v6.sin6_port : any_.v4.sin_port);
  }

  const sockaddr* get() const { return &any_.base; }
  sockaddr* get() { return &any_.base; }
  socklen_t size() const {
    return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  }
  static constexpr socklen_t kCapacity = sizeof(sockaddr_in6);

  // The same address and port. A zone (scope id) does not count.
  friend bool operator==(const SocketAddress& a, const SocketAddress& b) {
    if (a.family() != b.family()) return false;
    if (a.family() == AF_INET6) {
      return a.any_.v6.sin6_port == b.any_.v6.sin6_port &&
             std::memcmp(&a.any_.v6.sin6_addr, &b.any_.v6.sin6_addr, 16) == 0;
    }
    return a.any_.v4.sin_port == b.any_.v4.sin_port &&
           a.any_.v4.sin_addr.s_addr == b.any_.v4.sin_addr.s_addr;
  }

 private:
  union {
    sockaddr base;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } any_;
};

}  // namespace mxscan
