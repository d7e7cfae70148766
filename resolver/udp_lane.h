// UdpLane sends the attempts of one address family: it gathers them into
// batches and lets each batch leave from a port drawn at random among its
// own: of two that are drawn the one with fewer attempts, so that the ports'
// receive buffers fill alike. (One port for a batch, and not one for a
// datagram, is what makes one system call of it; a forger learns no more from
// that, since he does not see the batch.)
//
// Whatever the kernel does not take stays queued, in order, and is offered
// again a millisecond later. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "resolver/engine.h"
#include "resolver/in_flight.h"
#include "resolver/net/udp_port.h"
#include "resolver/random_bits.h"

namespace mxscan {

// What the parts of one engine share. Everything outlives them.
struct EngineParts {
  Loop& loop;
  InFlight& in_flight;
  RandomBits& random;
  const std::vector<SocketAddress>& upstreams;
  EngineStats& stats;
};

// Writes the query of `attempt`, which has its id, and returns its length.
int WriteAttempt(const Attempt& attempt, uint8_t* out);

class UdpLane {
 public:
  explicit UdpLane(const EngineParts& parts) : parts_(parts) {}

  // Opens one more port, whose tag is its table in the ledger.
  absl::Status AddPort(const UdpPort::Options& options, DatagramInbox& inbox,
                       DatagramReceiver& receiver, UdpCounters& counters);

  // Queues `attempt`; a full batch leaves at once.
  void Queue(Attempt& attempt);

  // Sends what is queued, and returns when it must be called again: at
  // Nanos::max() when all is sent.
  Nanos Flush();

  int receive_buffer() const;
  int64_t replies_that_fit() const;

 private:
  struct Port {
    int table;
    UdpPort::Ptr socket;
    int most;  // In a batch: their replies all come here, and at once.
  };

  Port* DrawPort();
  bool SendOneBatch();
  void Gather(const Port& port);
  void MarkTaken(int first, int count, Nanos now);
  void PutBack(int first);
  void GiveUp(Attempt& attempt);

  EngineParts parts_;
  std::vector<Port> ports_;
  AttemptList queue_;
  Nanos blocked_until_{0};
  DatagramBatch batch_;
  std::array<Attempt*, DatagramBatch::kCapacity> gathered_;
};

}  // namespace mxscan
