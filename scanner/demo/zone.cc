#include "scanner/demo/zone.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/string_view.h"
#include "resolver/wire/ldns_decode.h"

namespace mxscan {
namespace {

constexpr RrType kAny = static_cast<RrType>(255);

absl::string_view Key(NameView name) {
  return {reinterpret_cast<const char*>(name.bytes().data()),
          name.bytes().size()};
}

absl::Span<const uint8_t> Octets(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Lowers the letters of `count` names that begin `rdata`.
void LowerFirstNames(absl::Span<uint8_t> rdata, int count) {
  for (size_t at = 0; count > 0; --count) {
    for (; rdata[at] != 0; at += rdata[at] + 1u) {
      for (uint8_t& octet : rdata.subspan(at + 1, rdata[at])) {
        if (octet >= 'A' && octet <= 'Z') octet += 'a' - 'A';
      }
    }
    ++at;
  }
}

// In the rdata of the types whose names we follow or compress.
void LowerNames(RrType type, absl::Span<uint8_t> rdata) {
  switch (type) {
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kPtr:
    case RrType::kDname: return LowerFirstNames(rdata, 1);
    case RrType::kSoa: return LowerFirstNames(rdata, 2);
    case RrType::kMx: return LowerFirstNames(rdata.subspan(2), 1);
    default: return;
  }
}

}  // namespace

absl::Status Zone::AddText(std::string_view name, std::string_view text) {
  absl::StatusOr<std::vector<ZoneRecord>> records = ParseZone(name, text);
  if (!records.ok()) return records.status();
  for (ZoneRecord& record : *records) {
    LowerNames(record.type, absl::MakeSpan(record.rdata));
    Add(record.owner, record.type, record.ttl, record.rdata);
  }
  return absl::OkStatus();
}

void Zone::Add(NameView owner, RrType type, uint32_t ttl,
               absl::Span<const uint8_t> rdata) {
  Node& node = MakeNode(owner);
  auto set = std::ranges::find(node.sets, type, &RecordSet::type);
  if (set == node.sets.end()) {
    set = node.sets.insert(set, RecordSet{type, ttl, {}});
  }
  std::string octets(reinterpret_cast<const char*>(rdata.data()), rdata.size());
  if (std::ranges::find(set->rdata, octets) != set->rdata.end()) return;
  set->rdata.push_back(std::move(octets));
  ++record_count_;
}

void Zone::AddMx(NameView owner, uint32_t ttl, uint16_t preference,
                 NameView exchange) {
  std::array<uint8_t, 2 + kMaxNameOctets> rdata;
  rdata[0] = static_cast<uint8_t>(preference >> 8);
  rdata[1] = static_cast<uint8_t>(preference);
  std::memcpy(rdata.data() + 2, exchange.bytes().data(), exchange.size());
  Add(owner, RrType::kMx, ttl, {rdata.data(), 2u + exchange.size()});
}

void Zone::AddAddress(NameView owner, uint32_t ttl, const IpAddress& address) {
  if (address.family == IpAddress::Family::kV4) {
    Add(owner, RrType::kA, ttl, {address.octets.data(), 4});
  } else {
    Add(owner, RrType::kAaaa, ttl, address.octets);
  }
}

void Zone::AddAlias(NameView owner, uint32_t ttl, NameView target) {
  Add(owner, RrType::kCname, ttl, target.bytes());
}

RecordSource::Found Zone::Look(NameView name, RrType type, ReplyWriter& reply,
                               Name& next) const {
  if (const Node* node = Find(name)) {
    return LookIn(*node, name, type, reply, next);
  }
  NameView encloser;
  bool have_encloser = false;
  for (NameView above = name; !above.IsRoot();) {
    above = above.Parent();
    const Node* node = Find(above);
    if (node == nullptr) continue;
    if (const RecordSet* dname = FindSet(*node, RrType::kDname)) {
      return Rename(name, above, *dname, reply, next);
    }
    if (!have_encloser) encloser = above;
    have_encloser = true;
  }
  if (!have_encloser) return Found::kNxDomain;
  const Node* wildcard = FindWildcard(encloser);
  if (wildcard == nullptr) return Found::kNxDomain;
  return LookIn(*wildcard, name, type, reply, next);
}

bool Zone::AddSoa(NameView name, ReplyWriter& reply) const {
  for (NameView at = name;; at = at.Parent()) {
    if (const Node* node = Find(at)) {
      if (const RecordSet* soa = FindSet(*node, RrType::kSoa)) {
        AddSet(at, *soa, Section::kAuthority, reply);
        return true;
      }
    }
    if (at.IsRoot()) return false;
  }
}

// Makes the node of `owner` and those of all names above it.
Zone::Node& Zone::MakeNode(NameView owner) {
  for (NameView above = owner; !above.IsRoot();) {
    above = above.Parent();
    if (!nodes_.try_emplace(Key(above)).second) break;
  }
  return nodes_[Key(owner)];
}

const Zone::Node* Zone::Find(NameView name) const {
  const auto at = nodes_.find(Key(name));
  return at == nodes_.end() ? nullptr : &at->second;
}

const Zone::Node* Zone::FindWildcard(NameView encloser) const {
  constexpr std::array<uint8_t, 2> kAsterisk = {1, '*'};
  const std::optional<Name> name = Name::Join(kAsterisk, encloser);
  return name ? Find(*name) : nullptr;
}

const Zone::RecordSet* Zone::FindSet(const Node& node, RrType type) {
  const auto set = std::ranges::find(node.sets, type, &RecordSet::type);
  return set == node.sets.end() ? nullptr : &*set;
}

void Zone::AddSet(NameView owner, const RecordSet& set, Section section,
                  ReplyWriter& reply) {
  for (const std::string& rdata : set.rdata) {
    reply.Add(section, owner, set.type, set.ttl, Octets(rdata));
  }
}

RecordSource::Found Zone::LookIn(const Node& node, NameView owner, RrType type,
                                 ReplyWriter& reply, Name& next) {
  if (type == kAny) {
    for (const RecordSet& set : node.sets) {
      AddSet(owner, set, Section::kAnswer, reply);
    }
    return node.sets.empty() ? Found::kNoData : Found::kRecords;
  }
  if (const RecordSet* set = FindSet(node, type)) {
    AddSet(owner, *set, Section::kAnswer, reply);
    return Found::kRecords;
  }
  if (const RecordSet* alias = FindSet(node, RrType::kCname)) {
    AddSet(owner, *alias, Section::kAnswer, reply);
    next = Name(NameView::Trusted(Octets(alias->rdata.front())));
    return Found::kAlias;
  }
  return Found::kNoData;
}

// RFC 6672 §3.2: the DNAME and the CNAME that it makes. A name that grows too
// long has no answer (YXDOMAIN there; a resolver's client sees SERVFAIL).
RecordSource::Found Zone::Rename(NameView name, NameView dname_owner,
                                 const RecordSet& dname, ReplyWriter& reply,
                                 Name& next) {
  AddSet(dname_owner, dname, Section::kAnswer, reply);
  const absl::Span<const uint8_t> prefix =
      name.bytes().subspan(0, name.size() - dname_owner.size());
  const NameView target = NameView::Trusted(Octets(dname.rdata.front()));
  const std::optional<Name> renamed = Name::Join(prefix, target);
  if (!renamed) return Found::kServFail;
  reply.Add(Section::kAnswer, name, RrType::kCname, dname.ttl,
            renamed->view().bytes());
  next = *renamed;
  return Found::kAlias;
}

}  // namespace mxscan
