// PlaceSet holds the places of rows (0, 1, 2, …) that were written. Rows come
// nearly in order, so it fills up from below: a low-water mark, and a bit for
// every place between it and the highest. A straggler that keeps the mark down
// costs a bit for every row that overtakes it. One thread.

#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "absl/status/statusor.h"

namespace mxscan {

class PlaceSet {
 public:
  // Places may lie so far above the low-water mark (32 MiB of bits).
  static constexpr int64_t kMostAhead = int64_t{1} << 28;

  // REQUIRES: not in the set, and less than kMostAhead above low().
  void Add(int64_t place);

  bool Contains(int64_t place) const;

  // How many there are.
  int64_t size() const { return size_; }

  // The first place that is not in the set.
  int64_t low() const;

  // The low-water mark; then how many follow that are not in the set, how many
  // that are, and so on: `1000 1 3 2 40`.
  std::string ToText() const;

  // kDataLoss for a text that is not ToText's of some set.
  static absl::StatusOr<PlaceSet> Parse(const std::string& text);

 private:
  // Adds all of [first, end). REQUIRES: as Add.
  void AddRun(int64_t first, int64_t end);
  void DropFullWords();

  // Bit i of word w stands for place base_ + 64 w + i; all before is in the
  // set. The first word is not full.
  int64_t base_ = 0;
  std::deque<uint64_t> words_;
  int64_t size_ = 0;
};

}  // namespace mxscan
