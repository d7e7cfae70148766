#include "scanner/feeder.h"

namespace mxscan {
namespace {

// Only spreads domains over shards; hostile input gains nothing here.
constexpr uint64_t kShardSeed = 0;

}  // namespace

Feeder::Feeder(DomainSource& source, std::deque<LineQueue>& queues)
    : source_(source), queues_(queues), thread_([this] { Run(); }) {}

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
    if (!QueueFor(line).Push(line)) return absl::OkStatus();
    lines_.fetch_add(1, std::memory_order_relaxed);
  }
  return absl::OkStatus();
}

LineQueue& Feeder::QueueFor(const InputLine& line) {
  return queues_[line.domain.view().Hash(kShardSeed) % queues_.size()];
}

}  // namespace mxscan
