// Feeder reads the input on a thread of its own and gives each line to the
// shard that its domain's hash names: equal domains meet in one shard, where
// they share one answer, and a shard's part does not depend on timing.
//
// Lines wait in bounded queues, so a scan that is behind stops the reading.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "output/place_set.h"
#include "scanner/input/domain_source.h"
#include "scanner/run/line_queue.h"

namespace mxscan {

class Feeder {
 public:
  // Starts reading. `source` and `queues` must outlive the feeder; it closes
  // the queues when the input ends. Lines whose place is in `done` are counted
  // and given to nobody: they have their rows.
  Feeder(DomainSource& source, std::deque<LineQueue>& queues,
         PlaceSet done = {});
  ~Feeder();  // As Stop.

  // Reads no further and drops what no shard has taken. Any thread.
  void Stop();

  // What became of the reading. REQUIRES: the queues are closed.
  absl::Status Join();

  // Lines given out so far, or done before. Any thread.
  int64_t lines() const { return lines_.load(std::memory_order_relaxed); }

  // The input that the last of them came from, by its number; -1 before the
  // first. Any thread.
  int input() const { return input_.load(std::memory_order_relaxed); }

  // How many lines there will be, if the rest of the input is like what the
  // lines so far took of it (the part before the first, which may have been
  // skipped, apart); nullopt while nobody can tell. Any thread.
  std::optional<int64_t> EstimateLines() const;

  // The whole input was read. Any thread.
  bool at_end() const { return at_end_.load(); }

 private:
  void Run();
  absl::Status ReadAll();
  void CountLine(const InputLine& line);
  LineQueue& QueueFor(const InputLine& line);

  DomainSource& source_;
  std::deque<LineQueue>& queues_;
  const PlaceSet done_;
  std::atomic<int64_t> lines_{0};
  std::atomic<int> input_{-1};
  // Octets of input up to the end of the first line, and of the last so far.
  std::atomic<int64_t> first_used_{0};
  std::atomic<int64_t> used_{0};
  std::atomic<bool> at_end_{false};
  std::atomic<bool> stopped_{false};
  absl::Status status_;
  std::thread thread_;  // Last: it uses the rest.
};

}  // namespace mxscan
