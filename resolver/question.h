// The words in which the rest of the program asks this room: a Question goes
// in, exactly one Answer (answer.h) comes out.
//
// Nothing here assumes that a recursive server answers: who is asked is policy
// (upstreams.h), above the engine.

#pragma once

#include <cstdint>

#include "resolver/wire/name.h"

namespace mxscan {

// Record types that this program reads or asks for; any other number is legal.
// https://www.iana.org/assignments/dns-parameters
enum class RrType : uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
  kSrv = 33,
  kDname = 39,
  kOpt = 41,
  kDs = 43,
  kRrsig = 46,
  kTlsa = 52,
  kAny = 255,
};

// One thing to learn. A value: copy it freely.
struct Question {
  static constexpr int kAnyUpstream = -1;

  RrType type = RrType::kMx;
  bool recursion_desired = true;   // RD
  bool dnssec_ok = false;          // DO (needs EDNS)
  bool checking_disabled = false;  // CD
  bool cacheable = true;           // Equal questions share one answer.
  int upstream = kAnyUpstream;     // Index of the one server to ask.
  Name name;  // Last, so that the rest lies where short names do.
};

// How a question, or one attempt at it, ended. What the network did is a
// value, never an error. The first group ends a question for good; the second
// is an attempt's end and, when no attempts are left, the question's; the
// third is only ever an attempt's.
enum class Outcome : uint8_t {
  // Definitive: a working server said so.
  kAnswer,    // NOERROR with records of the type at the end of the chain.
  kNoData,    // NOERROR without them.
  kNxDomain,  // The end of the chain does not exist.
  kLoop,      // The alias chain revisits a name or exceeds 16 steps.
  // Not definitive: unknown, which is never the same as absent.
  kServFail,
  kRefused,
  kMalformed,  // A reply that does not parse, or another error code.
  kSilence,    // Nothing came.
  // An attempt only.
  kTruncated,    // TC: ask the same server over TCP.
  kFormErr,      // FORMERR or NOTIMP to EDNS: ask again without.
  kUnreachable,  // ICMP or TCP said that no one listens there.
};

// True for the outcomes in which a working server settled the matter.
constexpr bool IsDefinitive(Outcome outcome) {
  return outcome <= Outcome::kLoop;
}

enum class Protocol : uint8_t { kUdp, kTcp };

}  // namespace mxscan
