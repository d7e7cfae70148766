// What the writer tells of rows while a run goes on: that they were written,
// and, now and then, that they will outlive a loss of power.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "output/durable_mark.h"
#include "output/record.h"

namespace mxscan {

class RowWatcher {
 public:
  virtual ~RowWatcher() = default;

  // `rows` went into every sink. Called on the writer's thread.
  virtual void OnRows(std::span<const Record> rows) noexcept = 0;
};

// One moment of a run that a later one can go on from: in every output the
// rows of the same places, and of no others.
struct Checkpoint {
  std::vector<DurableMark> marks;  // By sink: what is new since the last.
  std::string places;  // A PlaceSet: all rows, also of earlier runs.
};

class CheckpointKeeper {
 public:
  virtual ~CheckpointKeeper() = default;

  // Returns when `checkpoint` itself is durable; an error ends the run. Every
  // row in it was shown to the watcher before, and no other. Called on the
  // writer's thread.
  virtual absl::Status Keep(const Checkpoint& checkpoint) noexcept = 0;
};

}  // namespace mxscan
