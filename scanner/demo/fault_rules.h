// Faults: what a name server may do wrong, as rules in text, one a line:
//
//   KIND [key=value ...]        # comment
//
//   loss p=0.02
//   servfail name=broken.example type=MX times=2
//   delay ms=100 jitter=50
//   dead at=127.0.0.2 every=4s for=2s
//   limit qps=2000 action=refused
//
// README.md of this folder lists every kind and key. A rule without
// conditions always applies; all conditions must hold. Every rule that applies
// is dealt, so that a reply may be late, doubled and truncated at once.
//
// Plain data: any thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "resolver/address.h"
#include "resolver/question.h"

namespace mxscan {

using Nanos = std::chrono::nanoseconds;

enum class FaultKind : uint8_t {
  kDrop,       // loss, silence, dead: no reply.
  kDuplicate,  // The reply comes twice.
  kDelay,      // delay, late, reorder: it comes later.
  kTruncate,   // TC over UDP.
  kSmall,      // At most 512 octets over UDP, whatever EDNS offers.
  // In place of the right reply:
  kWrongId,
  kWrongSource,    // Sent from another port or address.
  kWrongQuestion,  // Answers another name.
  kNotResponse,    // QR = 0.
  kGarbage,        // Random octets behind the right id.
  kPointerLoop,    // A compression pointer to itself.
  kCut,            // The message ends in its middle.
  // A forged answer, of wrong id, source or question, beside the right one:
  kForgeBefore,
  kForgeAfter,
  kForgeBlind,     // Many before the right one, with all but the id right.
  kLimit,          // A rate limit; above it silence or REFUSED.
  kLowerCase,      // The question comes back in lower case.
  kRcode,          // formerr, servfail, nxdomain, notimp, refused.
  kAuthenticated,  // AD is set: no fault, but a rule as well.
  kTcpRefuse,      // No one listens on TCP.
  kTcpClose,       // The connection is closed without a reply,
  kTcpCut,         // or in the middle of it.
  kRewrite,        // An address in place of NXDOMAIN.
};
inline constexpr int kFaultKindCount = 23;

// The word for `kind` in counts: `drop`, `wrong-id`, …
std::string_view FaultWord(FaultKind kind);

struct FaultRule {
  FaultKind kind = FaultKind::kDrop;

  // Conditions.
  std::optional<Name> name;
  bool below = false;  // Names below `name` too: `name=*.example`.
  std::optional<RrType> type;
  std::optional<IpAddress> address;  // Of the server asked,
  uint16_t port = 0;                 // and its port; 0 for any.
  std::optional<Protocol> protocol;
  std::optional<bool> edns;
  std::optional<bool> checking_disabled;
  double chance = 1;  // p: by the packet.
  double share = 1;   // share: by the name, always the same ones.
  // Since the server was first asked.
  Nanos from{0};
  Nanos until = Nanos::max();
  Nanos every{0};      // When not zero: in each period of this length,
  Nanos active{0};     // the first so much of it.
  int64_t after = 0;   // Passes over so many that match,
  int64_t times = -1;  // and then applies to so many; -1 for all.

  // What is done.
  Nanos delay{0};
  Nanos jitter{0};
  int count = 1;  // kForgeBlind.
  double qps = 0;
  bool refuse = false;      // kLimit: REFUSED, not silence.
  int rcode = 0;            // kRcode.
  int extended_error = -1;  // kRcode: RFC 8914.
};

// Reads rules; `name` says in errors where the text came from.
absl::StatusOr<std::vector<FaultRule>> ParseFaultRules(std::string_view name,
                                                       std::string_view text);

}  // namespace mxscan
