#include "resolver/answer.h"

#include <algorithm>
#include <cstring>

namespace mxscan {
namespace {

constexpr uint16_t kClassIn = 1;

bool TypeCounts(RrType asked, RrType type) {
  return asked == RrType::kAny || asked == type;
}

uint32_t Load32(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

// The names that a type's rdata holds: octets before the first of them, how
// many, and octets behind the last. No names: the rdata is taken as it is.
struct NamesInRdata {
  int octets_before;
  int names;
  int octets_behind;
};

NamesInRdata NamesOf(RrType type) {
  switch (type) {
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kPtr:
    case RrType::kDname: return {0, 1, 0};
    case RrType::kMx: return {2, 1, 0};
    case RrType::kSoa: return {0, 2, 20};
    case RrType::kSrv: return {6, 1, 0};
    default: return {0, 0, 0};
  }
}

// The outcome that the rcode alone decides; kAnswer: look at the records.
Outcome ByRcode(uint16_t rcode) {
  switch (rcode) {
    case 0:                             // NOERROR
    case 3: return Outcome::kAnswer;    // NXDOMAIN
    case 1:                             // FORMERR
    case 4:                             // NOTIMP
    case 16: return Outcome::kFormErr;  // BADVERS
    case 2: return Outcome::kServFail;
    case 5: return Outcome::kRefused;
    default: return Outcome::kMalformed;
  }
}

template <typename T>
T LoadEntry(const uint8_t* table, int i) {
  T entry;
  std::memcpy(&entry, table + i * sizeof(T), sizeof(T));
  return entry;
}

uint8_t* Put(uint8_t* out, absl::Span<const uint8_t> octets) {
  if (!octets.empty()) std::memcpy(out, octets.data(), octets.size());
  return out + octets.size();
}

template <typename T>
absl::Span<const uint8_t> OctetsOf(const std::vector<T>& values) {
  return {reinterpret_cast<const uint8_t*>(values.data()),
          values.size() * sizeof(T)};
}

}  // namespace

Answer::Answer(absl::Span<const uint8_t> block) : block_(block) {}

NameView Answer::name() const {
  return NameView::Trusted({octets() + 1, octets()[0]});
}

NameView Answer::end() const {
  return step_count() == 0 ? name() : step(step_count() - 1).target;
}

Answer::Step Answer::step(int i) const {
  const auto entry = LoadEntry<StepEntry>(steps(), i);
  const auto name = [this](uint32_t at, uint8_t size) {
    return NameView::Trusted({octets() + at, size});
  };
  return Step{.owner = name(entry.owner_at, entry.owner_size),
              .target = name(entry.target_at, entry.target_size),
              .kind = entry.kind};
}

Answer::Record Answer::record(int i) const {
  const auto entry = LoadEntry<RecordEntry>(records(), i);
  return Record{
      .owner = NameView::Trusted({octets() + entry.owner_at, entry.owner_size}),
      .type = entry.type,
      .section = entry.section,
      .ttl = entry.ttl,
      .rdata = {octets() + entry.rdata_at, entry.rdata_size}};
}

bool Answer::Counts(const Record& record) const {
  return record.section == Section::kAnswer &&
         TypeCounts(header().type, record.type) && record.owner == end();
}

// An alias that leads on from the end of the chain: the record, not yet what
// DNAME makes of it.
struct AnswerBuilder::Alias {
  Answer::StepKind kind;
  int owner_size;
  Name target;
};

struct AnswerBuilder::Evidence {
  bool answered = false;  // A record of the type asked, at the end.
  bool soa = false;       // In authority, at or above the end.
  bool ns = false;        // In authority.
};

void AnswerBuilder::Begin(const Question& question) {
  type_ = question.type;
  end_ = question.name;
  must_ask_end_ = false;
  contributed_ = false;
  learnt_ = AnswerHeader();
  steps_.clear();
  records_.clear();
  octets_end_ = 0;
  *Room(1) = static_cast<uint8_t>(end_.view().size());
  octets_end_ = 1;
  end_at_ = AppendName(end_);
}

Outcome AnswerBuilder::Add(const Message& message) {
  must_ask_end_ = false;
  learnt_.rcode = message.rcode();
  learnt_.authoritative = message.authoritative();
  learnt_.recursion_available = message.recursion_available();
  message.ForEachExtendedError(
      [this](uint16_t code) { TakeExtendedError(code); });
  const Outcome by_rcode = ByRcode(message.rcode());
  if (by_rcode != Outcome::kAnswer) return by_rcode;
  if (message.truncated()) return Outcome::kTruncated;
  return AddSound(message);
}

void AnswerBuilder::TakeExtendedError(uint16_t code) {
  const auto begin = learnt_.extended_errors.begin();
  const auto end = begin + learnt_.extended_error_count;
  if (learnt_.extended_error_count == kMaxExtendedErrors) return;
  if (std::find(begin, end, code) != end) return;
  learnt_.extended_errors[learnt_.extended_error_count++] = code;
}

Outcome AnswerBuilder::AddSound(const Message& message) {
  const size_t steps = steps_.size();
  const size_t records = records_.size();
  const size_t octets = octets_end_;
  const Octets end_at = end_at_;
  asked_at_ = end_at_;
  const Outcome outcome = Judge(message);
  if (outcome != Outcome::kMalformed && outcome != Outcome::kRefused) {
    learnt_.authenticated =
        message.authenticated() && (learnt_.authenticated || !contributed_);
    contributed_ = true;
    return outcome;
  }
  steps_.resize(steps);
  records_.resize(records);
  octets_end_ = octets;
  end_at_ = end_at;
  end_ = Name(NameOf(end_at_));
  return outcome;
}

Outcome AnswerBuilder::Judge(const Message& message) {
  const size_t steps = steps_.size();
  const Follow follow = FollowChain(message);
  if (follow == Follow::kTooLong) return Outcome::kMalformed;
  Evidence evidence;
  learnt_.negative_ttl = kNoTtl;
  if (!TakeRecords(message, evidence)) return Outcome::kMalformed;
  if (follow == Follow::kLoop) return Outcome::kLoop;
  const bool exists = message.rcode() == 0;
  if (evidence.answered) {
    return exists ? Outcome::kAnswer : Outcome::kMalformed;
  }
  if (!exists) return Outcome::kNxDomain;
  const bool moved = steps_.size() != steps;
  if (evidence.ns && !evidence.soa && !moved && !message.authoritative() &&
      !message.recursion_available()) {
    return Outcome::kRefused;
  }
  must_ask_end_ = moved && !evidence.soa;
  return Outcome::kNoData;
}

AnswerBuilder::Follow AnswerBuilder::FollowChain(const Message& message) {
  if (type_ == RrType::kCname || type_ == RrType::kAny) return Follow::kEnd;
  if (!message.has_alias()) return Follow::kEnd;
  Alias alias;
  while (FindAlias(message, alias)) {
    const std::optional<Name> next = TargetOf(alias);
    if (!next.has_value()) return Follow::kTooLong;
    if (steps_.size() == kMaxAliasSteps) return Follow::kLoop;
    const bool visited = Visited(*next);
    AddStep(alias.kind, *next);
    if (visited) return Follow::kLoop;
  }
  return Follow::kEnd;
}

bool AnswerBuilder::FindAlias(const Message& message, Alias& best) const {
  bool found = false;
  Message::Cursor at = message.records();
  while (const std::optional<Message::Record> record = at.Next()) {
    if (record->section != Section::kAnswer) break;
    if (record->rr_class != kClassIn) continue;
    if (record->type != RrType::kCname && record->type != RrType::kDname) {
      continue;
    }
    Alias alias;
    if (!ReadAlias(message, *record, alias)) continue;
    if (!found || Precedes(alias, best)) best = alias;
    found = true;
  }
  return found;
}

// False when the alias is not one of the end's.
bool AnswerBuilder::ReadAlias(const Message& message,
                              const Message::Record& record,
                              Alias& alias) const {
  Name owner;
  message.ReadName(record.owner_at, owner);
  const bool own = owner == end_;
  const bool cname = record.type == RrType::kCname;
  // A DNAME redirects what lies below its owner, not the owner itself.
  if (cname ? !own : own || !end_.view().IsAtOrBelow(owner)) return false;
  alias.kind = cname ? Answer::StepKind::kCname : Answer::StepKind::kDname;
  alias.owner_size = owner.view().size();
  message.ReadName(record.rdata_at, alias.target);
  return true;
}

bool AnswerBuilder::Precedes(const Alias& a, const Alias& b) {
  if (a.kind != b.kind) return a.kind < b.kind;
  if (a.owner_size != b.owner_size) return a.owner_size < b.owner_size;
  const absl::Span<const uint8_t> left = a.target.view().bytes();
  const absl::Span<const uint8_t> right = b.target.view().bytes();
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(),
                                      right.end());
}

// The name that the alias leads to; nullopt when it is too long to be one.
std::optional<Name> AnswerBuilder::TargetOf(const Alias& alias) const {
  if (alias.kind == Answer::StepKind::kCname) return alias.target;
  const NameView end = end_;
  return Name::Join(end.bytes().first(end.size() - alias.owner_size),
                    alias.target);
}

bool AnswerBuilder::Visited(NameView name) const {
  // The chain's names: the owner of every step, and the end.
  if (name == end_.view()) return true;
  for (const Answer::StepEntry& step : steps_) {
    if (name == NameOf({step.owner_at, step.owner_size})) return true;
  }
  return false;
}

void AnswerBuilder::AddStep(Answer::StepKind kind, const Name& target) {
  const Octets target_at = AppendName(target);
  steps_.push_back({.owner_at = end_at_.at,
                    .target_at = target_at.at,
                    .owner_size = static_cast<uint8_t>(end_at_.size),
                    .target_size = static_cast<uint8_t>(target_at.size),
                    .kind = kind});
  end_ = target;
  end_at_ = target_at;
}

// False when the answer grows too large.
bool AnswerBuilder::TakeRecords(const Message& message, Evidence& evidence) {
  last_owner_offset_ = 0;
  Message::Cursor at = message.records();
  while (const std::optional<Message::Record> record = at.Next()) {
    if (record->rr_class != kClassIn) continue;
    TakeRecord(message, *record, evidence);
    if (octets_end_ > kMaxOctets) return false;
  }
  return true;
}

void AnswerBuilder::TakeRecord(const Message& message,
                               const Message::Record& record,
                               Evidence& evidence) {
  const Octets owner = AppendOwner(message, record.owner_at);
  const Octets rdata = AppendRdata(message, record);
  records_.push_back({.owner_at = owner.at,
                      .rdata_at = rdata.at,
                      .ttl = record.ttl,
                      .type = record.type,
                      .rdata_size = rdata.size,
                      .owner_size = static_cast<uint8_t>(owner.size),
                      .section = record.section});
  Weigh(records_.back(), evidence);
}

void AnswerBuilder::Weigh(const Answer::RecordEntry& entry,
                          Evidence& evidence) {
  const NameView owner = NameOf({entry.owner_at, entry.owner_size});
  if (entry.section == Section::kAnswer) {
    evidence.answered |= TypeCounts(type_, entry.type) && owner == end_;
  } else if (entry.section == Section::kAuthority) {
    evidence.ns |= entry.type == RrType::kNs;
    if (entry.type != RrType::kSoa || !end_.view().IsAtOrBelow(owner)) return;
    evidence.soa = true;
    // The last field of a SOA is MINIMUM; the TTL is the lesser of the two.
    const uint32_t minimum =
        Load32(&octets_[entry.rdata_at + entry.rdata_size - 4]);
    learnt_.negative_ttl = std::min({learnt_.negative_ttl, entry.ttl, minimum});
  }
}

// Most records are owned by the name asked; and those in a row mostly have one
// owner, which one pointer stands for.
AnswerBuilder::Octets AnswerBuilder::AppendOwner(const Message& message,
                                                 uint32_t offset) {
  const absl::Span<const uint8_t> packet = message.packet();
  if (packet[offset] >= 0xc0) {
    offset = (packet[offset] & 0x3f) << 8 | packet[offset + 1];
  }
  if (message.has_question() && offset == message.question_at()) {
    return asked_at_;
  }
  if (offset == last_owner_offset_) return last_owner_;
  int size = 0;
  message.ReadName(offset, Room(kMaxNameOctets), size);
  last_owner_offset_ = offset;
  last_owner_ = {static_cast<uint32_t>(octets_end_),
                 static_cast<uint16_t>(size)};
  octets_end_ += size;
  return last_owner_;
}

AnswerBuilder::Octets AnswerBuilder::AppendRdata(
    const Message& message, const Message::Record& record) {
  const NamesInRdata shape = NamesOf(record.type);
  uint8_t* const begin =
      Room(record.rdata.size() + shape.names * kMaxNameOctets);
  uint8_t* out = begin;
  if (shape.names == 0) {
    out = Put(out, record.rdata);
  } else {
    out = Put(out, record.rdata.first(shape.octets_before));
    uint32_t at = record.rdata_at + shape.octets_before;
    for (int i = 0; i < shape.names; ++i) {
      int size = 0;
      at = message.ReadName(at, out, size);
      out += size;
    }
    out = Put(out, record.rdata.last(shape.octets_behind));
  }
  const Octets all = {static_cast<uint32_t>(octets_end_),
                      static_cast<uint16_t>(out - begin)};
  octets_end_ += all.size;
  return all;
}

AnswerBuilder::Octets AnswerBuilder::AppendName(NameView name) {
  const auto at = static_cast<uint32_t>(octets_end_);
  Put(Room(name.size()), name.bytes());
  octets_end_ += name.size();
  return {at, static_cast<uint16_t>(name.size())};
}

NameView AnswerBuilder::NameOf(Octets name) const {
  return NameView::Trusted({octets_.data() + name.at, name.size});
}

Answer AnswerBuilder::Finish(const AnswerHeader& how) {
  AnswerHeader header = learnt_;
  header.outcome = how.outcome;
  header.protocol = how.protocol;
  header.attempts = how.attempts;
  header.upstream = how.upstream;
  header.rtt_us = how.rtt_us;
  header.received_us = how.received_us;
  header.type = type_;
  header.step_count = static_cast<uint16_t>(steps_.size());
  header.record_count = static_cast<uint32_t>(records_.size());
  const size_t size = sizeof(header) + steps_.size() * sizeof(steps_[0]) +
                      records_.size() * sizeof(records_[0]) + octets_end_;
  const size_t words = (size + 7) / 8;
  if (block_.size() < words) block_.resize(words);
  auto* const block = reinterpret_cast<uint8_t*>(block_.data());
  std::memcpy(block, &header, sizeof(header));
  uint8_t* at = Put(block + sizeof(header), OctetsOf(steps_));
  at = Put(at, OctetsOf(records_));
  Put(at, {octets_.data(), octets_end_});
  return Answer({block, size});
}

}  // namespace mxscan
