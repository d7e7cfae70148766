// What to do when an attempt has ended, as one table: how it ended × how it
// was asked × what of the question's allowance is left → what next. Pure: no
// clock, no loop, no socket, so that every row of it is a test.
//
// Failures are counted, not sendings: going over to TCP, leaving out EDNS or
// asking again in plain letter case spends nothing, and each of them can
// happen once on the way to a failure or an answer. Where a server spoke
// (SERVFAIL, refusal, garbage) a question is given up after a few failures of
// that kind, for other servers will mostly say the same. Silence is more often
// loss than fate, so more tries are allowed where all is silence; that larger
// number bounds failures of both kinds together. A server that is not there at
// all is the server's failure and not the name's: the question moves on for
// free (upstreams.h sees to it that nothing is sent to a server that is out,
// and how long a question waits when all are).
//
// REFUSED mostly means "too fast", so the first few of a question only slow us
// down (refusal_drip.h), unless nothing but refusals comes.

#pragma once

#include <algorithm>
#include <cstdint>

#include "resolver/question.h"

namespace mxscan {

enum class Next : uint8_t {
  kDeliver,     // Settled.
  kRest,        // Any server, after a while.
  kAskAnother,  // Another server, if there is one.
  kMove,        // Another server, or wait for one; not a failure.
  kAskOverTcp,  // The same server, as are the following.
  kAskWithoutEdns,
  kCheckOverTcp,    // In plain letters.
  kAskInPlainCase,  // Over UDP.
  kGiveUp,
};

// How an attempt was asked.
struct AskedHow {
  Protocol protocol = Protocol::kUdp;
  bool edns = true;
  bool case_lost =
      false;  // In plain letters, for mixed ones came back changed.
};

// How it ended.
struct AttemptEnd {
  Outcome outcome = Outcome::kSilence;
  AskedHow how;
  bool case_changed = false;   // The reply has not the letters that were sent.
  bool server_is_out = false;  // By now (health.h).
  bool only_refusals = false;  // Of whichever question, for long.
};

// Failures of a question so far, and its refusals that were no failures yet.
struct Failures {
  int spoken = 0;  // A server said something of no use.
  int silent = 0;
  int refusals = 0;
};

struct RetryLimits {
  int spoken = 5;
  int silent = 10;        // Of both kinds together.
  int free_refusals = 5;  // And no more than `spoken`.
};

// Which count of Failures a row adds to.
enum class Spends : uint8_t { kNothing, kRefusal, kSpoken, kSilent };

enum class When : uint8_t {
  kAlways,
  kCaseChanged,
  kOverUdp,
  kTcpNotTried,  // For this server.
  kWithEdns,
  kRefusalsLeft,
  kCheckingCase,  // Over TCP.
  kServerIsOut,
};

// A set of outcomes.
template <typename... Outcomes>
constexpr uint16_t Any(Outcomes... outcomes) {
  return static_cast<uint16_t>((0 | ... | (1 << static_cast<int>(outcomes))));
}
inline constexpr uint16_t kAnyOutcome = 0xffff;

struct RetryRule {
  uint16_t outcomes;
  When when;
  Spends spends;
  Next next;  // kGiveUp instead, once its allowance is spent.
};

// The first row that holds is the one that counts.
inline constexpr RetryRule kRetryTable[] = {
    // It may be forged, so it is not believed; but the server may be one that
    // changes letters. Over UDP in plain letters a forger would have less to
    // guess, and this may be his doing.
    {kAnyOutcome, When::kCaseChanged, Spends::kNothing, Next::kCheckOverTcp},
    // "No such name" is an answer, not a failure.
    {Any(Outcome::kAnswer, Outcome::kNoData, Outcome::kNxDomain,
         Outcome::kLoop),
     When::kAlways, Spends::kNothing, Next::kDeliver},
    {Any(Outcome::kTruncated), When::kTcpNotTried, Spends::kNothing,
     Next::kAskOverTcp},
    {Any(Outcome::kFormErr), When::kWithEdns, Spends::kNothing,
     Next::kAskWithoutEdns},
    {Any(Outcome::kRefused), When::kRefusalsLeft, Spends::kRefusal,
     Next::kRest},
    // There is no TCP to be had there.
    {Any(Outcome::kSilence, Outcome::kUnreachable), When::kCheckingCase,
     Spends::kNothing, Next::kAskInPlainCase},
    // Over TCP it counts: the server has just said "truncated" over UDP.
    {Any(Outcome::kUnreachable), When::kOverUdp, Spends::kNothing, Next::kMove},
    {Any(Outcome::kSilence), When::kServerIsOut, Spends::kNothing, Next::kMove},
    {Any(Outcome::kSilence), When::kAlways, Spends::kSilent, Next::kAskAnother},
    // SERVFAIL, REFUSED, garbage, and what makes no sense as it was asked.
    {kAnyOutcome, When::kAlways, Spends::kSpoken, Next::kAskAnother},
};

constexpr bool Holds(When when, const AttemptEnd& end, RetryLimits limits,
                     const Failures& failures) {
  switch (when) {
    case When::kAlways: return true;
    case When::kCaseChanged: return end.case_changed;
    case When::kOverUdp: return end.how.protocol == Protocol::kUdp;
    case When::kTcpNotTried:
      return end.how.protocol == Protocol::kUdp && !end.how.case_lost;
    case When::kWithEdns: return end.how.edns;
    case When::kRefusalsLeft:
      return !end.only_refusals &&
             failures.refusals < std::min(limits.free_refusals, limits.spoken);
    case When::kCheckingCase:
      return end.how.case_lost && end.how.protocol == Protocol::kTcp;
    case When::kServerIsOut: return end.server_is_out;
  }
  return false;
}

constexpr const RetryRule& RuleFor(const AttemptEnd& end, RetryLimits limits,
                                   const Failures& failures) {
  const RetryRule* rule = kRetryTable;
  while ((rule->outcomes >> static_cast<int>(end.outcome) & 1) == 0 ||
         !Holds(rule->when, end, limits, failures)) {
    ++rule;  // The last row holds always.
  }
  return *rule;
}

// Counts what the end of an attempt spends, and says what next.
constexpr Next Decide(const AttemptEnd& end, RetryLimits limits,
                      Failures& failures) {
  const RetryRule& rule = RuleFor(end, limits, failures);
  switch (rule.spends) {
    case Spends::kNothing: return rule.next;
    case Spends::kRefusal: ++failures.refusals; return rule.next;
    case Spends::kSpoken: ++failures.spoken; break;
    case Spends::kSilent: ++failures.silent; break;
  }
  const bool enough = failures.spoken >= limits.spoken ||
                      failures.spoken + failures.silent >= limits.silent;
  return enough ? Next::kGiveUp : rule.next;
}

}  // namespace mxscan
