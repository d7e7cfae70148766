#include "resolver/cache/host_cache.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace mxscan {
namespace {

// Shares of the memory: a quarter for the index, 1/32 for fingerprints, and
// of the rest a tenth for the small queue.
size_t IndexBytes(int64_t bytes) { return bytes / 4; }
size_t GhostCount(int64_t bytes) { return bytes / 32 / sizeof(uint32_t); }
size_t QueueBytes(int64_t bytes) {
  return bytes - IndexBytes(bytes) - GhostCount(bytes) * sizeof(uint32_t);
}

int64_t InBounds(int64_t bytes) {
  return std::clamp(bytes, HostCache::kSmallest, HostCache::kLargest);
}

// A place is a record of one of the two rings.
constexpr uint32_t kInMain = uint32_t{1} << 31;
constexpr uint32_t kMostUses = 3;
// Kept free in the main queue, so that an entry which is sent round finds
// room even where it does not fit before the ring's end.
constexpr size_t kSlack = 1024;
bool Failed(const Host& host) {
  return !IsDefinitive(host.a.outcome) || !IsDefinitive(host.aaaa.outcome);
}

}  // namespace

// A record of the rings. The header's mark counts uses.
struct HostCache::Entry {
  ByteRing::Header header;
  uint32_t expires_ms;  // 0 for never.
  PackedHost host;      // With what belongs to it behind.
};

HostCache::HostCache(int64_t bytes, uint64_t seed)
    : seed_(seed),
      capacity_(HashIndex::CapacityIn(IndexBytes(InBounds(bytes)))),
      small_(QueueBytes(InBounds(bytes)) / 10),
      main_(QueueBytes(InBounds(bytes)) / 10 * 9),
      ghost_count_(GhostCount(InBounds(bytes))),
      ghosts_(
          static_cast<uint32_t*>(std::calloc(ghost_count_, sizeof(uint32_t)))) {
}

HostCache::Entry& HostCache::at(uint32_t place) {
  ByteRing& ring = (place & kInMain) != 0 ? main_ : small_;
  return *reinterpret_cast<Entry*>(ring.at(place & ~kInMain));
}

uint32_t HostCache::Place(uint32_t tag, NameView name) {
  return index_.Find(
      tag, [&](uint32_t place) { return at(place).host.name() == name; });
}

bool HostCache::Find(uint32_t tag, NameView name, Nanos now, Host& host) {
  const uint32_t place = Place(tag, name);
  if (place == HashIndex::kNone) return false;
  Entry& entry = at(place);
  if (entry.expires_ms != 0 &&
      std::chrono::milliseconds(entry.expires_ms) <= now) {
    return false;
  }
  if (entry.header.mark < kMostUses) ++entry.header.mark;
  entry.host.Unpack(addresses_, host);
  return true;
}

void HostCache::Insert(uint32_t tag, const Host& host, Nanos now) {
  const uint32_t old = Place(tag, host.name);
  if (old != HashIndex::kNone) Forget(tag, old);
  const size_t bytes = offsetof(Entry, host) + PackedHost::SizeOf(host);
  if (bytes > small_.capacity() / 4) return;
  // Whoever was known before was worth remembering.
  const bool known = old != HashIndex::kNone || HasGhost(tag);
  const uint32_t place = Append(known ? Queue::kMain : Queue::kSmall, bytes);
  const auto expires =
      std::chrono::duration_cast<std::chrono::milliseconds>(now + kFailureLife);
  Entry& entry = at(place);
  entry.expires_ms = Failed(host) ? expires.count() : 0;
  entry.host.Pack(host);
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
    const uint32_t tag = TagOf(at(record).host.name());
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
  ghosts_[tag % ghost_count_] = tag;
  any_ghosts_ = true;
}

void HostCache::EvictMain() {
  const uint32_t record = main_.oldest();
  const ByteRing::Header header = main_.header(record);
  if (header.mark == ByteRing::kDead) return main_.DropOldest();
  const uint32_t tag = TagOf(at(record | kInMain).host.name());
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
  return any_ghosts_ && tag != 0 && ghosts_[tag % ghost_count_] == tag;
}

size_t HostCache::bytes() const {
  return small_.used_bytes() + main_.used_bytes() + index_.bytes() +
         ghost_count_ * sizeof(uint32_t);
}

}  // namespace mxscan
