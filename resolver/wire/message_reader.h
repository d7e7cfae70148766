// Message is a checked view of one received DNS message (RFC 1035 §4). Read()
// walks the whole of it once (header, one question, every record of every
// section, every compressed name, the rdata of the types we use) and refuses
// it unless all of that is sound; after that, reading cannot fail. It keeps no
// list and allocates nothing: a hostile message costs one bounded walk.
//
// A compression pointer must point before the run of labels that it ends
// (RFC 1035 §4.1.4: a prior name) and behind the header, and at most 127 are
// followed for one name. Octets behind the last record are refused. Of rdata,
// the lengths of A and AAAA, the strings of TXT and its like, the options of
// OPT and the names of the types of RFC 1035, 1183, 2230, 2782 and 6672 are
// checked; the rdata of other types is the reader's who asked for them.
//
// A message with TC set may end anywhere behind its question; what else it
// holds is not looked at and not shown, since a truncated answer is no answer.
//
// The view holds as long as the packet's bytes do. Any thread.

#pragma once

#include <array>
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

  uint16_t id() const { return Load16(0); }
  bool is_response() const { return (data_[2] & 0x80) != 0; }  // QR
  uint8_t opcode() const { return (data_[2] >> 3) & 15; }
  bool authoritative() const { return (data_[2] & 4) != 0; }           // AA
  bool truncated() const { return (data_[2] & 2) != 0; }               // TC
  bool recursion_desired() const { return (data_[2] & 1) != 0; }       // RD
  bool recursion_available() const { return (data_[3] & 0x80) != 0; }  // RA
  bool authenticated() const { return (data_[3] & 0x20) != 0; }        // AD
  // Extended by OPT where there is one.
  uint16_t rcode() const {
    return (data_[3] & 15) | (has_edns() ? Load8(opt_at_ + 5) << 4 : 0);
  }

  bool has_edns() const { return opt_at_ != 0; }
  // The UDP payload that the sender takes. REQUIRES: has_edns().
  uint16_t udp_payload() const { return Load16(opt_at_ + 3); }
  bool dnssec_ok() const { return has_edns() && Load8(opt_at_ + 7) >> 7; }

  // The answer section holds a CNAME or a DNAME, whoever owns it.
  bool has_alias() const { return has_alias_; }

  bool has_question() const { return question_end_ != 0; }
  // Where the question's name starts, for ReadName. REQUIRES: has_question().
  uint32_t question_at() const { return kHeaderOctets; }
  RrType question_type() const {
    return static_cast<RrType>(Load16(question_end_ - 4));
  }
  // True when the question section asks exactly for `name` and `type` in class
  // IN: Asks in any letter case, AsksInCase in the one that WriteQuery wrote
  // for `case_mask`.
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

   private:
    friend class Message;
    explicit Cursor(const Message& message)
        : data_(message.data_),
          at_(message.records_at_),
          left_(message.counts_) {}

    const uint8_t* data_;
    uint32_t at_;
    std::array<uint16_t, 3> left_;  // Records to come, by section.
    int section_ = 0;
  };
  Cursor records() const { return Cursor(*this); }

  // Decodes, in lower case, the name at `offset`, and returns where it ends
  // in the message. REQUIRES: a name starts there.
  uint32_t ReadName(uint32_t offset, Name& out) const;

  // The same, into memory with room for kMaxNameOctets; `size`: of the name.
  uint32_t ReadName(uint32_t offset, uint8_t* out, int& size) const;

  // Calls `visit(uint16_t code)` for each extended DNS error (RFC 8914).
  template <typename Visit>
  void ForEachExtendedError(Visit visit) const {
    if (!has_edns()) return;
    uint32_t at = opt_at_ + 11;
    const uint32_t end = at + Load16(opt_at_ + 9);
    while (at < end) {
      const uint16_t size = Load16(at + 2);
      if (Load16(at) == 15 && size >= 2) visit(Load16(at + 4));
      at += 4 + size;
    }
  }

  absl::Span<const uint8_t> packet() const { return {data_, size_}; }

 private:
  friend class MessageWalk;  // message_reader.cc, which does the checking.

  static constexpr uint32_t kHeaderOctets = 12;

  explicit Message(absl::Span<const uint8_t> packet)
      : data_(packet.data()), size_(static_cast<uint32_t>(packet.size())) {}

  uint8_t Load8(uint32_t at) const { return data_[at]; }
  uint16_t Load16(uint32_t at) const {
    return static_cast<uint16_t>(data_[at] << 8 | data_[at + 1]);
  }

  const uint8_t* data_;
  uint32_t size_;
  uint32_t question_end_ = 0;  // 0: no question.
  uint32_t records_at_ = 0;
  uint32_t opt_at_ = 0;  // Of the OPT record; 0: none.
  bool has_alias_ = false;
  std::array<uint16_t, 3> counts_ = {};  // Records, by section.
};

}  // namespace mxscan
