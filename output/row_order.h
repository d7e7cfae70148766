// RowOrder gives rows back in the order of their places (0, 1, 2, …), in
// whatever order batches bring them. A batch stays here until all of its rows
// have been given.
//
// It is bounded: no row may come whose place is `window` or more ahead of the
// first that is missing. Whoever starts work sees to that, so that memory is
// that of `window` rows at most, however late a row is.
//
// One thread.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "output/record.h"

namespace mxscan {

class RowOrder {
 public:
  using Batch = std::unique_ptr<RecordBatch>;

  // Begins at place `first`. REQUIRES: window >= 1.
  explicit RowOrder(int64_t window, int64_t first = 0);

  // Takes a batch. REQUIRES: its rows' places are new, and within the window.
  void Add(Batch batch);

  // The row at next(), or null when it is not there yet. The row holds until
  // the next TakeSpent.
  const Record* Next();

  // As Next, but passes over places whose row is missing. For the end, when
  // no more rows will come; null when none is left.
  const Record* NextThereIs();

  // A batch all of whose rows have been given, or null.
  Batch TakeSpent();

  // The first place whose row was not given.
  int64_t next() const { return next_; }

 private:
  struct Held {
    Batch batch;
    size_t left = 0;   // Rows of it that were not given.
    size_t index = 0;  // Of itself, in held_.
  };
  struct Slot {
    const Record* row = nullptr;
    Held* held = nullptr;
  };

  void Release(Held& held);

  std::vector<Slot> ring_;  // By place, modulo its size.
  int64_t next_ = 0;
  int64_t waiting_ = 0;  // Rows in the ring.
  std::vector<std::unique_ptr<Held>> held_;
  std::vector<Batch> spent_;
};

}  // namespace mxscan
