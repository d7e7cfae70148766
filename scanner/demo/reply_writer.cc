#include "scanner/demo/reply_writer.h"

#include <cassert>
#include <cstring>

namespace mxscan {
namespace {

constexpr int kOptOctets = 11;
constexpr int kExtendedErrorOctets = 6;
constexpr uint16_t kOurPayload = 1232;  // DNS flag day 2020.
constexpr uint16_t kPointerBits = 0xc000;
constexpr size_t kMaxPointer = 0x3fff;

uint8_t Lower(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
}

}  // namespace

void ReplyWriter::Begin(const Query& query, int limit) {
  assert(limit >= 512 && static_cast<size_t>(limit) <= out_.size());
  id_ = query.id;
  opcode_ = query.opcode;
  recursion_desired_ = query.recursion_desired;
  checking_disabled_ = query.checking_disabled;
  edns_ = query.edns;
  dnssec_ok_ = query.dnssec_ok;
  authoritative_ = authenticated_ = truncated_ = false;
  rcode_ = Rcode::kNoError;
  extended_error_ = -1;
  counts_ = {};
  suffix_count_ = 0;
  limit_ = limit - (edns_ ? kOptOctets + kExtendedErrorOctets : 0);
  size_ = kDnsHeaderOctets;
  WriteOctets(query.question);
  question_end_ = size_;
  if (query.question.empty()) return;
  for (size_t at = 0; query.lower[at] != 0; at += query.lower[at] + 1u) {
    RememberSuffix(kDnsHeaderOctets + at, query.size - at);
  }
}

void ReplyWriter::Add(Section section, NameView owner, RrType type,
                      uint32_t ttl, absl::Span<const uint8_t> rdata) {
  // Compression only ever makes a record smaller than this.
  if (truncated_ || !Fits(owner.size() + 10 + rdata.size())) {
    truncated_ = true;
    return;
  }
  WriteName(owner);
  Write16(static_cast<uint16_t>(type));
  Write16(1);
  Write32(ttl);
  const size_t length_at = size_;
  Write16(0);
  WriteRdata(type, rdata);
  const size_t length = size_ - length_at - 2;
  out_[length_at] = static_cast<uint8_t>(length >> 8);
  out_[length_at + 1] = static_cast<uint8_t>(length);
  ++counts_[static_cast<int>(section)];
}

int ReplyWriter::Finish() {
  if (truncated_) {
    size_ = question_end_;
    counts_ = {};
  }
  if (edns_) WriteOpt();
  WriteHeader();
  return static_cast<int>(size_);
}

void ReplyWriter::Write16(uint16_t value) {
  Write8(static_cast<uint8_t>(value >> 8));
  Write8(static_cast<uint8_t>(value));
}

void ReplyWriter::Write32(uint32_t value) {
  Write16(static_cast<uint16_t>(value >> 16));
  Write16(static_cast<uint16_t>(value));
}

void ReplyWriter::WriteOctets(absl::Span<const uint8_t> octets) {
  if (octets.empty()) return;
  std::memcpy(out_.data() + size_, octets.data(), octets.size());
  size_ += octets.size();
}

void ReplyWriter::WriteName(NameView name) {
  absl::Span<const uint8_t> rest = name.bytes();
  while (rest[0] != 0) {
    if (const int at = FindSuffix(rest); at > 0) {
      Write16(static_cast<uint16_t>(kPointerBits | at));
      return;
    }
    RememberSuffix(size_, rest.size());
    const size_t label = rest[0] + 1u;
    WriteOctets(rest.subspan(0, label));
    rest = rest.subspan(label);
  }
  Write8(0);
}

void ReplyWriter::WriteRdata(RrType type, absl::Span<const uint8_t> rdata) {
  switch (type) {
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kPtr: return WriteNames(rdata, 0, 1);
    case RrType::kMx: return WriteNames(rdata, 2, 1);
    case RrType::kSoa: return WriteNames(rdata, 0, 2);
    default: return WriteOctets(rdata);
  }
}

// Writes rdata that is `fixed` octets, `names` names, and the rest.
void ReplyWriter::WriteNames(absl::Span<const uint8_t> rdata, size_t fixed,
                             int names) {
  WriteOctets(rdata.subspan(0, fixed));
  size_t at = fixed;
  for (; names > 0; --names) {
    size_t end = at;
    while (rdata[end] != 0) end += rdata[end] + 1u;
    ++end;
    WriteName(NameView::Trusted(rdata.subspan(at, end - at)));
    at = end;
  }
  WriteOctets(rdata.subspan(at));
}

void ReplyWriter::WriteOpt() {
  Write8(0);
  Write16(static_cast<uint16_t>(RrType::kOpt));
  Write16(kOurPayload);
  Write16(0);
  Write16(dnssec_ok_ ? 0x8000 : 0);
  if (extended_error_ < 0) {
    Write16(0);
    return;
  }
  Write16(kExtendedErrorOctets);
  Write16(15);
  Write16(2);
  Write16(static_cast<uint16_t>(extended_error_));
}

void ReplyWriter::WriteHeader() {
  const size_t end = size_;
  size_ = 0;
  Write16(id_);
  Write8(static_cast<uint8_t>(0x80 | opcode_ << 3 | authoritative_ << 2 |
                              truncated_ << 1 | recursion_desired_));
  Write8(static_cast<uint8_t>(0x80 | authenticated_ << 5 |
                              checking_disabled_ << 4 |
                              static_cast<uint8_t>(rcode_)));
  Write16(question_end_ > kDnsHeaderOctets ? 1 : 0);
  Write16(counts_[0]);
  Write16(counts_[1]);
  Write16(static_cast<uint16_t>(counts_[2] + edns_));
  size_ = end;
}

int ReplyWriter::FindSuffix(absl::Span<const uint8_t> suffix) const {
  for (int i = 0; i < suffix_count_; ++i) {
    if (suffixes_[i].size != suffix.size()) continue;
    if (StandsAt(suffixes_[i].at, suffix)) return suffixes_[i].at;
  }
  return 0;
}

// Compares without regard to case: the question keeps the client's letters.
bool ReplyWriter::StandsAt(size_t at, absl::Span<const uint8_t> suffix) const {
  for (size_t i = 0;;) {
    while ((out_[at] & 0xc0) == 0xc0) {
      at = (out_[at] & 0x3fu) << 8 | out_[at + 1];
    }
    const size_t length = out_[at];
    if (length != suffix[i]) return false;
    if (length == 0) return true;
    for (size_t k = 1; k <= length; ++k) {
      if (Lower(out_[at + k]) != suffix[i + k]) return false;
    }
    at += length + 1;
    i += length + 1;
  }
}

void ReplyWriter::RememberSuffix(size_t at, size_t size) {
  if (suffix_count_ == kMaxSuffixes || at > kMaxPointer) return;
  suffixes_[suffix_count_++] = {static_cast<uint16_t>(at),
                                static_cast<uint8_t>(size)};
}

}  // namespace mxscan
