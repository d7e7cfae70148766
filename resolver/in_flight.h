// InFlight is the ledger of attempts from Start to Release: their slots, the
// (port, id) under which replies will find them, and when their time is up.
//
// Slots are made in chunks, stay where they are, and are used again, the last
// one freed first, so that as much memory is touched as attempts are open at
// once. Ids lie in one table of 2^16 for each port: a reply finds its attempt
// by two indexings and no hashing. An id is drawn at random among those not
// in use on its port; half of them at most ever are, so that two draws are
// enough on average.
//
// An AttemptId carries the generation of its slot, so that one from before a
// Release finds nothing. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "resolver/engine.h"
#include "resolver/net/deadline_wheel.h"
#include "resolver/random_bits.h"
#include "resolver/wire/query_writer.h"

namespace mxscan {

class AttemptList;

// One attempt. A reply reads one cache line, and as much of the next as the
// name is long.
struct alignas(64) Attempt {
  AttemptList* list = nullptr;  // The one list that it is in.
  Attempt* next = nullptr;
  Attempt* previous = nullptr;
  Nanos sent_at{};
  Nanos timeout{};
  uint32_t slot = 0;
  uint32_t generation = 0;
  uint32_t token = 0;
  int32_t upstream = 0;
  int32_t line = -1;   // The TCP connection that it went over.
  int16_t table = -1;  // Where its id is in use; -1 when it has none.
  uint16_t id = 0;

  Protocol protocol = Protocol::kUdp;
  bool in_use = false;
  bool silent = false;  // OnSilence was reported.
  QueryFlags flags;
  uint16_t section_size = 0;
  std::array<uint8_t, kMaxSectionOctets> octets;  // Of the section.

  // The question section, in the letters that are sent.
  absl::Span<const uint8_t> section() const {
    return {octets.data(), section_size};
  }
};

// Attempts in the order in which they came. An attempt is in one at most.
class AttemptList {
 public:
  bool empty() const { return first_ == nullptr; }
  int size() const { return size_; }
  Attempt* front() const { return first_; }

  // REQUIRES: `attempt` is in no list.
  void PushBack(Attempt& attempt);
  // REQUIRES: `attempt` is in this list.
  void Remove(Attempt& attempt);

 private:
  Attempt* first_ = nullptr;
  Attempt* last_ = nullptr;
  int size_ = 0;
};

class InFlight {
 public:
  // Half of all ids: beyond that, drawing a free one takes too long.
  static constexpr int kMostPerTable = 1 << 15;

  // `random` must outlive the ledger.
  InFlight(int max_attempts, int tables, RandomBits& random);

  // Takes a slot, its fields as they were left; nullptr when all are taken.
  Attempt* Add();

  // Gives the slot back: its id, its deadline and its place in a list too.
  void Remove(Attempt& attempt);

  // The attempt that `id` names, or nullptr when it was removed.
  Attempt* Find(AttemptId id);
  AttemptId IdOf(const Attempt& attempt) const {
    return AttemptId{uint64_t{attempt.generation} << 32 | attempt.slot};
  }

  // Gives `attempt` a random id in `table`; false when the table is full.
  // REQUIRES: it has none.
  bool Bind(Attempt& attempt, int table) {
    return Bind(attempt, table, DraftId(table));
  }
  // The same in two steps, so that many attempts wait for memory together:
  // the id is the one drafted, unless that is in use.
  uint16_t DraftId(int table) {
    const uint16_t id = random_.Draw16();
    FetchId(table, id);
    return id;
  }
  bool Bind(Attempt& attempt, int table, uint16_t id);
  // Nothing happens when it has none.
  void Unbind(Attempt& attempt);
  int used(int table) const { return tables_[table].used; }
  bool HasRoom(int table) const { return tables_[table].used < kMostPerTable; }

  // Has Match for that id, and then what it finds, come from memory.
  void FetchId(int table, uint16_t id) const {
    __builtin_prefetch(&tables_[table].slots[id]);
  }
  Attempt* FetchMatch(int table, uint16_t id) {
    Attempt* const attempt = Match(table, id);
    if (attempt == nullptr) return nullptr;
    __builtin_prefetch(attempt);
    __builtin_prefetch(attempt->octets.data());
    return attempt;
  }

  // And then what Remove takes: first this, then, once that is there, the
  // rest.
  void FetchDeadline(const Attempt& attempt) const {
    deadlines_.Fetch(attempt.slot);
  }
  void FetchDeadlinesBeside(const Attempt& attempt) const {
    deadlines_.FetchBeside(attempt.slot);
  }

  // The attempt with that id in that table, or nullptr.
  Attempt* Match(int table, uint16_t id) {
    const uint32_t entry = tables_[table].slots[id];
    return entry == 0 ? nullptr : &At(entry - 1);
  }

  // The attempt's time runs from `at`.
  void MarkSent(Attempt& attempt, Nanos at);
  // Nobody will answer: the attempt has no deadline, and waits to be
  // reported. REQUIRES: it is in no list.
  void MarkUnreachable(Attempt& attempt);

  // Takes one attempt whose time was up at `now`, or nullptr.
  Attempt* PopSilent(Nanos now);
  // Takes one attempt that was marked unreachable, or nullptr.
  Attempt* PopUnreachable();

  // When to look for silent or unreachable ones again.
  Nanos NextDue() const;

 private:
  static constexpr int kChunk = 1024;

  // Slots by id, from 1; 0 for an id that is not in use.
  struct IdTable {
    std::vector<uint32_t> slots = std::vector<uint32_t>(1 << 16, 0);
    int used = 0;
  };

  Attempt& At(uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  bool Grow();

  const uint32_t max_attempts_;
  uint32_t made_ = 0;
  RandomBits& random_;
  std::vector<std::unique_ptr<Attempt[]>> chunks_;
  Attempt* free_ = nullptr;  // Linked through `next`.
  std::vector<IdTable> tables_;
  DeadlineWheel deadlines_;
  AttemptList unreachable_;
};

}  // namespace mxscan
