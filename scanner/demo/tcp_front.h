// TcpFront serves one TCP endpoint (RFC 7766): it accepts connections, reads
// pipelined queries, and answers each as soon as its reply is due, in whatever
// order that is. Connections last until the client closes them.
//
// One thread.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "scanner/demo/udp_front.h"

namespace mxscan {

class TcpFront : public Watched, private LateReceiver {
 public:
  // `context` must outlive the front.
  TcpFront(Descriptor listener, const Served& served, FrontContext& context);
  ~TcpFront() override;

  int socket() const { return listener_.get(); }
  void OnReady(uint32_t events, Nanos now) override;

  // Frees the connections that were closed in this turn; no event of the turn
  // may point to one any more.
  void Sweep();

 private:
  class Connection;
  static constexpr size_t kMostConnections = 4096;

  void SendNow(const Peer& peer, absl::Span<const uint8_t> packet,
               const ReplyManner& manner) override;

  Descriptor listener_;
  Served served_;
  FrontContext& context_;
  absl::flat_hash_map<uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<uint64_t> closed_;
  uint64_t next_ = 1;
};

}  // namespace mxscan
