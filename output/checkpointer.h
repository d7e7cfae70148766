// Checkpointer makes the rows of all sinks durable now and then, and tells its
// keeper which they are: how often, when it is due, in which order.
//
//   every sink: what it holds is put away and synced ─► its mark
//   the places of all rows that were written         ─► one Checkpoint
//   the keeper makes that durable as well
//
// It is due when there are rows that no checkpoint has, not more often than
// `every`. Formats that gather rows must put away what they have, and too soon
// makes worse files (sink.h): it waits until one of them is ripe, but not
// longer than kLongestWait times `every`. When one is, the others go with it,
// for a checkpoint is of the same rows in all.
//
// Without a keeper nothing is ever due. One thread; the time is passed in.

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "output/checkpoint.h"
#include "output/place_set.h"
#include "output/record.h"
#include "output/sink.h"

namespace mxscan {

class Checkpointer {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr int kLongestWait = 150;

  // What became of one: the first error, and the sink whose it is, if it is
  // one's and not the keeper's.
  struct Outcome {
    absl::Status status;
    std::optional<size_t> sink;
  };

  // `written` is what earlier runs wrote, and `now` counts as the time of the
  // last checkpoint. `sinks` must outlive this, as must a keeper.
  Checkpointer(const std::vector<std::unique_ptr<Sink>>& sinks,
               CheckpointKeeper* keeper, std::chrono::nanoseconds every,
               PlaceSet written, Time now)
      : sinks_(sinks),
        keeper_(keeper),
        every_(every),
        written_(std::move(written)),
        made_at_(now) {}

  // `rows` went into every sink.
  void OnRows(std::span<const Record> rows);

  // There are rows that no checkpoint has.
  bool is_wanted() const { return is_wanted_; }

  // When the next one is due, if no row comes before; Time::max() for never.
  Time due() const;

  // Makes one. REQUIRES: is_wanted(). Not again after an error.
  Outcome Make();

  // Says when the last one was over. REQUIRES: not before it.
  void Made(Time now) { made_at_ = now; }

 private:
  bool IsRipe() const;

  const std::vector<std::unique_ptr<Sink>>& sinks_;
  CheckpointKeeper* const keeper_;
  const std::chrono::nanoseconds every_;
  PlaceSet written_;  // Kept up only for a keeper.
  bool is_wanted_ = false;
  Time made_at_;
};

}  // namespace mxscan
