// Message is a checked view of one received DNS message (RFC 1035 §4). Read()
// walks the whole of it once (header, one question, every record of every
// section, every compressed name, the rdata of the types we use) and refuses
// it unless all of that is sound; after that, reading cannot fail. It keeps no
// list and allocates nothing: a hostile message costs one bounded walk.
//
// Compression pointers must point backwards (RFC 1035 §4.1.4), and at most 127
// are followed for one name. Octets behind the last record are refused.
//
// The view holds as long as the packet's bytes do. Any thread.

#pragma once

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/name.h"

namespace mxscan {

enum class Section : uint8_t { kAnswer, kAuthority, kAdditional };

class Message {
 public:
  // nullopt when `packet` is not one sound message with exactly one question.
  // (A reply without a question, as some servers send with FORMERR, is sound
  // when its answer is an error: has_question() is false.)
  static std::optional<Message> Read(absl::Span<const uint8_t> packet);

  uint16_t id() const;
  bool is_response() const;  // QR
  uint8_t opcode() const;
  bool authoritative() const;        // AA
  bool truncated() const;            // TC
  bool recursion_available() const;  // RA
  bool authenticated() const;        // AD
  uint16_t rcode() const;            // Extended by OPT where there is one.
  bool has_edns() const;

  bool has_question() const;
  // True when the question section asks exactly `question`. Letter case is
  // compared with what WriteQuery wrote for `case_mask` if `exact_case`,
  // otherwise ignored.
  bool Asks(NameView name, RrType type) const;
  bool AsksInCase(NameView name, RrType type, uint64_t case_mask) const;

  struct Record {
    RrType type;
    uint16_t rr_class;
    Section section;
    uint32_t ttl;       // Over 2^31-1 reads as 0 (RFC 2181 §8).
    uint32_t owner_at;  // Offset of the owner, for ReadName.
    uint32_t rdata_at;  // Offset of the rdata, for names inside it.
    absl::Span<const uint8_t> rdata;
  };

  // Goes through all records but OPT, in the message's order:
  //   for (Message::Cursor at = message.records(); auto record = at.Next();)
  class Cursor {
   public:
    std::optional<Record> Next();
  };
  Cursor records() const;

  // Decodes, in lower case, the name at `offset`, and returns where it ends
  // in the message. REQUIRES: a name starts there.
  uint32_t ReadName(uint32_t offset, Name& out) const;

  // Calls `visit(uint16_t code)` for each extended DNS error (RFC 8914).
  template <typename Visit>
  void ForEachExtendedError(Visit visit) const;

  absl::Span<const uint8_t> packet() const;
};

}  // namespace mxscan
