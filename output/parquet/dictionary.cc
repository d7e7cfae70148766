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

}  // namespace

Dictionary::Dictionary(Form form)
    : before_(form == Form::kBehindLength ? sizeof(uint32_t) : 0) {
  Clear();
}

void Dictionary::Clear() {
  bytes_.Clear();
  starts_.assign(1, 0);
  slots_.assign(kFirstSlots, Slot());
}

uint32_t Dictionary::HashOf(std::string_view value) {
  return static_cast<uint32_t>(XXH3_64bits(value.data(), value.size()));
}

std::optional<uint32_t> Dictionary::Add(std::string_view value, uint32_t hash) {
  if (before_ + value.size() > kMaxBytes - bytes_.size()) return std::nullopt;
  size_t at = hash & mask();
  while (slots_[at].number != 0) at = (at + 1) & mask();
  const auto number = static_cast<uint32_t>(size());
  const auto length = static_cast<uint32_t>(value.size());
  if (before_ > 0) {
    bytes_.Append({reinterpret_cast<const char*>(&length), sizeof(length)});
  }
  const auto start = static_cast<uint32_t>(bytes_.size());
  bytes_.Append(value);
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  slots_[at] = {hash, number + 1, start, length};
  if (2 * size() > slots_.size()) Grow();
  return number;
}

void Dictionary::Fetch(std::span<const uint32_t> hashes) const {
  for (const uint32_t hash : hashes) {
    __builtin_prefetch(&slots_[hash & mask()]);
  }
  for (const uint32_t hash : hashes) {
    const Slot& slot = slots_[hash & mask()];
    if (slot.number == 0 || slot.hash != hash) continue;
    __builtin_prefetch(bytes_.view().data() + slot.start);
  }
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
  bytes_.Truncate(starts_[size]);
  starts_.resize(size + 1);
}

}  // namespace mxscan
