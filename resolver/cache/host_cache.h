// HostCache remembers the addresses of hosts in a bounded number of octets.
//
// The workload is known: 98 % of all mail hosts serve one domain and are never
// asked for again, while a few thousand serve millions. Under LRU the first
// kind, arriving in millions, would push out the second. So this is S3-FIFO
// (Yang et al., SOSP 2023): a host enters a small queue, a tenth of the
// memory. If it is asked for again while there it moves to the main queue,
// otherwise it is forgotten but for a fingerprint; a host that comes back
// while its fingerprint lasts goes to the main queue at once. At the end of
// the main queue whoever was asked for since is sent round again. A flood of
// singletons thus flows through the small queue and never touches the main
// one, and a hit costs no more than a counter. As long as the main queue has
// free space nothing at all is forgotten.
//
// Both queues are rings of octets (byte_ring.h), so that entries of different
// sizes leave no holes: nothing is allocated per host, nothing freed. An entry
// is 16 octets, the name, the end of its alias chain if it has one, 4 octets
// for each IPv4 address and 16 for each IPv6 address, plus 11 to 22 of index
// and fingerprint: at most 64 and the name for a host with one of each.
// Memory is touched only as it fills.
//
// Definitive answers stay for the run, hosts one of whose families failed
// only kFailureLife. One thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "resolver/cache/byte_ring.h"
#include "resolver/cache/hash_index.h"
#include "resolver/cache/packed_host.h"
#include "resolver/host.h"

namespace mxscan {

class HostCache {
 public:
  using Nanos = std::chrono::nanoseconds;

  static constexpr Nanos kFailureLife = std::chrono::seconds(30);
  static constexpr int64_t kSmallest = 64 << 10;
  // A place in a queue is 31 bits of eight octets.
  static constexpr int64_t kLargest = int64_t{16} << 30;

  // Uses at most `bytes` (within kSmallest and kLargest). `seed` makes crafted
  // collisions hard.
  HostCache(int64_t bytes, uint64_t seed);

  // What a name is looked for by. Whoever calls for one name several times
  // makes this out once.
  uint32_t TagOf(NameView name) const {
    return static_cast<uint32_t>(name.Hash(seed_));
  }

  // Has the processor fetch what Find and Insert begin with.
  void Fetch(uint32_t tag) const { index_.Fetch(tag); }

  // True when `name`, of this tag, is known at `now`; then fills `host`, whose
  // views hold until the next call of anything here.
  bool Find(uint32_t tag, NameView name, Nanos now, Host& host);
  bool Find(NameView name, Nanos now, Host& host) {
    return Find(TagOf(name), name, now, host);
  }

  // Remembers `host`, in place of what was known of its name, of this tag.
  void Insert(uint32_t tag, const Host& host, Nanos now);
  void Insert(const Host& host, Nanos now) {
    Insert(TagOf(host.name), host, now);
  }

  size_t size() const { return index_.size(); }
  // In use: queues, index, fingerprints.
  size_t bytes() const;

 private:
  struct Entry;
  enum class Queue : uint8_t { kSmall, kMain };

  Entry& at(uint32_t place);
  uint32_t Place(uint32_t tag, NameView name);
  uint32_t Append(Queue queue, size_t bytes);
  void EvictSmall();
  void EvictMain();
  void KeepOrForget();
  void Forget(uint32_t tag, uint32_t place);
  void DropSmall(uint32_t tag, uint32_t record);
  bool Promote(uint32_t tag, uint32_t record);
  bool HasGhost(uint32_t tag) const;

  uint64_t seed_;
  size_t capacity_;  // Of entries, so that the index stays in its bounds.
  ByteRing small_;
  ByteRing main_;
  HashIndex index_;
  // Fingerprints; a newer one overwrites. From calloc, so that of these too
  // memory is touched only as it fills.
  struct Free {
    void operator()(uint32_t* memory) const { std::free(memory); }
  };
  size_t ghost_count_;
  std::unique_ptr<uint32_t[], Free> ghosts_;
  // Until then nobody looks for one: to read memory is to touch it.
  bool any_ghosts_ = false;
  std::vector<uint8_t> moving_;  // An entry on its way round the main queue.
  HostAddresses addresses_;      // What Find's views point to.
};

}  // namespace mxscan
