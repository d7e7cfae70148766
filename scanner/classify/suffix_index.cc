#include "scanner/classify/suffix_index.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cassert>

namespace mxscan {

size_t PreviousLabel(std::string_view host, size_t end) {
  // Before `end` stands the dot that parts the labels (or nothing).
  for (size_t i = end - 1; i-- > 0;) {
    if (host[i] == '.' && (i == 0 || host[i - 1] != '\\')) return i + 1;
  }
  return 0;
}

size_t SuffixIndex::SlotFor(std::string_view tail) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = XXH3_64bits(tail.data(), tail.size()) & mask;
  while (!slots_[slot].tail.empty() && slots_[slot].tail != tail) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void SuffixIndex::Grow() {
  std::vector<Entry> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Entry& entry : old) {
    if (!entry.tail.empty()) slots_[SlotFor(entry.tail)] = entry;
  }
}

SuffixIndex::Entry& SuffixIndex::EntryFor(std::string_view tail) {
  if (Entry& entry = slots_[SlotFor(tail)]; !entry.tail.empty()) return entry;
  if (4 * (used_ + 1) > slots_.size()) Grow();  // A quarter full at most.
  ++used_;
  Entry& entry = slots_[SlotFor(tail)];
  entry.tail = tail;
  return entry;
}

bool SuffixIndex::Add(std::string_view suffix, int value) {
  assert(value >= 0 && !suffix.empty());
  int labels = 0;
  for (size_t start = suffix.size() + 1; start > 0; ++labels) {
    start = PreviousLabel(suffix, start);
    EntryFor(suffix.substr(start));
  }
  min_labels_ = std::min(min_labels_, labels);
  Entry& whole = EntryFor(suffix);
  if (whole.value != kNone) return false;
  whole.value = value;
  return true;
}

int SuffixIndex::Find(std::string_view host) const {
  int found = kNone;
  int labels = 0;
  for (size_t start = host.size() + 1; start > 0;) {
    start = PreviousLabel(host, start);
    if (++labels < min_labels_) continue;
    const Entry& entry = slots_[SlotFor(host.substr(start))];
    if (entry.tail.empty()) break;
    if (entry.value != kNone) found = entry.value;
  }
  return found;
}

}  // namespace mxscan
