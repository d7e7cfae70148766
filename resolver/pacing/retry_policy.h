// What to do when an attempt has ended, as one table: outcome × how it was
// asked × how often it has failed before → what next. Pure: no clock, no
// loop, no socket, so that every row of it is a test.
//
// Failures are counted, not sendings: going over to TCP, leaving out EDNS or
// asking again in plain letter case spends nothing, and each of them can
// happen once on the way to a failure or an answer. Where a server spoke
// (SERVFAIL, refusal, garbage) a question is given up after a few failures of
// that kind, for other servers will mostly say the same; silence is more
// often loss than fate, so it has a larger allowance, and one does not use up
// the other's. A server that is not there at all is the server's failure and
// not the name's: the question moves on for free (upstreams.h sees to it that
// nothing is sent to a server that is out, and how long a question waits when
// all are).
//
// A refusal comes here only when it counts: refusal_drip.h says which do not.

#pragma once

#include <cstdint>

#include "resolver/question.h"

namespace mxscan {

enum class Next : uint8_t {
  kDeliver,         // Settled.
  kAskAnother,      // Another server, if there is one.
  kAskOverTcp,      // The same server.
  kAskWithoutEdns,  // The same server.
  kMove,            // Another server, or wait for one; not a failure.
  kGiveUp,
};

// How an attempt was asked.
struct AskedHow {
  Protocol protocol = Protocol::kUdp;
  bool edns = true;
};

// Failures of a question so far, the latest included.
struct Failures {
  int spoken = 0;  // A server said something of no use.
  int silent = 0;
};

struct RetryLimits {
  int spoken = 5;
  int silent = 10;
};

enum class Blame : uint8_t { kNone, kSpoken, kSilent };

// Which count of Failures an attempt that ended in `outcome` adds to.
constexpr Blame BlameFor(Outcome outcome, AskedHow how) {
  switch (outcome) {
    case Outcome::kAnswer:
    case Outcome::kNoData:
    case Outcome::kNxDomain:  // "No such name" is an answer, not a failure.
    case Outcome::kLoop: return Blame::kNone;
    case Outcome::kServFail:
    case Outcome::kRefused:
    case Outcome::kMalformed: return Blame::kSpoken;
    case Outcome::kSilence: return Blame::kSilent;
    case Outcome::kTruncated:  // Over TCP it makes no sense.
      return how.protocol == Protocol::kUdp ? Blame::kNone : Blame::kSpoken;
    case Outcome::kFormErr: return how.edns ? Blame::kNone : Blame::kSpoken;
    case Outcome::kUnreachable:
      // No TCP there, but the server has just said "truncated" over UDP.
      return how.protocol == Protocol::kUdp ? Blame::kNone : Blame::kSpoken;
  }
  return Blame::kSpoken;
}

constexpr Next Decide(Outcome outcome, AskedHow how, Failures failures,
                      RetryLimits limits) {
  if (IsDefinitive(outcome)) return Next::kDeliver;
  if (BlameFor(outcome, how) == Blame::kNone) {
    switch (outcome) {
      case Outcome::kTruncated: return Next::kAskOverTcp;
      case Outcome::kFormErr: return Next::kAskWithoutEdns;
      default: return Next::kMove;
    }
  }
  const bool enough =
      failures.spoken >= limits.spoken || failures.silent >= limits.silent;
  return enough ? Next::kGiveUp : Next::kAskAnother;
}

}  // namespace mxscan
