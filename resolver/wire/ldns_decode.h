// What ldns does for us, behind one door: zone files (RFC 1035 §5), and a
// second opinion on messages for the differential test of message_reader.h.
// Slow (some hundred allocations a message) and thorough; nothing here is for
// the hot path. Pure functions: any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"
#include "resolver/wire/name.h"

namespace mxscan {

// One record of a zone file, of class IN.
struct ZoneRecord {
  Name owner;
  RrType type;
  uint32_t ttl;
  std::vector<uint8_t> rdata;  // Names in it uncompressed, in their case.
};

// Reads `text` as a master file, with $ORIGIN, $TTL, every type that ldns
// knows, and RFC 3597 for the others. Names are relative to the root before
// the first $ORIGIN, and a TTL is an hour before the first $TTL. `name` is
// what errors call the file: "name:line: reason".
absl::StatusOr<std::vector<ZoneRecord>> ParseZone(std::string_view name,
                                                  std::string_view text);

// A message as ldns reads it.
struct DecodedMessage {
  struct Record {
    Section section;
    Name owner;
    RrType type;
    uint16_t rr_class;
    uint32_t ttl;
    std::vector<uint8_t> rdata;  // Names in it uncompressed, in lower case.
  };

  uint16_t id;
  uint16_t rcode;
  bool authoritative;
  bool truncated;
  bool recursion_available;
  bool authenticated;
  bool has_edns;
  std::vector<Record> records;  // Without OPT and TSIG.
};

// nullopt when ldns refuses the packet.
std::optional<DecodedMessage> DecodeMessage(absl::Span<const uint8_t> packet);

}  // namespace mxscan
