// Writes one DNS query (RFC 1035 §4.1, EDNS(0) RFC 6891). Allocates nothing,
// reads no clock and no randomness: id and letter case are the caller's.
// Any thread.

#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "resolver/question.h"

namespace mxscan {

// Header, longest name, type and class, OPT.
inline constexpr int kMaxQueryOctets = 12 + kMaxNameOctets + 4 + 11;

// The UDP payload that we offer (DNS flag day 2020).
inline constexpr uint16_t kEdnsPayload = 1232;

struct QueryOptions {
  uint16_t id = 0;
  bool edns = true;
  // Bit i mod 64 set: the octet at offset i of the name, if it is a letter,
  // goes out in upper case (draft-vixie-dnsext-dns0x20); 0 leaves the name as
  // it is.
  uint64_t case_mask = 0;
};

// The octet at `offset` of a name as it goes out under `case_mask`.
constexpr uint8_t InCase(uint8_t octet, int offset, uint64_t case_mask) {
  const bool upper = (case_mask >> (offset % 64)) & 1;
  return upper && octet >= 'a' && octet <= 'z' ? octet ^ 0x20 : octet;
}

// Writes the query for `question` and returns its length. With RD goes AD, by
// which a client says that it understands the AD bit of the answer (RFC 6840
// §5.7). DO travels in the OPT record, so without EDNS it is not sent.
// REQUIRES: `out` has room for kMaxQueryOctets.
int WriteQuery(const Question& question, const QueryOptions& options,
               uint8_t* out);

// The same in two steps, for whoever keeps what was asked: its question
// section (name, type, class IN), and the query around it.
inline constexpr int kMaxSectionOctets = kMaxNameOctets + 4;

struct QueryFlags {
  bool recursion_desired = true;
  bool dnssec_ok = false;
  bool checking_disabled = false;
  bool edns = true;
};

// Returns the section's length. REQUIRES: room for kMaxSectionOctets.
int WriteSection(NameView name, RrType type, uint64_t case_mask, uint8_t* out);

// How long the query around a section of `section_octets` will be.
int QueryOctets(int section_octets, const QueryFlags& flags);

// Returns the query's length. REQUIRES: room for kMaxQueryOctets.
int WriteQueryAround(absl::Span<const uint8_t> section, uint16_t id,
                     const QueryFlags& flags, uint8_t* out);

}  // namespace mxscan
