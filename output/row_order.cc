#include "output/row_order.h"

#include <cassert>
#include <utility>

namespace mxscan {

RowOrder::RowOrder(int64_t window, int64_t first)
    : ring_(static_cast<size_t>(window)), next_(first) {
  assert(window >= 1);
}

void RowOrder::Add(Batch batch) {
  if (batch->empty()) {
    spent_.push_back(std::move(batch));
    return;
  }
  held_.push_back(std::make_unique<Held>());
  Held& held = *held_.back();
  held.batch = std::move(batch);
  held.left = held.batch->size();
  held.index = held_.size() - 1;
  for (const Record& row : held.batch->rows()) {
    assert(row.place >= next_);
    assert(row.place < next_ + static_cast<int64_t>(ring_.size()));
    Slot& slot = ring_[static_cast<size_t>(row.place) % ring_.size()];
    assert(slot.row == nullptr);
    slot = {&row, &held};
    ++waiting_;
  }
}

const Record* RowOrder::Next() {
  Slot& slot = ring_[static_cast<size_t>(next_) % ring_.size()];
  if (slot.row == nullptr) return nullptr;
  const Record* row = slot.row;
  if (--slot.held->left == 0) Release(*slot.held);
  slot = {};
  ++next_;
  --waiting_;
  return row;
}

const Record* RowOrder::NextThereIs() {
  if (waiting_ == 0) return nullptr;
  while (true) {
    if (const Record* row = Next()) return row;
    ++next_;
  }
}

void RowOrder::Release(Held& held) {
  spent_.push_back(std::move(held.batch));
  const size_t index = held.index;
  std::swap(held_[index], held_.back());
  held_[index]->index = index;
  held_.pop_back();
}

RowOrder::Batch RowOrder::TakeSpent() {
  if (spent_.empty()) return nullptr;
  Batch batch = std::move(spent_.back());
  spent_.pop_back();
  return batch;
}

}  // namespace mxscan
