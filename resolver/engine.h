// Engine asks one question of one server, once: an attempt. It writes the
// query, sends it in batches from one of several random ports with a random
// id and mixed letter case, or over a kept TCP connection, matches what comes
// back, rejects what is forged, and reports. What follows from a report
// (again, elsewhere, over TCP, give up) is the resolver's to decide; the
// engine knows no policy, no cache, no pacing.
//
// A reply counts only if it is a response (QR, opcode 0), comes from the
// address and port that were asked, to the port and with the id in use, and
// repeats the question asked, in the letter case sent where the attempt says
// so. Everything else is a stray: counted, and of no effect on any attempt.
// A blind forger, who sees nothing of what we send, must guess 16 bits of id,
// 16 of the port (any of 64512), and one for each letter of the name when case
// is mixed: 32 bits and the letters, 42 in all for example.com. Ports
// stay the same for a run, and there are eight: who finds one open (a closed
// port says so) has 3 bits of port left to guess, and who knows the name to be
// asked has one try at it in flight, for equal questions are asked once. A
// reply in other letters settles nothing; the question goes over TCP, so that
// nobody can bring us to ask in plain letters what we would not have. To a
// server that really changes letters the 32 bits are all there is.
//
// An attempt's slot outlives its time-out, so that a late genuine answer is
// still reported; it ends with Release(). Ids in use are never given twice on
// one port.
//
// Datagrams of one batch leave from one port, drawn anew for each batch. What
// the kernel does not take stays queued, and its time does not run.
//
// One thread: that of its loop.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/net/loop.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"

namespace mxscan {

// Names one attempt from Start to Release.
enum class AttemptId : uint64_t {};

struct AttemptRequest {
  NameView name;                       // Copied.
  const Question* question = nullptr;  // Type and flags; its name is not used.
  int upstream = 0;                    // Index into the engine's endpoints.
  Protocol protocol = Protocol::kUdp;
  bool edns = true;
  bool mixed_case = true;
  Nanos timeout{};     // From when the datagram left, or TCP was handed it.
  uint32_t token = 0;  // The receiver's own word for it.
};

// What came back.
struct Reply {
  Outcome outcome;         // By header only: kAnswer stands for "NOERROR or
                           // NXDOMAIN: look into the message". kUnreachable
                           // and kMalformed come without a message, and so
                           // may all but kAnswer.
  const Message* message;  // Lives until the call returns; may be null.
  Nanos rtt;               // From this attempt's own sending to the turn in
                           // which the reply was read; with stamped ports, to
                           // when it came, if the loop rested then.
  bool late;               // After OnSilence was reported.
  bool case_preserved;     // The question came back in the case sent.
};

// Calls come from the loop's turn, never from inside Start. The receiver may
// Start and Release attempts from inside a call.
//
// A reply does not end an attempt: until Release() more may come (after a
// garbled one, the good one), and silence too. Only kUnreachable is the last
// that is heard.
class AttemptReceiver {
 public:
  virtual void OnReply(AttemptId id, uint32_t token,
                       const Reply& reply) noexcept = 0;
  // Replies to these are about to be handed over, most of them at least: what
  // that takes can be fetched from memory meanwhile.
  virtual void Foresee(absl::Span<const uint32_t>) noexcept {}
  // Nothing came within the time-out. The attempt lives on until Release().
  virtual void OnSilence(AttemptId id, uint32_t token) noexcept = 0;

 protected:
  ~AttemptReceiver() = default;
};

struct EngineOptions {
  std::vector<Endpoint> upstreams;
  int max_attempts = 1 << 17;    // Slots: attempts from Start to Release.
  int udp_ports = 8;             // Sockets per address family in use.
  int receive_buffer = 4 << 20;  // Octets to ask for, for each socket.
  bool stamped = false;          // Ports say when replies arrived.
  uint64_t seed = 0;  // Of ids, ports and letter case. Must be unpredictable.
};

struct EngineStats {
  int64_t sent_udp = 0;
  int64_t sent_tcp = 0;
  int64_t received = 0;
  int64_t strays = 0;  // Forged, late after Release, or not DNS at all.
  int64_t refused_by_kernel = 0;  // Sendings put off: EAGAIN, ENOBUFS.
  int64_t kernel_drops = 0;       // Replies that found no room in a buffer.
  int64_t send_calls = 0;
  int64_t receive_calls = 0;
  int64_t tcp_connections = 0;  // Opened, or tried to.
};

class Engine {
 public:
  // `loop` and `receiver` must outlive the engine. Fails, naming the remedy,
  // when sockets cannot be had.
  static absl::StatusOr<std::unique_ptr<Engine>> Open(
      const EngineOptions& options, Loop& loop, AttemptReceiver& receiver);
  virtual ~Engine() = default;

  // Queues one attempt; it leaves at the end of the loop's turn or with the
  // next full batch. False when every slot is taken. Called from a turn's
  // events or from hooks before TurnPhase::kSend.
  virtual bool Start(const AttemptRequest& request, AttemptId* id) = 0;

  // Forgets an attempt. Anything that still comes for it is a stray.
  virtual void Release(AttemptId id) = 0;

  virtual const EngineStats& stats() const = 0;

  // Replies from there, to an attempt's port and with its id, that were none to
  // its question.
  virtual int64_t wrong_replies(int upstream) const = 0;

  // The least that the kernel granted any socket, by its own accounting
  // (which counts overhead: a small reply takes some 768 octets).
  virtual int receive_buffer() const = 0;

  // How many replies of ordinary size fit into all sockets' buffers together.
  virtual int64_t replies_that_fit() const = 0;
};

}  // namespace mxscan
