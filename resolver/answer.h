// Answer is what became of a Question: outcome, alias chain, records, and how
// they were got. It is a view of one contiguous block with offsets and no
// pointers, so that an answer crosses shards and enters the cache by copying
// bytes: whoever wants to keep one copies `block()` and opens it again.
//
//   block:  AnswerHeader | StepEntry[] | RecordEntry[] | octets
//
// Names in the block, those inside rdata of the types of RFC 1035, 2782
// (SRV), 6672 (DNAME) included, are uncompressed and in lower case.
//
// AnswerBuilder makes blocks, from the messages of one server after another
// where a chain had to be asked again at its end. It keeps its buffer, so a
// warm builder allocates nothing.
//
// Plain data: any thread; a builder has one owner.

#pragma once

#include <array>
#include <cstdint>
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
  Outcome outcome = Outcome::kSilence;
  Protocol protocol = Protocol::kUdp;
  uint16_t rcode = 0;  // With the extended bits of EDNS.
  bool authoritative = false;
  bool authenticated = false;  // AD of every message that contributed.
  bool recursion_available = false;
  uint8_t attempts = 0;  // Sendings over all messages of the chain.
  uint8_t extended_error_count = 0;
  std::array<uint16_t, kMaxExtendedErrors> extended_errors{};  // RFC 8914.
  uint32_t negative_ttl = kNoTtl;  // RFC 2308 §5, when a SOA came.
  int32_t upstream = -1;           // Index of the server that answered last.
  int64_t rtt_us = 0;              // Of the attempt that answered last.
  int64_t received_us = 0;         // Unix time, microseconds.
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
  const AnswerHeader& header() const;
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
  bool Counts(const Record& record) const;

 private:
  absl::Span<const uint8_t> block_;
};

class AnswerBuilder {
 public:
  // Begins the answer to `question`; what was there is gone.
  void Begin(const Question& question);

  // Follows the alias chain through `message`, on from where it stands, and
  // takes the records. Returns how the question stands now:
  //   kAnswer, kNxDomain, kLoop  settled;
  //   kNoData    settled if the chain did not move in this message or the
  //              message carries a SOA for its end; otherwise the end is to
  //              be asked again (`MustAskEnd()` is true);
  //   kServFail, kRefused, kTruncated, kFormErr, kMalformed  by header; the
  //              message adds nothing but its extended errors.
  // REQUIRES: `message` answers the current end of the chain.
  Outcome Add(const Message& message);

  // True when the chain led to a name that the last message said nothing of.
  bool MustAskEnd() const;

  // The name to ask next: the current end of the chain.
  const Name& end() const;

  // Closes the block: `how` gives every field above "the rest". The view
  // holds until the next Begin.
  Answer Finish(const AnswerHeader& how);
};

// Receives the answer to a question it asked; see resolver.h.
class AnswerReceiver {
 public:
  // `answer` lives until the call returns. The receiver may ask further
  // questions from inside the call.
  virtual void OnAnswer(uint64_t token, const Answer& answer) noexcept = 0;

 protected:
  ~AnswerReceiver() = default;
};

}  // namespace mxscan
