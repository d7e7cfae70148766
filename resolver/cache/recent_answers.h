// RecentAnswers remembers the latest answers, whatever their type, in a fixed
// number of octets, so that a list which names a domain twice within a while
// asks once. It is a ring: the newest answer pushes out the oldest, and one
// that was asked for since it came is sent round again, as a new one, once for
// each time it is pushed (CLOCK). (For hosts, of which most are never asked for
// again, there is host_cache.h.)
//
// A block is kept as it is and not looked into. One thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "resolver/cache/byte_ring.h"
#include "resolver/cache/hash_index.h"
#include "resolver/question.h"

namespace mxscan {

class RecentAnswers {
 public:
  using Nanos = std::chrono::nanoseconds;
  using Block = absl::Span<const uint8_t>;

  explicit RecentAnswers(size_t bytes) : ring_(bytes) {}

  // The answer to the same name, type and flags, if it is still held and good
  // at `now`; empty otherwise. Aligned to 8; holds until the next Insert.
  // `tag` is a hash of the question, any, but always the same one.
  Block Find(uint32_t tag, const Question& question, Nanos now);

  // Keeps `block` until `until`, or until pushed out. One that is larger than
  // a quarter of the ring is not kept.
  void Insert(uint32_t tag, const Question& question, Block block, Nanos until);

  // Has the processor fetch what Find and Insert begin with.
  void Fetch(uint32_t tag) const { index_.Fetch(tag); }

  size_t size() const { return index_.size(); }

 private:
  struct Record;

  uint32_t Position(uint32_t tag, const Question& question);
  void FetchOldest();
  uint32_t MakeRoom(size_t bytes);
  void DropOldest();
  void Forget(uint32_t position);

  ByteRing ring_;
  HashIndex index_;
  std::vector<uint8_t> moving_;  // A record on its way round.
};

}  // namespace mxscan
