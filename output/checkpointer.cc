#include "output/checkpointer.h"

#include <cassert>
#include <utility>

namespace mxscan {

void Checkpointer::OnRows(std::span<const Record> rows) {
  if (keeper_ == nullptr) return;
  for (const Record& row : rows) written_.Add(row.place);
  is_wanted_ |= !rows.empty();
}

bool Checkpointer::IsRipe() const {
  bool unripe = false;
  for (const std::unique_ptr<Sink>& sink : sinks_) {
    const Sink::Ripeness ripeness = sink->ripeness();
    if (ripeness == Sink::Ripeness::kRipe) return true;
    unripe |= ripeness == Sink::Ripeness::kUnripe;
  }
  return !unripe;
}

Checkpointer::Time Checkpointer::due() const {
  if (!is_wanted_) return Time::max();
  return made_at_ + std::chrono::duration_cast<Time::duration>(
                        every_ * (IsRipe() ? 1 : kLongestWait));
}

Checkpointer::Outcome Checkpointer::Make() {
  assert(is_wanted_);
  Checkpoint checkpoint;
  for (size_t i = 0; i < sinks_.size(); ++i) {
    absl::StatusOr<DurableMark> mark = sinks_[i]->Checkpoint();
    if (!mark.ok()) return {mark.status(), i};
    checkpoint.marks.push_back(*std::move(mark));
  }
  checkpoint.places = written_.ToText();
  const absl::Status kept = keeper_->Keep(checkpoint);
  if (kept.ok()) is_wanted_ = false;
  return {kept, std::nullopt};
}

}  // namespace mxscan
