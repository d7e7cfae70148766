#include "scanner/demo/recursor.h"

#include <array>

namespace mxscan {
namespace {

using Found = RecordSource::Found;

constexpr int kMaxSteps = 16;
constexpr uint32_t kTtl = 300;
constexpr uint16_t kClassIn = 1;

// Root SOA and NS, so that `. NS`, the usual "are you alive", has an answer.
// mname and rname "a.", serial, refresh, retry, expire, minimum.
constexpr std::array<uint8_t, 26> kSoa = {1, 'a', 0,  1,   'a', 0, 0, 0, 0,
                                          1, 0,   0,  7,   8,   0, 0, 3, 132,
                                          0, 9,   58, 128, 0,   0, 0, 60};
constexpr std::array<uint8_t, 3> kNs = {1, 'a', 0};

Found LookAtRoot(RrType type, ReplyWriter& reply) {
  if (type == RrType::kNs) {
    reply.Add(Section::kAnswer, NameView(), type, kTtl, kNs);
    return Found::kRecords;
  }
  if (type == RrType::kSoa) {
    reply.Add(Section::kAnswer, NameView(), type, kTtl, kSoa);
    return Found::kRecords;
  }
  return Found::kNoData;
}

// The last label of `name`: the zone of negative answers without a SOA.
NameView TopLevel(NameView name) {
  while (name.LabelCount() > 1) name = name.Parent();
  return name;
}

}  // namespace

bool Recursor::Reply(const Query& query, ReplyWriter& reply) const {
  reply.SetAuthoritative(options_.authoritative);
  if (query.opcode != 0) {
    reply.SetRcode(Rcode::kNotImp);
    return true;
  }
  if (query.rr_class != kClassIn) {
    reply.SetRcode(Rcode::kRefused);
    return true;
  }
  Name name(query.name());
  switch (Follow(query, name, reply)) {
    case Found::kRecords:
    case Found::kAlias: break;
    case Found::kNoData: AddSoa(name, reply); break;
    case Found::kNxDomain:
      reply.SetRcode(Rcode::kNxDomain);
      AddSoa(name, reply);
      break;
    case Found::kServFail: reply.SetRcode(Rcode::kServFail); break;
    case Found::kRefused: reply.SetRcode(Rcode::kRefused); break;
    case Found::kSilence: return false;
  }
  return true;
}

// Leaves the end of the chain in `name`.
Found Recursor::Follow(const Query& query, Name& name,
                       ReplyWriter& reply) const {
  const int steps = options_.one_alias_step ? 1 : kMaxSteps;
  std::array<Name, kMaxSteps> seen;
  for (int step = 0; step < steps; ++step) {
    seen[step] = name;
    Name next;
    const Found found = Look(name, query.type, reply, next);
    if (found != Found::kAlias) return found;
    name = next;
    for (int i = 0; i <= step; ++i) {
      if (seen[i].view() == name.view()) return Found::kAlias;
    }
  }
  return Found::kAlias;
}

Found Recursor::Look(NameView name, RrType type, ReplyWriter& reply,
                     Name& next) const {
  for (const RecordSource* source : sources_) {
    const Found found = source->Look(name, type, reply, next);
    if (found == Found::kNxDomain) continue;
    if (found == Found::kNoData && name.IsRoot()) break;
    return found;
  }
  return name.IsRoot() ? LookAtRoot(type, reply) : Found::kNxDomain;
}

void Recursor::AddSoa(NameView name, ReplyWriter& reply) const {
  for (const RecordSource* source : sources_) {
    if (source->AddSoa(name, reply)) return;
  }
  reply.Add(Section::kAuthority, TopLevel(name), RrType::kSoa, kTtl, kSoa);
}

}  // namespace mxscan
