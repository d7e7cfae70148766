#include "scanner/demo/query_reader.h"

#include <algorithm>

namespace mxscan {
namespace {

constexpr uint8_t kResponseBit = 0x80;
constexpr uint8_t kDnssecOkBit = 0x80;
constexpr int kRecordFixedOctets = 10;

uint16_t Read16(absl::Span<const uint8_t> packet, size_t at) {
  return static_cast<uint16_t>(packet[at] << 8 | packet[at + 1]);
}

uint8_t Lower(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
}

// Reads the uncompressed name of the question and returns where it ends, or 0
// when it is no name.
size_t ReadQuestionName(absl::Span<const uint8_t> packet, Query& query) {
  size_t at = kDnsHeaderOctets;
  size_t size = 0;
  while (at < packet.size()) {
    const size_t length = packet[at];
    if (length > kMaxLabelOctets) return 0;
    const size_t whole = length + 1;
    if (at + whole > packet.size() || size + whole > kMaxNameOctets) return 0;
    query.lower[size] = packet[at];
    for (size_t i = 1; i < whole; ++i) {
      query.lower[size + i] = Lower(packet[at + i]);
    }
    at += whole;
    size += whole;
    if (length == 0) {
      query.size = static_cast<uint8_t>(size);
      return at;
    }
  }
  return 0;
}

// The end of a record's owner; 0 when it runs out of the packet.
size_t SkipName(absl::Span<const uint8_t> packet, size_t at) {
  while (at < packet.size()) {
    const uint8_t length = packet[at];
    if ((length & 0xc0) == 0xc0) return at + 2;
    if (length == 0) return at + 1;
    at += length + 1u;
  }
  return 0;
}

// Looks through the records behind the question for OPT (RFC 6891 §6.1.1).
bool ReadRecords(absl::Span<const uint8_t> packet, size_t at, int count,
                 Query& query) {
  for (; count > 0; --count) {
    const size_t fixed = SkipName(packet, at);
    if (fixed == 0 || fixed + kRecordFixedOctets > packet.size()) return false;
    const size_t end = fixed + kRecordFixedOctets + Read16(packet, fixed + 8);
    if (end > packet.size()) return false;
    if (Read16(packet, fixed) == static_cast<uint16_t>(RrType::kOpt)) {
      query.edns = true;
      query.payload = std::max<uint16_t>(512, Read16(packet, fixed + 2));
      query.dnssec_ok = (packet[fixed + 6] & kDnssecOkBit) != 0;
    }
    at = end;
  }
  return at == packet.size();
}

}  // namespace

QueryForm ReadQuery(absl::Span<const uint8_t> packet, Query& query) {
  if (packet.size() < kDnsHeaderOctets) return QueryForm::kNoQuery;
  if ((packet[2] & kResponseBit) != 0) return QueryForm::kNoQuery;
  query.id = Read16(packet, 0);
  query.opcode = packet[2] >> 3 & 0xf;
  query.recursion_desired = (packet[2] & 1) != 0;
  query.checking_disabled = (packet[3] & 0x10) != 0;
  query.edns = false;
  query.dnssec_ok = false;
  query.payload = 512;
  query.question = {};
  if (Read16(packet, 4) != 1) return QueryForm::kBad;
  const size_t name_end = ReadQuestionName(packet, query);
  if (name_end == 0 || name_end + 4 > packet.size()) return QueryForm::kBad;
  query.type = static_cast<RrType>(Read16(packet, name_end));
  query.rr_class = Read16(packet, name_end + 2);
  query.question =
      packet.subspan(kDnsHeaderOctets, name_end + 4 - kDnsHeaderOctets);
  const int records =
      Read16(packet, 6) + Read16(packet, 8) + Read16(packet, 10);
  return ReadRecords(packet, name_end + 4, records, query) ? QueryForm::kGood
                                                           : QueryForm::kBad;
}

}  // namespace mxscan
