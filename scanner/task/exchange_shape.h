// The shape of an exchange's name: what can be said of it before any query.
// Names whose shape rules out a mail host are not queried. One shape a name,
// the first that matches in the order below.
//
// Pure; any thread.

#pragma once

#include <cstdint>

#include "resolver/wire/name.h"
#include "scanner/classify/public_suffixes.h"

namespace mxscan {

enum class ExchangeShape : uint8_t {
  kHost,                  // An ordinary host name: ask for its addresses.
  kNull,                  // The root: no mail is accepted (RFC 7505).
  kLocalhost,             // RFC 6761 §6.3.
  kVerificationLeftover,  // A token that proves ownership, not a host.
  kIpLiteral,        // An address where a name must stand (RFC 5321 §5.1).
  kInvalidHostName,  // RFC 952, RFC 1123 §2.1; an underscore is let pass.
  kSingleLabel,      // RFC 5321 §2.3.5.
  kReservedTld,      // RFC 2606, 6761, 6762, 7686, 9476, ICANN .internal.
};

// The shape of `exchange` in the MX set of `domain`.
ExchangeShape ShapeOf(NameView exchange, NameView domain,
                      const PublicSuffixes& suffixes);

}  // namespace mxscan
