// RunLog is what -v adds to standard error: what a run does, a line for each
// thing, with the time since it began.
//
//   mxscan: 12s, resolver 192.0.2.1 answers again, after 8s
//
// Without -v it says nothing and costs nothing. Whatever happens to a thousand
// resolvers at once, at most kMostLines of one call are written, and then one
// that counts the rest; who calls it does so about once a second. One owner,
// one thread.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "scanner/screen/terminal.h"

namespace mxscan {

class RunLog {
 public:
  using Nanos = std::chrono::nanoseconds;  // Since the run began.

  static constexpr size_t kMostLines = 20;

  RunLog(const Terminal& terminal, bool verbose)
      : terminal_(terminal), on_(verbose) {}

  bool on() const { return on_; }

  // Writes `lines`, which have no ends; control characters in them, which
  // names of files may have, as `?`.
  void Say(Nanos now, std::vector<std::string> lines) const;

 private:
  const Terminal terminal_;
  const bool on_;
};

}  // namespace mxscan
