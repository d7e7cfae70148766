#include "output/parquet/dictionary.h"

#include <xxhash.h>

#include <cassert>

namespace mxscan {
namespace {

constexpr size_t kFirstSlots = 64;

}  // namespace

Dictionary::Dictionary() : slots_(kFirstSlots) {}

std::optional<uint32_t> Dictionary::NumberOf(std::string_view value) {
  const uint64_t hash = XXH3_64bits(value.data(), value.size());
  size_t slot = SlotOf(hash);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const uint32_t number = slots_[slot] - 1;
    if (hashes_[number] == hash && this->value(number) == value) return number;
  }
  if (value.size() > kMaxBytes - bytes_.size()) return std::nullopt;
  const auto number = static_cast<uint32_t>(size());
  bytes_.append(value);
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  hashes_.push_back(hash);
  slots_[slot] = number + 1;
  if (2 * size() > slots_.size()) Grow();
  return number;
}

void Dictionary::Grow() {
  slots_.assign(2 * slots_.size(), 0);
  for (uint32_t number = 0; number < size(); ++number) {
    size_t slot = SlotOf(hashes_[number]);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = number + 1;
  }
}

void Dictionary::Truncate(size_t size) {
  assert(size <= this->size());
  bytes_.resize(starts_[size]);
  starts_.resize(size + 1);
  hashes_.resize(size);
}

}  // namespace mxscan
