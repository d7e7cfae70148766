#include "scanner/classify/suffix_index.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cassert>

namespace mxscan {

namespace {

// A star stands for any letters, none among them.
bool GlobMatches(std::string_view glob, std::string_view label) {
  size_t g = 0;
  size_t star = glob.npos;  // The last one passed,
  size_t tried = 0;         // and where its letters end for now.
  for (size_t i = 0; i < label.size();) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      tried = i;
    } else if (g < glob.size() && glob[g] == label[i]) {
      ++g, ++i;
    } else if (star != glob.npos) {
      g = star + 1;
      i = ++tried;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == glob.npos;
}

uint64_t HashOf(std::string_view tail) {
  return XXH3_64bits(tail.data(), tail.size());
}

// Of the hash, other octets than those that name the slot.
uint64_t BitOf(uint64_t hash) { return hash >> 24; }

}  // namespace

size_t PreviousLabel(std::string_view host, size_t end) {
  // Before `end` stands the dot that parts the labels (or nothing).
  for (size_t i = end - 1; i-- > 0;) {
    if (host[i] == '.' && (i == 0 || host[i - 1] != '\\')) return i + 1;
  }
  return 0;
}

size_t SuffixIndex::SlotFor(std::string_view tail, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  const auto upper = static_cast<uint32_t>(hash >> 32);
  size_t i = hash & mask;
  while (slots_[i].entry != kNone &&
         !(slots_[i].hash == upper && entries_[slots_[i].entry].tail == tail)) {
    i = (i + 1) & mask;
  }
  return i;
}

const SuffixIndex::Entry* SuffixIndex::FindEntry(std::string_view tail) const {
  const uint64_t hash = HashOf(tail);
  const uint64_t bit = BitOf(hash) & (bits_.size() * 64 - 1);
  if ((bits_[bit / 64] >> bit % 64 & 1) == 0) return nullptr;
  const Slot& slot = slots_[SlotFor(tail, hash)];
  return slot.entry == kNone ? nullptr : &entries_[slot.entry];
}

void SuffixIndex::Occupy(Slot& slot, uint64_t hash, size_t entry) {
  slot = {static_cast<uint32_t>(hash >> 32), static_cast<int>(entry)};
  const uint64_t bit = BitOf(hash) & (bits_.size() * 64 - 1);
  bits_[bit / 64] |= uint64_t{1} << bit % 64;
}

void SuffixIndex::Grow() {
  slots_.assign(slots_.size() * 2, Slot());
  bits_.assign(bits_.size() * 2, 0);
  for (size_t i = 0; i < entries_.size(); ++i) {
    const uint64_t hash = HashOf(entries_[i].tail);
    Occupy(slots_[SlotFor(entries_[i].tail, hash)], hash, i);
  }
}

SuffixIndex::Entry& SuffixIndex::EntryFor(std::string_view tail) {
  // Half full at most.
  if (2 * (entries_.size() + 1) > slots_.size()) Grow();
  const uint64_t hash = HashOf(tail);
  Slot& slot = slots_[SlotFor(tail, hash)];
  if (slot.entry == kNone) {
    Occupy(slot, hash, entries_.size());
    entries_.push_back({tail});
  }
  return entries_[slot.entry];
}

void SuffixIndex::AddTails(std::string_view suffix) {
  int labels = 0;
  for (size_t start = suffix.size() + 1; start > 0; ++labels) {
    start = PreviousLabel(suffix, start);
    EntryFor(suffix.substr(start));
  }
  min_labels_ = std::min(min_labels_, labels);
}

bool SuffixIndex::Add(std::string_view suffix, int value) {
  assert(value >= 0 && !suffix.empty());
  AddTails(suffix);
  Entry& whole = EntryFor(suffix);
  if (whole.value != kNone) return false;
  whole.value = value;
  return true;
}

bool SuffixIndex::AddPattern(std::string_view pattern, int value) {
  const size_t dot = pattern.find('.');
  assert(value >= 0 && dot != pattern.npos && pattern.find('*') < dot);
  const std::string_view label = pattern.substr(0, dot);
  const std::string_view tail = pattern.substr(dot + 1);
  AddTails(tail);
  int* link = &EntryFor(tail).first_glob;
  while (*link != kNone) {
    if (globs_[*link].label == label) return false;
    link = &globs_[*link].next;
  }
  *link = static_cast<int>(globs_.size());
  globs_.push_back({label, value, kNone});
  return true;
}

int SuffixIndex::FindGlob(int first, std::string_view label) const {
  for (int i = first; i != kNone; i = globs_[i].next) {
    if (GlobMatches(globs_[i].label, label)) return globs_[i].value;
  }
  return kNone;
}

SuffixIndex::Match SuffixIndex::Find(std::string_view host) const {
  Match found;
  int labels = 0;
  for (size_t start = host.size() + 1; start > 0;) {
    start = PreviousLabel(host, start);
    if (++labels < min_labels_) continue;
    const Entry* const entry = FindEntry(host.substr(start));
    if (entry == nullptr) break;
    if (entry->value != kNone) found = {entry->value, false, start};
    if (entry->first_glob == kNone || start == 0) continue;
    const size_t below = PreviousLabel(host, start);
    const int value =
        FindGlob(entry->first_glob, host.substr(below, start - 1 - below));
    if (value != kNone) found = {value, true, below};
  }
  return found;
}

}  // namespace mxscan
