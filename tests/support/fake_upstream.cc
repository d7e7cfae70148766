#include "tests/support/fake_upstream.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

constexpr int kPatienceMs = 10000;
constexpr size_t kHeaderOctets = 12;

bool WaitToRead(int socket) {
  pollfd waiting = {socket, POLLIN, 0};
  const bool ready = poll(&waiting, 1, kPatienceMs) == 1;
  EXPECT_TRUE(ready) << "nothing came";
  return ready;
}

// What stands in for a query that did not come, so that the test goes on to
// its end: a header, and the root.
Query NoQuery() {
  Query query;
  query.octets.assign(kHeaderOctets + 5, 0);
  return query;
}

sockaddr_in6 ToSockaddr(const IpAddress& address, uint16_t port,
                        socklen_t* size) {
  sockaddr_in6 any{};
  if (address.family == IpAddress::Family::kV6) {
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    std::memcpy(&any.sin6_addr, address.octets.data(), 16);
    *size = sizeof(sockaddr_in6);
    return any;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  std::memcpy(&v4.sin_addr, address.octets.data(), 4);
  std::memcpy(&any, &v4, sizeof(v4));
  *size = sizeof(v4);
  return any;
}

const sockaddr* AsSockaddr(const sockaddr_in6& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}
sockaddr* AsSockaddr(sockaddr_in6& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

}  // namespace

uint16_t Query::id() const {
  return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

uint16_t Query::source_port() const {
  return ntohs(from.sin6_port);  // At the same place for IPv4.
}

std::string Query::name() const {
  size_t end = kHeaderOctets;
  while (end < octets.size() && octets[end] != 0) end += octets[end] + 1u;
  return {octets.begin() + kHeaderOctets,
          octets.begin() + static_cast<ptrdiff_t>(end) + 1};
}

FakeConnection::FakeConnection(FakeConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)) {}

FakeConnection::~FakeConnection() { Close(); }

Query FakeConnection::Receive() {
  Query query = NoQuery();
  uint8_t length[2];
  if (!WaitToRead(socket_) || recv(socket_, length, 2, MSG_WAITALL) != 2) {
    ADD_FAILURE() << "the connection was closed";
    return query;
  }
  query.octets.resize(static_cast<size_t>(length[0] << 8 | length[1]));
  recv(socket_, query.octets.data(), query.octets.size(), MSG_WAITALL);
  return query;
}

void FakeConnection::Send(const Octets& message) {
  Octets framed = {static_cast<uint8_t>(message.size() >> 8),
                   static_cast<uint8_t>(message.size())};
  framed.insert(framed.end(), message.begin(), message.end());
  SendRaw(framed);
}

void FakeConnection::SendRaw(const Octets& octets) {
  const ssize_t sent =
      send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
  EXPECT_EQ(sent, static_cast<ssize_t>(octets.size()));
}

void FakeConnection::Close() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

void FakeConnection::Reset() {
  const linger at_once = {1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  Close();
}

FakeUpstream::FakeUpstream(const std::string& address, uint16_t port) {
  // The port that is free by UDP may be taken by TCP.
  for (int i = 0; i < 20; ++i) {
    if (Listen(address, port)) return;
  }
  ADD_FAILURE() << "cannot listen on " << address;
}

bool FakeUpstream::CanListenOn(const std::string& address) {
  socklen_t size = 0;
  const sockaddr_in6 at = ToSockaddr(*IpAddress::FromText(address), 0, &size);
  const int udp = socket(at.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool bound = udp >= 0 && bind(udp, AsSockaddr(at), size) == 0;
  if (udp >= 0) close(udp);
  return bound;
}

bool FakeUpstream::Listen(const std::string& address, uint16_t port) {
  StopListening();
  if (udp_ >= 0) close(udp_);
  endpoint_.address = *IpAddress::FromText(address);
  socklen_t size = 0;
  sockaddr_in6 at = ToSockaddr(endpoint_.address, port, &size);
  udp_ = socket(at.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  tcp_ = socket(at.sin6_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(tcp_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(tcp_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (bind(udp_, AsSockaddr(at), size) != 0) return false;
  getsockname(udp_, AsSockaddr(at), &size);
  endpoint_.port = ntohs(at.sin6_port);
  return bind(tcp_, AsSockaddr(at), size) == 0 && listen(tcp_, 16) == 0;
}

FakeUpstream::~FakeUpstream() {
  StopListening();
  if (udp_ >= 0) close(udp_);
}

Query FakeUpstream::Receive() {
  Query query = NoQuery();
  if (!WaitToRead(udp_)) return query;
  query.octets.resize(4096);
  query.from_size = sizeof(query.from);
  const ssize_t size = recvfrom(udp_, query.octets.data(), query.octets.size(),
                                0, AsSockaddr(query.from), &query.from_size);
  query.octets.resize(static_cast<size_t>(size));
  return query;
}

bool FakeUpstream::IsQuiet() const {
  pollfd waiting = {udp_, POLLIN, 0};
  return poll(&waiting, 1, 0) == 0;
}

void FakeUpstream::Send(const Query& query, const Octets& reply) {
  const ssize_t sent = sendto(udp_, reply.data(), reply.size(), 0,
                              AsSockaddr(query.from), query.from_size);
  EXPECT_EQ(sent, static_cast<ssize_t>(reply.size()));
}

FakeConnection FakeUpstream::Accept() {
  if (!WaitToRead(tcp_)) return FakeConnection(-1);
  const int accepted = accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  EXPECT_GE(accepted, 0);
  return FakeConnection(accepted);
}

void FakeUpstream::StopListening() {
  if (tcp_ >= 0) close(std::exchange(tcp_, -1));
}

Octets ReplyTo(const Query& query, uint8_t rcode) {
  const size_t question = kHeaderOctets + query.name().size() + 4;
  Octets reply(query.octets.begin(),
               query.octets.begin() + static_cast<ptrdiff_t>(question));
  reply[2] = 0x81;          // QR, RD.
  reply[3] = 0x80 | rcode;  // RA.
  reply[7] = rcode == 0 ? 1 : 0;
  reply[11] = 0;  // No OPT.
  if (rcode != 0) return reply;
  constexpr uint8_t kRecord[] = {0xc0, 12, 0, 1, 0,   1, 0, 0,
                                 1,    44, 0, 4, 192, 0, 2, 1};
  reply.insert(reply.end(), std::begin(kRecord), std::end(kRecord));
  return reply;
}

}  // namespace mxscan
