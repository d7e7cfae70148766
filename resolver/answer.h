// Answer is what became of a Question: outcome, alias chain, records, and how
// they were got. It is a view of one contiguous block with offsets and no
// pointers, so that an answer crosses shards and enters the cache by copying
// bytes: whoever wants to keep one copies `block()` and opens it again.
//
//   block:  AnswerHeader | StepEntry[] | RecordEntry[] | octets
//
// Names in the block, those inside the rdata of NS, CNAME, SOA, PTR, MX, SRV
// and DNAME included, are uncompressed and in lower case. Other rdata is as it
// came. Only records of class IN get in, and OPT does not.
//
// AnswerBuilder makes blocks, from the messages of one server after another
// where a chain had to be asked again at its end. It keeps its buffer, so a
// warm builder allocates nothing.
//
// Plain data: any thread; a builder has one owner.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"
#include "resolver/wire/name.h"

namespace mxscan {

// The longest alias chain that is followed, in steps.
inline constexpr int kMaxAliasSteps = 16;
inline constexpr int kMaxExtendedErrors = 4;
inline constexpr uint32_t kNoTtl = 0xffffffff;

// How an answer was got, and what its header said.
struct AnswerHeader {
  // Given to Finish by whoever asked.
  Outcome outcome = Outcome::kSilence;
  Protocol protocol = Protocol::kUdp;
  uint8_t attempts = 0;     // Sendings over all messages of the chain.
  int32_t upstream = -1;    // Index of the server that answered last.
  int64_t rtt_us = 0;       // Of the attempt that answered last.
  int64_t received_us = 0;  // Unix time, microseconds.
  // Learnt by the builder from the messages added: the last one's, where no
  // other is said.
  bool authoritative = false;
  bool authenticated = false;  // AD of every message that contributed.
  bool recursion_available = false;
  uint8_t extended_error_count = 0;
  std::array<uint16_t, kMaxExtendedErrors> extended_errors{};  // RFC 8914.
  uint16_t rcode = 0;              // With the extended bits of EDNS.
  uint32_t negative_ttl = kNoTtl;  // RFC 2308 §5, when a SOA came.
  // The rest describes the block.
  RrType type = RrType::kMx;
  uint16_t step_count = 0;
  uint32_t record_count = 0;
};

class Answer {
 public:
  enum class StepKind : uint8_t { kCname, kDname };

  // One alias: `owner` leads to `target`.
  struct Step {
    NameView owner;
    NameView target;
    StepKind kind;
  };

  struct Record {
    NameView owner;
    RrType type;
    Section section;
    uint32_t ttl;
    absl::Span<const uint8_t> rdata;
  };

  // REQUIRES: `block` was made by an AnswerBuilder, is aligned to 8 and
  // outlives the view.
  explicit Answer(absl::Span<const uint8_t> block);

  absl::Span<const uint8_t> block() const { return block_; }
  const AnswerHeader& header() const {
    return *reinterpret_cast<const AnswerHeader*>(block_.data());
  }
  Outcome outcome() const { return header().outcome; }

  // The name asked, and the name at the end of the alias chain (the same one
  // when there is no chain).
  NameView name() const;
  NameView end() const;

  int step_count() const { return header().step_count; }
  Step step(int i) const;

  int record_count() const { return static_cast<int>(header().record_count); }
  Record record(int i) const;

  // True for a record of the type asked, in the answer section, owned by the
  // end of the chain: the only ones that count as the answer.
  // (Asked for type ANY, every type does.)
  bool Counts(const Record& record) const;

 private:
  friend class AnswerBuilder;

  // Octets of the block, from where its octets begin. They begin with the
  // size of the name asked and that name.
  struct StepEntry {
    uint32_t owner_at;
    uint32_t target_at;
    uint8_t owner_size;
    uint8_t target_size;
    StepKind kind;
  };
  struct RecordEntry {
    uint32_t owner_at;
    uint32_t rdata_at;
    uint32_t ttl;
    RrType type;
    uint16_t rdata_size;
    uint8_t owner_size;
    Section section;
  };

  const uint8_t* steps() const { return block_.data() + sizeof(AnswerHeader); }
  const uint8_t* records() const {
    return steps() + header().step_count * sizeof(StepEntry);
  }
  const uint8_t* octets() const {
    return records() + header().record_count * sizeof(RecordEntry);
  }

  absl::Span<const uint8_t> block_;
};

class AnswerBuilder {
 public:
  // An answer that would be larger is refused as kMalformed.
  static constexpr size_t kMaxOctets = 1 << 20;

  // Begins the answer to `question`; what was there is gone.
  void Begin(const Question& question);

  // Follows the alias chain through `message`, on from where it stands, and
  // takes the records. The order of the records does not matter: of several
  // CNAMEs at one name the least target is followed, of several DNAMEs above
  // it the topmost, and a CNAME before any DNAME. Questions for CNAME and ANY
  // follow nothing. Returns how the question stands now:
  //   kAnswer, kNxDomain, kLoop  settled (the last step of a loop is the one
  //              that came back to a name, or the 16th);
  //   kNoData    settled if the chain did not move in this message or the
  //              message carries a SOA for its end; otherwise the end is to
  //              be asked again (`MustAskEnd()` is true);
  //   kServFail, kRefused, kTruncated, kFormErr  by header;
  //   kRefused   also for a referral: neither AA nor RA, no answer, no SOA,
  //              but NS: a server that does not recurse has said nothing;
  //   kMalformed  another rcode, a name that DNAME makes too long, NXDOMAIN
  //              for a name that the message has an answer for.
  // After one of the last three lines the chain and the records stand as
  // before: the message added nothing but its rcode and extended errors.
  // REQUIRES: `message` answers the current end of the chain.
  Outcome Add(const Message& message);

  // True when the chain led to a name that the last message said nothing of.
  bool MustAskEnd() const { return must_ask_end_; }

  // The name to ask next: the current end of the chain.
  const Name& end() const { return end_; }

  // Closes the block: of `how`, the fields that are "given to Finish" count.
  // The view holds until the next Begin or Finish.
  Answer Finish(const AnswerHeader& how);

 private:
  // Octets that are in the block already.
  struct Octets {
    uint32_t at = 0;
    uint16_t size = 0;
  };
  enum class Follow : uint8_t { kEnd, kLoop, kTooLong };
  struct Alias;
  struct Evidence;

  void TakeExtendedError(uint16_t code);
  Outcome AddSound(const Message& message);
  Outcome Judge(const Message& message);

  Follow FollowChain(const Message& message);
  bool FindAlias(const Message& message, Alias& best) const;
  bool ReadAlias(const Message& message, const Message::Record& record,
                 Alias& alias) const;
  static bool Precedes(const Alias& a, const Alias& b);
  std::optional<Name> TargetOf(const Alias& alias) const;
  bool Visited(NameView name) const;
  void AddStep(Answer::StepKind kind, const Name& target);

  bool TakeRecords(const Message& message, Evidence& evidence);
  void TakeRecord(const Message& message, const Message::Record& record,
                  Evidence& evidence);
  void Weigh(const Answer::RecordEntry& entry, Evidence& evidence);
  Octets AppendOwner(const Message& message, uint32_t offset);
  Octets AppendRdata(const Message& message, const Message::Record& record);
  Octets AppendName(NameView name);
  // Where further octets go, with room for so many.
  uint8_t* Room(size_t octets) {
    const size_t size = octets_end_ + octets;
    if (octets_.size() < size) octets_.resize(2 * size);
    return octets_.data() + octets_end_;
  }
  NameView NameOf(Octets name) const;

  RrType type_ = RrType::kMx;
  Name end_;
  Octets end_at_;
  Octets asked_at_;  // The end that the message was asked for.
  bool must_ask_end_ = false;
  bool contributed_ = false;  // Some message did.
  AnswerHeader learnt_;
  std::vector<Answer::StepEntry> steps_;
  std::vector<Answer::RecordEntry> records_;
  std::vector<uint8_t> octets_;  // As much as was ever needed.
  size_t octets_end_ = 0;        // Behind those in use.
  std::vector<uint64_t> block_;  // Words, for the alignment.

  // The owner appended last, by where it stands in the message.
  uint32_t last_owner_offset_ = 0;
  Octets last_owner_;
};

// Receives the answer to a question it asked; see resolver.h.
class AnswerReceiver {
 public:
  // `answer` lives until the call returns. The receiver may ask further
  // questions from inside the call.
  virtual void OnAnswer(uint64_t token, const Answer& answer) noexcept = 0;

  // The answer is likely to follow at once: what it takes can be fetched from
  // memory. Called for all answers of a batch in turn, `step` by step from 0
  // to kForeseeSteps - 1 (foresight.h): a step finds what the last one fetched.
  virtual void Foresee(uint64_t, int) const noexcept {}

 protected:
  ~AnswerReceiver() = default;
};

}  // namespace mxscan
