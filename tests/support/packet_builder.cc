#include "tests/support/packet_builder.h"

#include <cassert>
#include <cstdlib>
#include <utility>

#include "resolver/address.h"

namespace mxscan {
namespace {

constexpr size_t kFlagsAt = 2;
constexpr size_t kCountsAt = 4;

}  // namespace

PacketBuilder::Bytes NameOctets(std::string_view text) {
  const std::optional<Name> name = Name::FromText(text);
  if (!name.has_value()) std::abort();
  const NameView view = *name;
  return {view.bytes().begin(), view.bytes().end()};
}

PacketBuilder::PacketBuilder(std::string_view name, RrType type)
    : PacketBuilder() {
  Count(0, 1);
  PutName(name);
  Put16(static_cast<uint16_t>(type));
  Put16(class_);
}

PacketBuilder::PacketBuilder() : bytes_(12) { Set(kQr | kRd | kRa); }

PacketBuilder& PacketBuilder::Id(uint16_t id) {
  Write16(0, id);
  return *this;
}

PacketBuilder& PacketBuilder::Rcode(int rcode) {
  Write16(kFlagsAt, (Get16(kFlagsAt) & 0xfff0) | (rcode & 15));
  return *this;
}

PacketBuilder& PacketBuilder::Set(uint16_t flags) {
  Write16(kFlagsAt, Get16(kFlagsAt) | flags);
  return *this;
}

PacketBuilder& PacketBuilder::Clear(uint16_t flags) {
  Write16(kFlagsAt, Get16(kFlagsAt) & ~flags);
  return *this;
}

PacketBuilder& PacketBuilder::Compress(bool compress) {
  compress_ = compress;
  return *this;
}

PacketBuilder& PacketBuilder::Section(mxscan::Section section) {
  assert(section >= section_);
  section_ = section;
  return *this;
}

PacketBuilder& PacketBuilder::Ttl(uint32_t ttl) {
  ttl_ = ttl;
  return *this;
}

PacketBuilder& PacketBuilder::Class(uint16_t rr_class) {
  class_ = rr_class;
  return *this;
}

PacketBuilder& PacketBuilder::A(std::string_view owner,
                                std::string_view address) {
  const std::optional<IpAddress> ip = IpAddress::FromText(address);
  if (!ip.has_value()) std::abort();
  return Raw(owner, RrType::kA, absl::MakeConstSpan(ip->octets).first(4));
}

PacketBuilder& PacketBuilder::Aaaa(std::string_view owner,
                                   std::string_view address) {
  const std::optional<IpAddress> ip = IpAddress::FromText(address);
  if (!ip.has_value()) std::abort();
  return Raw(owner, RrType::kAaaa, ip->octets);
}

PacketBuilder& PacketBuilder::Mx(std::string_view owner, uint16_t preference,
                                 std::string_view exchange) {
  const size_t rdata = BeginRecord(owner, RrType::kMx);
  Put16(preference);
  PutName(exchange);
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Named(std::string_view owner, RrType type,
                                    std::string_view target) {
  const size_t rdata = BeginRecord(owner, type);
  PutName(target);
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Soa(std::string_view owner, uint32_t minimum) {
  const size_t rdata = BeginRecord(owner, RrType::kSoa);
  PutName("ns." + std::string(owner));
  PutName("hostmaster." + std::string(owner));
  for (const uint32_t field : {2026u, 7200u, 3600u, 1209600u, minimum}) {
    Put32(field);
  }
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Txt(
    std::string_view owner, std::initializer_list<std::string_view> strings) {
  const size_t rdata = BeginRecord(owner, RrType::kTxt);
  for (const std::string_view text : strings) {
    bytes_.push_back(static_cast<uint8_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Srv(std::string_view owner,
                                  std::string_view target) {
  const size_t rdata = BeginRecord(owner, RrType::kSrv);
  for (const uint16_t field : {1, 2, 25}) Put16(field);
  PutName(target);
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Raw(std::string_view owner, RrType type,
                                  absl::Span<const uint8_t> rdata) {
  const size_t at = BeginRecord(owner, type);
  Append(rdata);
  return EndRecord(at);
}

PacketBuilder& PacketBuilder::Opt(
    std::initializer_list<uint16_t> extended_errors, uint8_t extended_rcode) {
  Section(mxscan::Section::kAdditional);
  const uint32_t ttl = std::exchange(ttl_, uint32_t{extended_rcode} << 24);
  const uint16_t rr_class = std::exchange(class_, uint16_t{1232});
  const size_t rdata = BeginRecord(".", RrType::kOpt);
  for (const uint16_t code : extended_errors) {
    for (const uint16_t field : {uint16_t{15}, uint16_t{2}, code}) {
      Put16(field);
    }
  }
  ttl_ = ttl;
  class_ = rr_class;
  return EndRecord(rdata);
}

PacketBuilder& PacketBuilder::Append(absl::Span<const uint8_t> octets) {
  bytes_.insert(bytes_.end(), octets.begin(), octets.end());
  return *this;
}

PacketBuilder& PacketBuilder::Count(int which, uint16_t count) {
  Write16(kCountsAt + 2 * which, count);
  return *this;
}

PacketBuilder& PacketBuilder::Poke(size_t at, uint8_t octet) {
  bytes_.at(at) = octet;
  return *this;
}

void PacketBuilder::Put16(uint16_t value) {
  bytes_.push_back(static_cast<uint8_t>(value >> 8));
  bytes_.push_back(static_cast<uint8_t>(value));
}

void PacketBuilder::Put32(uint32_t value) {
  Put16(static_cast<uint16_t>(value >> 16));
  Put16(static_cast<uint16_t>(value));
}

void PacketBuilder::PutName(std::string_view text) {
  Bytes rest = NameOctets(text);
  while (rest.size() > 1) {
    const std::string key(rest.begin(), rest.end());
    const auto known = offsets_.find(key);
    if (compress_ && known != offsets_.end()) {
      return Put16(0xc000 | known->second);
    }
    if (bytes_.size() < 0x4000) offsets_.emplace(key, size());
    const size_t label = 1 + rest[0];
    bytes_.insert(bytes_.end(), rest.begin(), rest.begin() + label);
    rest.erase(rest.begin(), rest.begin() + label);
  }
  bytes_.push_back(0);
}

uint16_t PacketBuilder::Get16(size_t at) const {
  return static_cast<uint16_t>(bytes_[at] << 8 | bytes_[at + 1]);
}

void PacketBuilder::Write16(size_t at, uint16_t value) {
  bytes_[at] = static_cast<uint8_t>(value >> 8);
  bytes_[at + 1] = static_cast<uint8_t>(value);
}

size_t PacketBuilder::BeginRecord(std::string_view owner, RrType type) {
  const int which = 1 + static_cast<int>(section_);
  Count(which, Get16(kCountsAt + 2 * which) + 1);
  PutName(owner);
  Put16(static_cast<uint16_t>(type));
  Put16(class_);
  Put32(ttl_);
  Put16(0);
  return bytes_.size();
}

PacketBuilder& PacketBuilder::EndRecord(size_t rdata_at) {
  Write16(rdata_at - 2, static_cast<uint16_t>(bytes_.size() - rdata_at));
  return *this;
}

}  // namespace mxscan
