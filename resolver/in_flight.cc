#include "resolver/in_flight.h"

#include <algorithm>
#include <cassert>

namespace mxscan {

void AttemptList::PushBack(Attempt& attempt) {
  assert(attempt.list == nullptr);
  attempt.list = this;
  attempt.next = nullptr;
  attempt.previous = last_;
  (last_ == nullptr ? first_ : last_->next) = &attempt;
  last_ = &attempt;
  ++size_;
}

void AttemptList::Remove(Attempt& attempt) {
  assert(attempt.list == this);
  attempt.list = nullptr;
  Attempt* const next = attempt.next;
  Attempt* const previous = attempt.previous;
  (previous == nullptr ? first_ : previous->next) = next;
  (next == nullptr ? last_ : next->previous) = previous;
  --size_;
}

InFlight::InFlight(int max_attempts, int tables, RandomBits& random)
    : max_attempts_(static_cast<uint32_t>(max_attempts)),
      random_(random),
      tables_(static_cast<size_t>(tables)),
      deadlines_(max_attempts_) {
  chunks_.reserve(max_attempts_ / kChunk + 1);
}

bool InFlight::Grow() {
  const uint32_t count = std::min<uint32_t>(kChunk, max_attempts_ - made_);
  if (count == 0) return false;
  chunks_.push_back(std::make_unique<Attempt[]>(count));
  // The lowest slot is to be the first one taken.
  for (uint32_t i = count; i-- > 0;) {
    Attempt& attempt = chunks_.back()[i];
    attempt.slot = made_ + i;
    attempt.next = free_;
    free_ = &attempt;
  }
  made_ += count;
  return true;
}

Attempt* InFlight::Add() {
  if (free_ == nullptr && !Grow()) return nullptr;
  Attempt* const attempt = free_;
  free_ = attempt->next;
  attempt->in_use = true;
  return attempt;
}

void InFlight::Remove(Attempt& attempt) {
  assert(attempt.in_use);
  if (attempt.list != nullptr) attempt.list->Remove(attempt);
  deadlines_.Cancel(attempt.slot);
  Unbind(attempt);
  attempt.in_use = false;
  ++attempt.generation;
  attempt.next = free_;
  free_ = &attempt;
}

Attempt* InFlight::Find(AttemptId id) {
  const uint32_t slot = static_cast<uint32_t>(id);
  const auto generation =
      static_cast<uint32_t>(static_cast<uint64_t>(id) >> 32);
  if (slot >= made_) return nullptr;
  Attempt& attempt = At(slot);
  if (!attempt.in_use || attempt.generation != generation) return nullptr;
  return &attempt;
}

bool InFlight::Bind(Attempt& attempt, int table, uint16_t id) {
  assert(attempt.table < 0);
  if (!HasRoom(table)) return false;
  IdTable& ids = tables_[table];
  while (ids.slots[id] != 0) id = random_.Draw16();
  ids.slots[id] = attempt.slot + 1;
  ++ids.used;
  attempt.table = static_cast<int16_t>(table);
  attempt.id = id;
  return true;
}

void InFlight::Unbind(Attempt& attempt) {
  if (attempt.table < 0) return;
  IdTable& ids = tables_[attempt.table];
  ids.slots[attempt.id] = 0;
  --ids.used;
  attempt.table = -1;
}

void InFlight::MarkSent(Attempt& attempt, Nanos at) {
  attempt.sent_at = at;
  deadlines_.Schedule(attempt.slot, at + attempt.timeout);
}

void InFlight::MarkUnreachable(Attempt& attempt) {
  deadlines_.Cancel(attempt.slot);
  Unbind(attempt);
  unreachable_.PushBack(attempt);
}

Attempt* InFlight::PopSilent(Nanos now) {
  uint32_t slot;
  return deadlines_.PopDue(now, &slot) ? &At(slot) : nullptr;
}

Attempt* InFlight::PopUnreachable() {
  Attempt* const attempt = unreachable_.front();
  if (attempt != nullptr) unreachable_.Remove(*attempt);
  return attempt;
}

Nanos InFlight::NextDue() const {
  return unreachable_.empty() ? deadlines_.NextDue() : Nanos::zero();
}

}  // namespace mxscan
