// ServerThread serves some of a name server's endpoints on a thread of its
// own, which it starts when it is made and stops when it is destroyed.
//
// Counts() may be called from any thread; everything else is the owner's.

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "scanner/demo/responder.h"
#include "scanner/demo/tcp_front.h"
#include "scanner/demo/udp_front.h"

namespace mxscan {

// The sockets of one endpoint; `tcp` is not valid where TCP is refused.
struct ServedSockets {
  int index = 0;
  Endpoint endpoint;
  Descriptor udp;
  Descriptor tcp;
};

class ServerThread {
 public:
  // `first_asked` (nanoseconds; 0 before) is shared by the threads of one
  // server and must outlive them, as must what the responder refers to.
  ServerThread(std::vector<ServedSockets> sockets, Responder responder,
               std::atomic<int64_t>& first_asked, bool count_arrivals);
  ~ServerThread();

  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  ServerCounts Counts() const;

 private:
  void Watch(int fd, Watched* watched);
  void Run();
  int MillisToNextLate(Nanos now) const;
  void NoteFirstAsked(Nanos now);

  static constexpr int kEvents = 64;

  Responder responder_;
  std::atomic<int64_t>& first_asked_;
  LateQueue late_;
  UdpBatch batch_;
  Descriptor epoll_;
  Descriptor stop_;  // An eventfd.
  FrontContext context_;
  std::vector<std::unique_ptr<UdpFront>> udp_;
  std::vector<std::unique_ptr<TcpFront>> tcp_;
  // Held while a turn's events are served, so that counts are whole.
  mutable std::mutex turn_;
  std::thread thread_;
};

}  // namespace mxscan
