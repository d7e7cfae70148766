// Writes one DNS query (RFC 1035 §4.1, EDNS(0) RFC 6891). Allocates nothing,
// reads no clock and no randomness: id and letter case are the caller's.
// Any thread.

#pragma once

#include <cstdint>

#include "resolver/question.h"

namespace mxscan {

// Header, longest name, type and class, OPT.
inline constexpr int kMaxQueryOctets = 12 + kMaxNameOctets + 4 + 11;

// The UDP payload that we offer (DNS flag day 2020).
inline constexpr uint16_t kEdnsPayload = 1232;

struct QueryOptions {
  uint16_t id = 0;
  bool edns = true;
  // Bit i mod 64 set: the i-th letter of the name goes out in upper case
  // (draft-vixie-dnsext-dns0x20); 0 leaves the name as it is.
  uint64_t case_mask = 0;
};

// Writes the query for `question` and returns its length.
// REQUIRES: `out` has room for kMaxQueryOctets.
int WriteQuery(const Question& question, const QueryOptions& options,
               uint8_t* out);

}  // namespace mxscan
