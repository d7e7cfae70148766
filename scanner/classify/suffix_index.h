// SuffixIndex finds the longest of a set of name suffixes that a host ends in,
// label by label, and knows patterns, whose first label has stars in it:
// `vps*.ovh.net` is any host at or below a label that begins with `vps`, below
// `ovh.net`. A pattern is as long as it has labels; of two as long, the suffix
// without a star wins, and of two patterns the one that was added first.
//
// It is a trie over labels from the right, kept flat: every tail of every
// suffix (`com`, `google.com`, `l.google.com`, `aspmx.l.google.com`) is an
// entry of one open-addressed hash table, and the stars of a label are with the
// tail below which they stand. A search walks the host's tails from
// the shortest on and stops at the first that is no entry, so that a host that
// belongs to nobody is known as such after two or three probes. Before each
// probe a bit is asked, one of some eight for each entry: in a scan the table
// is pushed out of the processor's caches again and again, while the bits stay.
// The walk begins at the labels of the shortest suffix, since tails shorter
// than that decide nothing.
//
// The views added must outlive the index. Built once, then only read: any
// thread.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mxscan {

// The start of the label of `host` (text as in name.h) that ends before `end`:
// host.size() + 1 for the last label, then the start of the one found before.
// 0 when it is the first. A dot after a backslash belongs to its label.
// REQUIRES: 0 < end <= host.size() + 1.
size_t PreviousLabel(std::string_view host, size_t end);

class SuffixIndex {
 public:
  static constexpr int kNone = -1;

  struct Match {
    int value = kNone;
    bool by_pattern = false;
    size_t start = 0;  // Of the tail that fits, in the host.
  };

  // Gives `suffix` the `value`. False when it has one already, and keeps it.
  // REQUIRES: value >= 0; `suffix` is a name as in name.h, and not empty.
  bool Add(std::string_view suffix, int value);

  // The same for a pattern. REQUIRES: its first label has a star, and what
  // follows that label's dot is such a name.
  bool AddPattern(std::string_view pattern, int value);

  // What fits `host` best; a value of kNone when nothing does.
  Match Find(std::string_view host) const;

 private:
  static constexpr size_t kFirstSlots = 64;

  struct Slot {
    uint32_t hash = 0;  // The upper half of it.
    int entry = kNone;  // An index of entries_; kNone in a free slot.
  };

  struct Entry {
    std::string_view tail;
    int value = kNone;       // kNone for a tail that is no suffix itself.
    int first_glob = kNone;  // Of the patterns just below; an index of globs_.
  };

  struct Glob {
    std::string_view label;
    int value = kNone;
    int next = kNone;  // Of the same tail, in the order they came.
  };

  // The slot that holds the tail of this hash, or the free one where it
  // belongs.
  size_t SlotFor(std::string_view tail, uint64_t hash) const;
  Entry& EntryFor(std::string_view tail);
  const Entry* FindEntry(std::string_view tail) const;
  void Occupy(Slot& slot, uint64_t hash, size_t entry);
  void AddTails(std::string_view suffix);
  int FindGlob(int first, std::string_view label) const;
  void Grow();

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);
  // Four for a slot: set for some entry, or for sure for none.
  std::vector<uint64_t> bits_ = std::vector<uint64_t>(kFirstSlots * 4 / 64);
  std::vector<Entry> entries_;
  std::vector<Glob> globs_;
  int min_labels_ = 1 << 10;  // Of the shortest suffix.
};

}  // namespace mxscan
