// Sink writes rows into one place in one format. It is driven by one thread
// (the writer's). Errors are the operator's to mend: the Status names the path
// and says what to do. Codes: kResourceExhausted for no space left (ENOSPC,
// EDQUOT), kCancelled when whoever read a pipe has gone (EPIPE), anything else
// for the rest.

#pragma once

#include "absl/status/status.h"
#include "output/record.h"

namespace mxscan {

class Sink {
 public:
  virtual ~Sink() = default;

  // Appends one row. After an error nothing more is written.
  virtual absl::Status Write(const Record& record) = 0;

  // Hands everything written so far to the operating system, in whole rows.
  virtual absl::Status Flush() = 0;

  // Flush, then whatever ends the format. REQUIRES: called at most once, last.
  virtual absl::Status Finish() = 0;
};

}  // namespace mxscan
