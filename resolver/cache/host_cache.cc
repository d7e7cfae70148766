#include "resolver/cache/host_cache.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace mxscan {
namespace {

// Shares of the memory: a quarter for the index, 1/32 for fingerprints, and
// of the rest a tenth for the small queue.
size_t IndexBytes(int64_t bytes) { return bytes / 4; }
size_t GhostCount(int64_t bytes) { return bytes / 32 / sizeof(uint32_t); }
size_t QueueBytes(int64_t bytes) {
  return bytes - IndexBytes(bytes) - GhostCount(bytes) * sizeof(uint32_t);
}

int64_t AtLeast(int64_t bytes) { return std::max(bytes, HostCache::kSmallest); }

// A place is a record of one of the two rings.
constexpr uint32_t kInMain = uint32_t{1} << 31;
constexpr uint32_t kMostUses = 3;
// Kept free in the main queue, so that an entry which is sent round finds
// room even where it does not fit before the ring's end.
constexpr size_t kSlack = 1024;
constexpr int kAddressOctets[] = {4, 16};

bool Failed(const Host& host) {
  return !IsDefinitive(host.a.outcome) || !IsDefinitive(host.aaaa.outcome);
}

uint8_t Pack(const HostFamily& family) {
  return static_cast<uint8_t>(static_cast<int>(family.outcome) << 1 |
                              (family.authenticated ? 1 : 0));
}

HostFamily Unpack(uint8_t packed, const std::vector<IpAddress>& addresses) {
  HostFamily family;
  family.outcome = static_cast<Outcome>(packed >> 1);
  family.authenticated = (packed & 1) != 0;
  family.addresses = addresses;
  return family;
}

uint8_t* WriteName(NameView name, uint8_t* out) {
  std::memcpy(out, name.bytes().data(), name.size());
  return out + name.size();
}

uint8_t* WriteAddresses(const HostFamily& family, int octets, uint8_t* out) {
  for (const IpAddress& address : family.addresses) {
    std::memcpy(out, address.octets.data(), octets);
    out += octets;
  }
  return out;
}

const uint8_t* ReadAddresses(const uint8_t* in, int count,
                             IpAddress::Family family,
                             std::vector<IpAddress>& out) {
  const int octets = kAddressOctets[static_cast<int>(family)];
  out.clear();
  for (int i = 0; i < count; ++i) {
    IpAddress address;
    address.family = family;
    std::memcpy(address.octets.data(), in, octets);
    out.push_back(address);
    in += octets;
  }
  return in;
}

}  // namespace

// A record of the rings: this, name, end, IPv4 addresses, IPv6 addresses. The
// header's mark counts uses.
struct HostCache::Entry {
  ByteRing::Header header;
  uint32_t expires_ms;  // 0 for never.
  uint16_t a_count;
  uint16_t aaaa_count;
  uint8_t name_size;
  uint8_t end_size;  // 0 when the name is its own end.
  uint8_t a;
  uint8_t aaaa;

  const uint8_t* octets() const {
    return reinterpret_cast<const uint8_t*>(this + 1);
  }
  NameView name() const { return NameView::Trusted({octets(), name_size}); }
  NameView end() const {
    if (end_size == 0) return name();
    return NameView::Trusted({octets() + name_size, end_size});
  }

  static size_t SizeFor(const Host& host) {
    const bool alias = !(host.end == host.name);
    return sizeof(Entry) + host.name.size() + (alias ? host.end.size() : 0) +
           4 * host.a.addresses.size() + 16 * host.aaaa.addresses.size();
  }

  void Write(const Host& host, uint32_t expires) {
    const bool alias = !(host.end == host.name);
    expires_ms = expires;
    a_count = static_cast<uint16_t>(host.a.addresses.size());
    aaaa_count = static_cast<uint16_t>(host.aaaa.addresses.size());
    name_size = static_cast<uint8_t>(host.name.size());
    end_size = static_cast<uint8_t>(alias ? host.end.size() : 0);
    a = Pack(host.a);
    aaaa = Pack(host.aaaa);
    uint8_t* out = WriteName(host.name, reinterpret_cast<uint8_t*>(this + 1));
    if (alias) out = WriteName(host.end, out);
    out = WriteAddresses(host.a, 4, out);
    WriteAddresses(host.aaaa, 16, out);
  }
};

HostCache::HostCache(int64_t bytes, uint64_t seed)
    : seed_(seed),
      capacity_(HashIndex::CapacityIn(IndexBytes(AtLeast(bytes)))),
      small_(QueueBytes(AtLeast(bytes)) / 10),
      main_(QueueBytes(AtLeast(bytes)) / 10 * 9),
      ghosts_(GhostCount(AtLeast(bytes))) {}

uint32_t HostCache::TagOf(NameView name) const {
  return static_cast<uint32_t>(name.Hash(seed_));
}

HostCache::Entry& HostCache::at(uint32_t place) {
  ByteRing& ring = (place & kInMain) != 0 ? main_ : small_;
  return *reinterpret_cast<Entry*>(ring.at(place & ~kInMain));
}

uint32_t HostCache::Place(uint32_t tag, NameView name) {
  return index_.Find(tag,
                     [&](uint32_t place) { return at(place).name() == name; });
}

bool HostCache::Find(NameView name, Nanos now, Host& host) {
  const uint32_t place = Place(TagOf(name), name);
  if (place == HashIndex::kNone) return false;
  Entry& entry = at(place);
  if (entry.expires_ms != 0 &&
      std::chrono::milliseconds(entry.expires_ms) <= now) {
    return false;
  }
  if (entry.header.mark < kMostUses) ++entry.header.mark;
  Read(entry, host);
  return true;
}

void HostCache::Read(const Entry& entry, Host& host) {
  const uint8_t* in = entry.octets() + entry.name_size + entry.end_size;
  in = ReadAddresses(in, entry.a_count, IpAddress::Family::kV4, a_);
  ReadAddresses(in, entry.aaaa_count, IpAddress::Family::kV6, aaaa_);
  host.name = entry.name();
  host.end = entry.end();
  host.a = Unpack(entry.a, a_);
  host.aaaa = Unpack(entry.aaaa, aaaa_);
}

void HostCache::Insert(const Host& host, Nanos now) {
  const uint32_t tag = TagOf(host.name);
  const uint32_t old = Place(tag, host.name);
  if (old != HashIndex::kNone) Forget(tag, old);
  const size_t bytes = Entry::SizeFor(host);
  if (bytes > small_.capacity() / 4) return;
  // Whoever was known before was worth remembering.
  const bool known = old != HashIndex::kNone || HasGhost(tag);
  const uint32_t place = Append(known ? Queue::kMain : Queue::kSmall, bytes);
  const auto expires =
      std::chrono::duration_cast<std::chrono::milliseconds>(now + kFailureLife);
  at(place).Write(host, Failed(host) ? expires.count() : 0);
  index_.Insert(tag, place);
}

uint32_t HostCache::Append(Queue queue, size_t bytes) {
  while (index_.size() >= capacity_) KeepOrForget();
  if (queue == Queue::kMain) {
    for (;; EvictMain()) {
      const uint32_t record = main_.Append(bytes, kSlack);
      if (record != ByteRing::kNone) return record | kInMain;
    }
  }
  for (;; EvictSmall()) {
    const uint32_t record = small_.Append(bytes);
    if (record != ByteRing::kNone) return record;
  }
}

void HostCache::KeepOrForget() {
  if (small_.empty()) return EvictMain();
  EvictSmall();
}

void HostCache::EvictSmall() {
  const uint32_t record = small_.oldest();
  if (small_.header(record).mark != ByteRing::kDead) {
    const uint32_t tag = TagOf(at(record).name());
    if (!Promote(tag, record)) DropSmall(tag, record);
  }
  small_.DropOldest();
}

// Moves a record of the small queue to the main one if it has earned it, or
// if there is space that nobody needs.
bool HostCache::Promote(uint32_t tag, uint32_t record) {
  const size_t bytes = small_.header(record).units * ByteRing::kUnit;
  uint32_t to = ByteRing::kNone;
  if (small_.header(record).mark > 0) {
    while ((to = main_.Append(bytes, kSlack)) == ByteRing::kNone) EvictMain();
  } else if (index_.size() < capacity_) {
    to = main_.Append(bytes, kSlack);
  }
  if (to == ByteRing::kNone) return false;
  std::memcpy(main_.at(to), small_.at(record), bytes);
  main_.header(to).mark = 0;
  index_.Move(tag, record, to | kInMain);
  return true;
}

void HostCache::DropSmall(uint32_t tag, uint32_t record) {
  index_.Erase(tag, record);
  ghosts_[tag % ghosts_.size()] = tag;
}

void HostCache::EvictMain() {
  const uint32_t record = main_.oldest();
  const ByteRing::Header header = main_.header(record);
  if (header.mark == ByteRing::kDead) return main_.DropOldest();
  const uint32_t tag = TagOf(at(record | kInMain).name());
  const size_t bytes = header.units * ByteRing::kUnit;
  moving_.assign(main_.at(record), main_.at(record) + bytes);
  main_.DropOldest();
  const uint32_t to = header.mark > 0 ? main_.Append(bytes) : ByteRing::kNone;
  if (to == ByteRing::kNone) return index_.Erase(tag, record | kInMain);
  std::memcpy(main_.at(to), moving_.data(), bytes);
  main_.header(to) = {header.units, header.mark - 1u};
  index_.Move(tag, record | kInMain, to | kInMain);
}

void HostCache::Forget(uint32_t tag, uint32_t place) {
  index_.Erase(tag, place);
  at(place).header.mark = ByteRing::kDead;
}

bool HostCache::HasGhost(uint32_t tag) const {
  return tag != 0 && ghosts_[tag % ghosts_.size()] == tag;
}

size_t HostCache::bytes() const {
  return small_.used_bytes() + main_.used_bytes() + index_.bytes() +
         ghosts_.size() * sizeof(uint32_t);
}

}  // namespace mxscan
