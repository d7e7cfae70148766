// Responder makes, for one query as it came, the replies that go back: none,
// one, or several, sound or spoilt as the fault rules say. It owns no socket
// and reads no clock, so that everything the name server says can be tested
// without a network.
//
// One thread.

#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "resolver/address.h"
#include "scanner/demo/fault_dealer.h"
#include "scanner/demo/recursor.h"
#include "scanner/demo/server_counts.h"

namespace mxscan {

// Where a reply comes from, as its receiver sees it.
enum class ReplySource : uint8_t { kAsked, kOtherPort, kOtherAddress };

struct ReplyManner {
  Nanos delay{0};
  ReplySource source = ReplySource::kAsked;
  bool break_off = false;  // TCP: close in the middle of the message.
};

class ReplySink {
 public:
  // `packet` lives until the call returns.
  virtual void Send(absl::Span<const uint8_t> packet,
                    const ReplyManner& manner) = 0;
  // TCP: close the connection, without a reply to this query.
  virtual void Close() = 0;

 protected:
  ~ReplySink() = default;
};

// One of the addresses on which a query can come.
struct Served {
  int index = 0;
  Endpoint endpoint;
  Protocol protocol = Protocol::kUdp;
};

class Responder {
 public:
  // `recursor` must outlive the responder. With `count_questions`, counts are
  // kept for each name and type, which costs memory without bound.
  Responder(const Recursor& recursor, FaultDealer dealer, bool count_questions);

  void Respond(absl::Span<const uint8_t> packet, const Served& served,
               Nanos now, ReplySink& sink);

  ServerCounts& counts() { return counts_; }
  const ServerCounts& counts() const { return counts_; }

 private:
  static constexpr int kRoom = 65535;

  void RespondBad(const Query& query, ReplySink& sink);
  void Count(const Query& query, Protocol protocol, const FaultPlan& plan);
  int Compose(const Query& query, Protocol protocol, const FaultPlan& plan);
  int Spoil(const Query& query, const FaultPlan& plan, int size);
  void SendForged(const Query& query, ReplySink& sink);
  void SendBlindForgeries(const Query& query, int count, ReplySink& sink);
  int Rewrite(const Query& query, int size);
  void Send(absl::Span<const uint8_t> packet, const ReplyManner& manner,
            ReplySink& sink);

  const Recursor& recursor_;
  FaultDealer dealer_;
  bool count_questions_;
  ServerCounts counts_;
  std::vector<uint8_t> reply_;
  std::vector<uint8_t> forged_;
};

}  // namespace mxscan
