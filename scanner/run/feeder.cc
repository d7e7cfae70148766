#include "scanner/run/feeder.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mxscan {
namespace {

// Only spreads domains over shards; hostile input gains nothing here.
constexpr uint64_t kShardSeed = 0;

}  // namespace

Feeder::Feeder(DomainSource& source, std::deque<LineQueue>& queues,
               PlaceSet done)
    : source_(source),
      queues_(queues),
      done_(std::move(done)),
      thread_([this] { Run(); }) {}

Feeder::~Feeder() {
  Stop();
  if (thread_.joinable()) thread_.join();
}

void Feeder::Stop() {
  if (stopped_.exchange(true)) return;
  source_.Stop();
  for (LineQueue& queue : queues_) queue.Cancel();
}

absl::Status Feeder::Join() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

void Feeder::Run() {
  status_ = ReadAll();
  for (LineQueue& queue : queues_) queue.Close();
}

absl::Status Feeder::ReadAll() {
  InputLine line;
  while (!stopped_.load(std::memory_order_relaxed)) {
    const absl::StatusOr<bool> more = source_.Next(line);
    if (!more.ok()) return more.status();
    if (!*more) {
      at_end_ = !stopped_;
      return absl::OkStatus();
    }
    line.place = lines_.load(std::memory_order_relaxed);
    if (!done_.Contains(line.place) && !QueueFor(line).Push(line)) {
      return absl::OkStatus();
    }
    CountLine(line);
  }
  return absl::OkStatus();
}

void Feeder::CountLine(const InputLine& line) {
  input_.store(line.file, std::memory_order_relaxed);
  const int64_t used = source_.bytes_used();
  if (lines() == 0) first_used_.store(used, std::memory_order_relaxed);
  used_.store(used, std::memory_order_relaxed);
  lines_.fetch_add(1, std::memory_order_relaxed);
}

std::optional<int64_t> Feeder::EstimateLines() const {
  const std::optional<int64_t> total = source_.bytes_total();
  const int64_t lines = lines_.load(std::memory_order_relaxed);
  const int64_t used = used_.load(std::memory_order_relaxed);
  const int64_t since_first =
      used - first_used_.load(std::memory_order_relaxed);
  if (!total || lines < 2 || since_first <= 0) return std::nullopt;
  const double lines_per_octet =
      static_cast<double>(lines - 1) / static_cast<double>(since_first);
  const auto left = static_cast<double>(std::max<int64_t>(0, *total - used));
  return lines + std::llround(left * lines_per_octet);
}

LineQueue& Feeder::QueueFor(const InputLine& line) {
  return queues_[line.domain.view().Hash(kShardSeed) % queues_.size()];
}

}  // namespace mxscan
