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

}  // namespace

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
    const Entry& entry = slots_[SlotFor(host.substr(start))];
    if (entry.tail.empty()) break;
    if (entry.value != kNone) found = {entry.value, false, start};
    if (entry.first_glob == kNone || start == 0) continue;
    const size_t below = PreviousLabel(host, start);
    const int value =
        FindGlob(entry.first_glob, host.substr(below, start - 1 - below));
    if (value != kNone) found = {value, true, below};
  }
  return found;
}

}  // namespace mxscan
