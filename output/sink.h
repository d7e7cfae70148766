// Sink writes rows into one place in one format. It is driven by one thread
// (the writer's). Errors are the operator's to mend: the Status names the path
// and says what to do. Codes: kResourceExhausted for no space left (ENOSPC,
// EDQUOT), kCancelled when whoever read a pipe has gone (EPIPE), anything else
// for the rest.
//
// A sink whose destination is a file can make its rows outlive a loss of power
// and say how a later run goes on behind them. That run opens the sink with
// all marks so far, appended to one another: it finds its files as they were
// at the last of them, whatever was written after it, and takes the rows that
// follow.

#pragma once

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "output/durable_mark.h"
#include "output/record.h"

namespace mxscan {

class Sink {
 public:
  // How dear a checkpoint would be just now, besides the wait for the disk.
  // Formats that gather rows must put away what they have: too soon makes
  // worse files.
  enum class Ripeness : uint8_t {
    kAlwaysRipe,  // Costs nothing at any time.
    kUnripe,      // Better to wait.
    kRipe,        // Costs nothing now, and will again only after many rows.
  };

  virtual ~Sink() = default;

  // Appends rows: formats that go by columns do better with many at a time.
  // After an error nothing more is written.
  virtual absl::Status Write(std::span<const Record> records) = 0;

  // Hands everything written so far to the operating system, in whole rows.
  virtual absl::Status Flush() = 0;

  // Makes every row so far durable; returns what is new since the last mark.
  // Rows may follow. REQUIRES: the destination is a regular file.
  virtual absl::StatusOr<DurableMark> Checkpoint() = 0;
  virtual Ripeness ripeness() const { return Ripeness::kAlwaysRipe; }

  // Flush, then whatever ends the format. REQUIRES: called at most once, last.
  virtual absl::Status Finish() = 0;

  // In place of Finish when lines are left that have no row: the rows so far
  // are as readable as the format allows, and a later run may go on behind the
  // last mark.
  virtual absl::Status Suspend() { return Finish(); }
};

}  // namespace mxscan
