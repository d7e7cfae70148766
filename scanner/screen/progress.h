// The status of a running scan, for people: one line on a terminal, redrawn a
// few times a second; a log line now and then where there is no terminal.
// All of it goes to standard error, none of it is for programs.
//
//   500k/~1.00M 50.0%  5.00k/s  mean 4.80k/s  ETA 1m40s  19.9k in flight …
//   waiting for 12 domains, at most 14 s more  500k/500k >99.9%
//
// The two Format functions are pure. A ProgressLine has one owner and one
// thread; time is passed in.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/plan.h"
#include "scanner/screen/terminal.h"

namespace mxscan {

// How far a scan is.
struct ProgressSnapshot {
  struct StatusCount {
    std::string_view word;  // As in the status column.
    int64_t rows = 0;
  };

  // Nothing is begun any more: what is still waited for.
  struct Tail {
    int64_t domains = 0;
    // If anybody can say; what has passed has proved wrong.
    std::optional<std::chrono::nanoseconds> at_most;
    bool interrupted = false;  // By a signal.
  };

  std::chrono::nanoseconds elapsed{};
  int64_t lines_done = 0;
  int64_t lines_before = 0;            // Of these, by earlier runs.
  std::optional<int64_t> lines_total;  // Known, or estimated:
  bool total_is_estimate = false;
  double lines_per_second = 0;  // Lately.
  int64_t in_flight = 0;        // Questions.
  int64_t sent = 0;             // Queries,
  int64_t retried = 0;          // and those of them beyond the first.
  // How long no resolver has answered anything; none while one does.
  std::optional<std::chrono::nanoseconds> unanswered_for;
  std::vector<StatusCount> statuses;
  std::optional<Tail> tail;
};

// At most `columns` wide: what does not fit is left out, the least important
// first. Without control characters, save those of `colours`.
std::string FormatStatusLine(const ProgressSnapshot& snapshot, int columns,
                             bool colours = false);

// Everything, on one line, without its end.
std::string FormatLogLine(const ProgressSnapshot& snapshot);

class ProgressLine {
 public:
  using Nanos = std::chrono::nanoseconds;  // Since the run began.

  // Shows on `terminal` as `mode` says; with `quiet`, nothing at all. Clears
  // its line when it goes.
  ProgressLine(const Terminal& terminal, ProgressMode mode, bool quiet);
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // When to call Show next: 200 ms after the last line on a terminal, 30 s
  // after the last one elsewhere, never when nothing is shown.
  Nanos due() const { return due_; }

  // Shows `snapshot`, whose rate it works out, if it is due at `now`.
  void Show(ProgressSnapshot snapshot, Nanos now);

  // Takes the line off the terminal, so that something else can be written.
  void Clear();

 private:
  enum class Style { kNone, kRedrawn, kLogged };

  void MeasureRate(ProgressSnapshot& snapshot, Nanos now);
  void Redraw(const ProgressSnapshot& snapshot);

  const Terminal terminal_;
  Style style_ = Style::kNone;
  bool drawn_ = false;
  Nanos due_{};
  Nanos measured_at_{};
  int64_t measured_lines_ = 0;
  double rate_ = 0;
};

}  // namespace mxscan
