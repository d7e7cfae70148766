#include "output/parquet/dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cassert>
#include <utility>

namespace mxscan {
namespace {

constexpr size_t kFirstSlots = 64;

}  // namespace

Dictionary::Dictionary() : slots_(kFirstSlots) {}

std::optional<uint32_t> Dictionary::NumberOf(std::string_view value) {
  const auto hash =
      static_cast<uint32_t>(XXH3_64bits(value.data(), value.size()));
  size_t at = hash & mask();
  for (; slots_[at].number != 0; at = (at + 1) & mask()) {
    if (slots_[at].hash != hash) continue;
    const uint32_t number = slots_[at].number - 1;
    if (this->value(number) == value) return number;
  }
  if (value.size() > kMaxBytes - bytes_.size()) return std::nullopt;
  const auto number = static_cast<uint32_t>(size());
  bytes_.append(value);
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  slots_[at] = {hash, number + 1};
  if (2 * size() > slots_.size()) Grow();
  return number;
}

void Dictionary::Grow() {
  const std::vector<Slot> old = std::exchange(slots_, {});
  slots_.resize(2 * old.size());
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    size_t at = slot.hash & mask();
    while (slots_[at].number != 0) at = (at + 1) & mask();
    slots_[at] = slot;
  }
}

void Dictionary::Truncate(size_t size) {
  assert(size <= this->size());
  bytes_.resize(starts_[size]);
  starts_.resize(size + 1);
}

}  // namespace mxscan
