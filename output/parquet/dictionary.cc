#include "output/parquet/dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cassert>
#include <utility>

namespace mxscan {
namespace {

constexpr size_t kFirstSlots = 64;

static_assert(std::endian::native == std::endian::little);

uint32_t HashOf(std::string_view value) {
  return static_cast<uint32_t>(XXH3_64bits(value.data(), value.size()));
}

}  // namespace

Dictionary::Dictionary(Form form)
    : before_(form == Form::kBehindLength ? sizeof(uint32_t) : 0) {
  Clear();
}

void Dictionary::Clear() {
  bytes_.clear();
  starts_.assign(1, 0);
  slots_.assign(kFirstSlots, Slot());
}

size_t Dictionary::SlotOf(std::string_view value, uint32_t hash) const {
  size_t at = hash & mask();
  for (; slots_[at].number != 0; at = (at + 1) & mask()) {
    if (slots_[at].hash != hash) continue;
    if (this->value(slots_[at].number - 1) == value) break;
  }
  return at;
}

std::optional<uint32_t> Dictionary::Find(std::string_view value) const {
  const uint32_t number = slots_[SlotOf(value, HashOf(value))].number;
  if (number == 0) return std::nullopt;
  return number - 1;
}

std::optional<uint32_t> Dictionary::NumberOf(std::string_view value) {
  const uint32_t hash = HashOf(value);
  const size_t at = SlotOf(value, hash);
  if (slots_[at].number != 0) return slots_[at].number - 1;
  if (before_ + value.size() > kMaxBytes - bytes_.size()) return std::nullopt;
  const auto number = static_cast<uint32_t>(size());
  const auto length = static_cast<uint32_t>(value.size());
  bytes_.append(reinterpret_cast<const char*>(&length), before_);
  bytes_.append(value);
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  slots_[at] = {hash, number + 1};
  if (2 * size() > slots_.size()) Grow();
  return number;
}

void Dictionary::Foresee(std::string_view value) {
  const uint32_t hash = HashOf(value);
  foreseen_.push_back(hash);
  __builtin_prefetch(&slots_[hash & mask()]);
}

// The hashes that have a slot become its values' numbers.
void Dictionary::FetchForeseen() {
  size_t known = 0;
  for (const uint32_t hash : foreseen_) {
    const Slot& slot = slots_[hash & mask()];
    if (slot.number == 0 || slot.hash != hash) continue;
    foreseen_[known++] = slot.number - 1;
    __builtin_prefetch(&starts_[slot.number - 1]);
  }
  for (size_t i = 0; i < known; ++i) {
    __builtin_prefetch(&bytes_[starts_[foreseen_[i]]]);
  }
  foreseen_.clear();
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
