// EchoServer answers every query by UDP on loopback, in a thread of its own
// and in batches, by sending it back as a reply without records. It allocates
// nothing once it runs, and is as fast as the kernel lets it be: for tests
// and benchmarks that count.

#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "resolver/address.h"

namespace mxscan {

class EchoServer {
 public:
  EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  ~EchoServer();

  const Endpoint& endpoint() const { return endpoint_; }

 private:
  void Serve();

  int socket_;
  Endpoint endpoint_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace mxscan
