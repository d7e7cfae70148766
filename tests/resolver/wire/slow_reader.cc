#include "tests/resolver/wire/slow_reader.h"

#include <map>

namespace mxscan {
namespace {

// Rdata by type: N(ame), S(trings), or a number of octets.
const std::map<int, std::string>& Shapes() {
  static const auto& shapes = *new std::map<int, std::string>{
      {1, "4"},      {28, "4444"}, {2, "N"},     {3, "N"},   {4, "N"},
      {5, "N"},      {7, "N"},     {8, "N"},     {9, "N"},   {12, "N"},
      {39, "N"},     {14, "NN"},   {17, "NN"},   {15, "2N"}, {18, "2N"},
      {21, "2N"},    {36, "2N"},   {33, "222N"}, {16, "S"},  {99, "S"},
      {6, "NN44444"}};
  return shapes;
}

class SlowReader {
 public:
  explicit SlowReader(absl::Span<const uint8_t> packet)
      : packet_(packet.begin(), packet.end()) {}

  Flaw Read() {
    if (packet_.size() < 12 || packet_.size() > 65535) return Flaw::kCut;
    if (Get16(4) > 1) return Flaw::kQuestionCount;
    if (Get16(4) == 1) {
      const Flaw flaw = ReadQuestion();
      if (flaw != Flaw::kNone) return flaw;
    }
    rcode_ = packet_[3] & 15;
    const bool truncated = (packet_[2] & 2) != 0;
    if (!truncated) {
      for (int section = 0; section < 3; ++section) {
        for (int i = 0; i < Get16(6 + 2 * section); ++i) {
          const Flaw flaw = ReadRecord(section);
          if (flaw != Flaw::kNone) return flaw;
        }
      }
      if (at_ != packet_.size()) return Flaw::kTrailingOctets;
    }
    if (Get16(4) == 0 && rcode_ == 0) return Flaw::kQuestionCount;
    return Flaw::kNone;
  }

 private:
  int Get16(size_t at) const { return packet_[at] << 8 | packet_[at + 1]; }

  Flaw ReadQuestion() {
    const Flaw flaw = ReadName(packet_.size());
    if (flaw != Flaw::kNone) return flaw;
    at_ += 4;
    return at_ <= packet_.size() ? Flaw::kNone : Flaw::kCut;
  }

  // Takes at_ over the name, whose own octets end before `limit`.
  Flaw ReadName(size_t limit) {
    name_.clear();
    return Expand(at_, limit, 0, at_);
  }

  Flaw Expand(size_t at, size_t limit, int pointers, size_t& end) {
    const size_t run = at;
    while (at < limit) {
      const int length = packet_[at];
      if (length == 0) {
        name_.push_back(0);
        end = at + 1;
        return name_.size() > 255 ? Flaw::kNameTooLong : Flaw::kNone;
      }
      if (length >= 192) {
        if (at + 2 > limit) return Flaw::kCut;
        const size_t target = Get16(at) & 0x3fff;
        if (target >= run || target < 12) return Flaw::kPointer;
        if (pointers == 127) return Flaw::kTooManyPointers;
        size_t elsewhere;
        end = at + 2;
        return Expand(target, packet_.size(), pointers + 1, elsewhere);
      }
      if (length >= 64) return Flaw::kLabelType;
      if (at + 1 + length > limit) return Flaw::kCut;
      name_.insert(name_.end(), packet_.begin() + at,
                   packet_.begin() + at + 1 + length);
      at += 1 + length;
    }
    return Flaw::kCut;
  }

  Flaw ReadRecord(int section) {
    const size_t owner = at_;
    const Flaw flaw = ReadName(packet_.size());
    if (flaw != Flaw::kNone) return flaw;
    if (at_ + 10 > packet_.size()) return Flaw::kCut;
    const int type = Get16(at_);
    const size_t end = at_ + 10 + Get16(at_ + 8);
    const int extended_rcode = packet_[at_ + 4];
    at_ += 10;
    if (end > packet_.size()) return Flaw::kCut;
    if (type != 41) return ReadRdata(type, end);
    if (opt_ || section != 2 || packet_[owner] != 0) return Flaw::kOpt;
    opt_ = true;
    rcode_ |= extended_rcode << 4;
    return ReadOptions(end);
  }

  Flaw ReadOptions(size_t end) {
    while (at_ < end) {
      if (at_ + 4 > end) return Flaw::kOpt;
      at_ += 4 + Get16(at_ + 2);
    }
    return at_ == end ? Flaw::kNone : Flaw::kOpt;
  }

  Flaw ReadRdata(int type, size_t end) {
    const auto shape = Shapes().find(type);
    if (shape == Shapes().end()) {
      at_ = end;
      return Flaw::kNone;
    }
    for (const char field : shape->second) {
      const Flaw flaw = ReadField(field, end);
      if (flaw == Flaw::kCut) return Flaw::kRdata;
      if (flaw != Flaw::kNone) return flaw;
    }
    return at_ == end ? Flaw::kNone : Flaw::kRdata;
  }

  Flaw ReadField(char field, size_t end) {
    if (field == 'N') return ReadName(end);
    if (field != 'S') {
      at_ += field - '0';
      return at_ <= end ? Flaw::kNone : Flaw::kCut;
    }
    if (at_ == end) return Flaw::kRdata;
    while (at_ < end) at_ += 1 + packet_[at_];
    return Flaw::kNone;
  }

  std::vector<uint8_t> packet_;
  std::vector<uint8_t> name_;
  size_t at_ = 12;
  int rcode_ = 0;
  bool opt_ = false;
};

}  // namespace

std::string ToText(Flaw flaw) {
  switch (flaw) {
    case Flaw::kNone: return "no flaw";
    case Flaw::kCut: return "something is not all there";
    case Flaw::kLabelType: return "a label of unknown type";
    case Flaw::kNameTooLong: return "a name over 255 octets";
    case Flaw::kPointer: return "a pointer that does not point backwards";
    case Flaw::kTooManyPointers: return "over 127 pointers";
    case Flaw::kRdata: return "rdata unlike its type";
    case Flaw::kOpt: return "OPT twice, misplaced or broken";
    case Flaw::kQuestionCount: return "not one question";
    case Flaw::kTrailingOctets: return "octets behind the last record";
  }
  return "";
}

Flaw FlawOf(absl::Span<const uint8_t> packet) {
  return SlowReader(packet).Read();
}

}  // namespace mxscan
