// ReplyWriter writes one DNS reply into memory that it is given, with name
// compression (RFC 1035 §4.1.4) for owners and for the names in the rdata of
// the types of RFC 1035. Records that no longer fit within the limit turn the
// reply into a truncated one: the question, TC, and nothing else.
//
// Allocates nothing. One thread.

#pragma once

#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"
#include "resolver/wire/name.h"
#include "scanner/demo/query_reader.h"

namespace mxscan {

enum class Rcode : uint8_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
};

class ReplyWriter {
 public:
  // REQUIRES: `out` has at least 512 octets and outlives the writer.
  explicit ReplyWriter(absl::Span<uint8_t> out) : out_(out) {}

  // Begins the reply to `query`, of at most `limit` octets; what was there is
  // gone. RA is set, AA and AD are not.
  // REQUIRES: 512 <= limit <= the room given.
  void Begin(const Query& query, int limit);

  void SetRcode(Rcode rcode) { rcode_ = rcode; }
  void SetAuthoritative(bool on) { authoritative_ = on; }
  void SetAuthenticated(bool on) { authenticated_ = on; }
  // RFC 8914; goes out only when the query had EDNS. Negative for none.
  void SetExtendedError(int code) { extended_error_ = code; }
  // The reply will be truncated, whatever it holds.
  void Truncate() { truncated_ = true; }

  // Adds one record. Sections must come in their order in the message.
  // REQUIRES: names inside `rdata` are whole, uncompressed and in lower case.
  void Add(Section section, NameView owner, RrType type, uint32_t ttl,
           absl::Span<const uint8_t> rdata);

  // Completes the reply and returns its length.
  int Finish();

 private:
  // A name, or the end of one, that stands in the message already.
  struct Suffix {
    uint16_t at;
    uint8_t size;
  };
  static constexpr int kMaxSuffixes = 64;

  bool Fits(size_t octets) const { return size_ + octets <= limit_; }
  void Write8(uint8_t value) { out_[size_++] = value; }
  void Write16(uint16_t value);
  void Write32(uint32_t value);
  void WriteOctets(absl::Span<const uint8_t> octets);
  void WriteName(NameView name);
  void WriteRdata(RrType type, absl::Span<const uint8_t> rdata);
  void WriteNames(absl::Span<const uint8_t> rdata, size_t fixed, int names);
  void WriteOpt();
  void WriteHeader();
  int FindSuffix(absl::Span<const uint8_t> suffix) const;
  bool StandsAt(size_t at, absl::Span<const uint8_t> suffix) const;
  void RememberSuffix(size_t at, size_t size);

  absl::Span<uint8_t> out_;
  size_t size_ = 0;
  size_t limit_ = 0;  // Less what OPT needs.
  size_t question_end_ = 0;
  uint16_t id_ = 0;
  uint8_t opcode_ = 0;
  bool recursion_desired_ = false;
  bool checking_disabled_ = false;
  bool edns_ = false;
  bool dnssec_ok_ = false;
  bool authoritative_ = false;
  bool authenticated_ = false;
  bool truncated_ = false;
  Rcode rcode_ = Rcode::kNoError;
  int extended_error_ = -1;
  std::array<uint16_t, 3> counts_{};  // By section.
  int suffix_count_ = 0;
  std::array<Suffix, kMaxSuffixes> suffixes_;
};

}  // namespace mxscan
