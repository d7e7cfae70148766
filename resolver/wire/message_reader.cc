#include "resolver/wire/message_reader.h"

#include <cstring>

#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

constexpr uint32_t kFixedOctets = 10;  // Type, class, TTL, length of rdata.
constexpr uint16_t kClassIn = 1;
constexpr int kMaxPointers = 127;
constexpr uint32_t kMaxPacketOctets = 65535;

uint16_t Load16(const uint8_t* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

uint32_t Load32(const uint8_t* at) {
  return static_cast<uint32_t>(Load16(at)) << 16 | Load16(at + 2);
}

constexpr bool IsPointer(uint8_t octet) { return octet >= 0xc0; }

uint32_t PointerTarget(const uint8_t* at) { return Load16(at) & 0x3fff; }

// Where the name at `at`, known to be sound, ends.
uint32_t SkipName(const uint8_t* data, uint32_t at) {
  while (data[at] != 0) {
    if (IsPointer(data[at])) return at + 2;
    at += 1 + data[at];
  }
  return at + 1;
}

constexpr bool IsAlias(uint16_t type) {
  return type == static_cast<uint16_t>(RrType::kCname) ||
         type == static_cast<uint16_t>(RrType::kDname);
}

// What a type's rdata looks like, as far as it is checked: octets, then names,
// then octets; or strings; or anything.
struct RdataShape {
  enum Kind : uint8_t { kOpaque, kFixed, kStrings, kNames };
  Kind kind = kOpaque;
  uint8_t octets_before = 0;  // For kFixed: all of it.
  uint8_t names = 0;
  uint8_t octets_behind = 0;
};

constexpr RdataShape ShapeOf(uint16_t type) {
  switch (type) {
    case 1: return {RdataShape::kFixed, 4};         // A
    case 28: return {RdataShape::kFixed, 16};       // AAAA
    case 2:                                         // NS
    case 3:                                         // MD
    case 4:                                         // MF
    case 5:                                         // CNAME
    case 7:                                         // MB
    case 8:                                         // MG
    case 9:                                         // MR
    case 12:                                        // PTR
    case 39: return {RdataShape::kNames, 0, 1, 0};  // DNAME
    case 6: return {RdataShape::kNames, 0, 2, 20};  // SOA
    case 14:                                        // MINFO
    case 17: return {RdataShape::kNames, 0, 2, 0};  // RP
    case 15:                                        // MX
    case 18:                                        // AFSDB
    case 21:                                        // RT
    case 36: return {RdataShape::kNames, 2, 1, 0};  // KX
    case 33: return {RdataShape::kNames, 6, 1, 0};  // SRV
    case 16:                                        // TXT
    case 99: return {RdataShape::kStrings};         // SPF
    default: return {};
  }
}

}  // namespace

// Reads names from a message that was checked.
class NameReader {
 public:
  static uint32_t Read(const uint8_t* data, uint32_t at, Name& out) {
    int size = 0;
    const uint32_t end = Read(data, at, out.bytes_.data(), size);
    out.size_ = static_cast<uint8_t>(size);
    return end;
  }

  static uint32_t Read(const uint8_t* data, uint32_t at, uint8_t* out,
                       int& name_size) {
    uint32_t end = 0;
    int size = 0;
    for (;;) {
      const uint32_t run = RunEnd(data, at);
      size = CopyLower(data + at, run - at, out, size);
      if (data[run] == 0) {
        out[size] = 0;
        name_size = size + 1;
        return end == 0 ? run + 1 : end;
      }
      if (end == 0) end = run + 2;
      at = PointerTarget(data + run);
    }
  }

 private:
  // The offset of the root or the pointer that ends the labels at `at`.
  static uint32_t RunEnd(const uint8_t* data, uint32_t at) {
    while (data[at] != 0 && !IsPointer(data[at])) at += 1 + data[at];
    return at;
  }

  // Length octets are below 'A', so a run of labels is lowered as one, the last
  // eight octets perhaps twice.
  static int CopyLower(const uint8_t* from, uint32_t count, uint8_t* to,
                       int size) {
    uint8_t* const out = to + size;
    if (count < 8) {
      for (uint32_t i = 0; i < count; ++i) out[i] = LowerOctet(from[i]);
    } else {
      for (uint32_t i = 0; i + 8 < count; i += 8) CopyLower8(from + i, out + i);
      CopyLower8(from + count - 8, out + count - 8);
    }
    return size + static_cast<int>(count);
  }

  static void CopyLower8(const uint8_t* from, uint8_t* to) {
    uint64_t octets;
    std::memcpy(&octets, from, 8);
    octets |= LettersIn(octets, 'A', 'Z');
    std::memcpy(to, &octets, 8);
  }
};

// The one walk through a message that has not been checked yet. Every Check
// takes the walk forward, or returns false and the message is refused.
class MessageWalk {
 public:
  explicit MessageWalk(absl::Span<const uint8_t> packet)
      : message_(packet), data_(packet.data()), size_(message_.size_) {}

  bool Check() {
    if (!CheckQuestion()) return false;
    // What TC cut off is not looked at. Its answer is no answer.
    if (message_.truncated()) return HasQuestionOrError();
    for (int section = 0; section < 3; ++section) {
      const uint16_t count = Load16(data_ + 6 + 2 * section);
      message_.counts_[section] = count;
      for (int i = 0; i < count; ++i) {
        if (!CheckRecord(static_cast<Section>(section))) return false;
      }
    }
    return at_ == size_ && HasQuestionOrError();
  }

  const Message& message() const { return message_; }

 private:
  bool HasQuestionOrError() const {
    return message_.has_question() || message_.rcode() != 0;
  }

  bool CheckQuestion() {
    const uint16_t count = Load16(data_ + 4);
    if (count > 1) return false;
    if (count == 1) {
      if (!CheckName(size_) || size_ - at_ < 4) return false;
      // Most names that follow are this one.
      Known(Message::kHeaderOctets) = {
          .at = Message::kHeaderOctets,
          .octets = static_cast<int>(at_ - Message::kHeaderOctets)};
      at_ += 4;
      message_.question_end_ = at_;
    }
    message_.records_at_ = at_;
    return true;
  }

  bool CheckRecord(Section section) {
    const uint32_t owner = at_;
    if (!CheckName(size_) || size_ - at_ < kFixedOctets) return false;
    const uint16_t type = Load16(data_ + at_);
    const uint16_t length = Load16(data_ + at_ + 8);
    at_ += kFixedOctets;
    if (size_ - at_ < length) return false;
    const uint32_t end = at_ + length;
    if (type == static_cast<uint16_t>(RrType::kOpt)) {
      return CheckOpt(section, owner, end);
    }
    if (section == Section::kAnswer && IsAlias(type)) {
      message_.has_alias_ = true;
    }
    return CheckRdata(ShapeOf(type), end);
  }

  // REQUIRES: at_ is where the rdata starts, and `end`, where it ends, is in
  // the packet.
  bool CheckRdata(const RdataShape& shape, uint32_t end) {
    switch (shape.kind) {
      case RdataShape::kOpaque: at_ = end; return true;
      case RdataShape::kFixed: at_ += shape.octets_before; return at_ == end;
      case RdataShape::kStrings: return CheckStrings(end);
      case RdataShape::kNames: break;
    }
    at_ += shape.octets_before;
    for (int i = 0; i < shape.names; ++i) {
      if (!CheckName(end)) return false;
    }
    at_ += shape.octets_behind;
    return at_ == end;
  }

  // One string or more.
  bool CheckStrings(uint32_t end) {
    do {
      if (at_ >= end) return false;
      at_ += 1 + data_[at_];
    } while (at_ < end);
    return at_ == end;
  }

  // RFC 6891 §6.1.1: at most one, in the additional section, at the root.
  bool CheckOpt(Section section, uint32_t owner, uint32_t end) {
    if (section != Section::kAdditional) return false;
    if (message_.opt_at_ != 0 || data_[owner] != 0) return false;
    message_.opt_at_ = owner;
    while (at_ < end) {
      if (end - at_ < 4) return false;
      const uint16_t length = Load16(data_ + at_ + 2);
      at_ += 4;
      if (end - at_ < length) return false;
      at_ += length;
    }
    return true;
  }

  // A name whose own octets end before `limit`.
  bool CheckName(uint32_t limit) {
    if (SkipKnownPointer(limit)) return true;
    uint32_t run = at_;  // Where the labels being read began.
    uint32_t at = at_;
    Suffix name = {.octets = 1};  // The root is one. Octets once expanded.
    Suffix first;                 // What the first pointer stands for.
    uint32_t end = 0;             // Behind the first pointer.
    while (at < limit) {
      const uint8_t length = data_[at];
      if (length == 0) {
        return FinishName(end == 0 ? at + 1 : end, name, first);
      }
      if (length <= kMaxLabelOctets) {
        name.octets += 1 + length;
        if (name.octets > kMaxNameOctets) return false;
        at += 1 + length;
        continue;
      }
      if (!IsPointer(length) || limit - at < 2) return false;
      const uint32_t target = PointerTarget(data_ + at);
      // Each run begins before the one that led to it: no walk is endless.
      if (target >= run || target < Message::kHeaderOctets) return false;
      if (++name.pointers > kMaxPointers) return false;
      if (end == 0) {
        end = at + 2;
        first = {
            .at = target, .octets = name.octets - 1, .pointers = name.pointers};
      }
      if (const Suffix& known = Known(target); known.at == target) {
        name.octets += known.octets - 1;
        name.pointers += known.pointers;
        return FinishName(end, name, first);
      }
      run = at = target;
      limit = size_;  // It held for the name's own octets.
    }
    return false;
  }

  // Most owners are a pointer to where another led before, or to the question,
  // and nothing else: it leads to as many further ones as that, and no more.
  bool SkipKnownPointer(uint32_t limit) {
    if (at_ + 2 > limit || !IsPointer(data_[at_])) return false;
    const uint32_t target = PointerTarget(data_ + at_);
    const Suffix& known = Known(target);
    if (target == 0 || known.at != target) return false;
    at_ += 2;
    return true;
  }

  // A part of a name, from offset `at` to the root, that was checked.
  struct Suffix {
    uint32_t at = 0;
    int octets = 0;
    int pointers = 0;
  };

  // Names share their suffixes: those that pointers led to are remembered.
  Suffix& Known(uint32_t at) { return known_[at % known_.size()]; }

  // `before`: where the first pointer of `name` led, and what came before.
  bool FinishName(uint32_t end, const Suffix& name, const Suffix& before) {
    if (name.octets > kMaxNameOctets) return false;
    if (name.pointers > kMaxPointers) return false;
    if (before.at != 0) {
      Known(before.at) = {.at = before.at,
                          .octets = name.octets - before.octets,
                          .pointers = name.pointers - before.pointers};
    }
    at_ = end;
    return true;
  }

  std::array<Suffix, 16> known_;
  Message message_;
  const uint8_t* data_;
  uint32_t size_;
  uint32_t at_ = Message::kHeaderOctets;
};

std::optional<Message> Message::Read(absl::Span<const uint8_t> packet) {
  if (packet.size() < kHeaderOctets || packet.size() > kMaxPacketOctets) {
    return std::nullopt;
  }
  MessageWalk walk(packet);
  if (!walk.Check()) return std::nullopt;
  return walk.message();
}

bool Message::Asks(NameView name, RrType type) const {
  // No pointer fits into the first name of a message: it stands uncompressed.
  if (question_end_ != kHeaderOctets + name.size() + 4) return false;
  const uint8_t* asked = data_ + kHeaderOctets;
  bool same = true;
  for (int i = 0; i < name.size(); ++i) {
    same &= LowerOctet(asked[i]) == name.bytes()[i];
  }
  return same && question_type() == type &&
         Load16(question_end_ - 2) == kClassIn;
}

bool Message::AsksInCase(NameView name, RrType type, uint64_t case_mask) const {
  if (!Asks(name, type)) return false;
  const uint8_t* asked = data_ + kHeaderOctets;
  bool same = true;
  for (int i = 0; i < name.size(); ++i) {
    same &= asked[i] == InCase(name.bytes()[i], i, case_mask);
  }
  return same;
}

std::optional<Message::Record> Message::Cursor::Next() {
  for (;;) {
    while (section_ < 3 && left_[section_] == 0) ++section_;
    if (section_ == 3) return std::nullopt;
    --left_[section_];
    const uint32_t owner = at_;
    const uint32_t fixed = SkipName(data_, owner);
    const uint16_t length = mxscan::Load16(data_ + fixed + 8);
    const uint32_t rdata = fixed + kFixedOctets;
    at_ = rdata + length;
    const auto type = static_cast<RrType>(mxscan::Load16(data_ + fixed));
    if (type == RrType::kOpt) continue;
    const uint32_t ttl = Load32(data_ + fixed + 4);
    return Record{.type = type,
                  .rr_class = mxscan::Load16(data_ + fixed + 2),
                  .section = static_cast<Section>(section_),
                  .ttl = ttl > 0x7fffffff ? 0 : ttl,
                  .owner_at = owner,
                  .rdata_at = rdata,
                  .rdata = {data_ + rdata, length}};
  }
}

uint32_t Message::ReadName(uint32_t offset, Name& out) const {
  return NameReader::Read(data_, offset, out);
}

uint32_t Message::ReadName(uint32_t offset, uint8_t* out, int& size) const {
  return NameReader::Read(data_, offset, out, size);
}

}  // namespace mxscan
