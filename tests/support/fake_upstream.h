// FakeUpstream plays a name server on loopback, one packet at a time, in the
// test's own thread: the test receives what was asked, and says what goes
// back, word for word. Waiting for more than ten seconds fails the test.

#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <vector>

#include "resolver/address.h"

namespace mxscan {

using Octets = std::vector<uint8_t>;

// A query as it came.
struct Query {
  Octets octets;
  sockaddr_in6 from{};
  socklen_t from_size = 0;

  uint16_t id() const;
  uint16_t source_port() const;
  // The name asked, in wire form and in the case it came in.
  std::string name() const;
};

// One TCP connection that was accepted.
class FakeConnection {
 public:
  explicit FakeConnection(int socket) : socket_(socket) {}
  FakeConnection(FakeConnection&& other) noexcept;
  FakeConnection& operator=(FakeConnection&&) = delete;
  ~FakeConnection();

  Query Receive();
  // Behind its length.
  void Send(const Octets& message);
  // As it stands, in one segment.
  void SendRaw(const Octets& octets);
  void Close();
  // Closes without a farewell (RST).
  void Reset();

 private:
  int socket_;
};

class FakeUpstream {
 public:
  // Listens on `port` of `address`, or on a free one, by UDP and TCP.
  explicit FakeUpstream(const std::string& address = "127.0.0.1",
                        uint16_t port = 0);
  FakeUpstream(const FakeUpstream&) = delete;
  FakeUpstream& operator=(const FakeUpstream&) = delete;
  ~FakeUpstream();

  // False for ::1 on a machine without IPv6.
  static bool CanListenOn(const std::string& address);

  const Endpoint& endpoint() const { return endpoint_; }

  Query Receive();
  // True when no datagram has come that was not received.
  bool IsQuiet() const;
  void Send(const Query& query, const Octets& reply);
  FakeConnection Accept();
  // From now on nobody listens by TCP.
  void StopListening();

 private:
  bool Listen(const std::string& address, uint16_t port);

  int udp_ = -1;
  int tcp_ = -1;
  Endpoint endpoint_;
};

// The reply to `query` with `rcode`; with one A record for the name when that
// is 0.
Octets ReplyTo(const Query& query, uint8_t rcode = 0);

}  // namespace mxscan
