#include "resolver/cache/recent_answers.h"

#include <algorithm>
#include <cstring>

namespace mxscan {
namespace {

// The mark of a record that was asked for.
constexpr uint32_t kUsed = 1;

uint8_t FlagsOf(const Question& question) {
  return static_cast<uint8_t>(question.recursion_desired << 0 |
                              question.dnssec_ok << 1 |
                              question.checking_disabled << 2);
}

size_t Aligned(size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

// A record of the ring: this, the block, the name.
struct RecentAnswers::Record {
  ByteRing::Header header;
  uint32_t tag;
  int64_t until;
  uint32_t block_size;
  uint16_t type;
  uint8_t flags;
  uint8_t name_size;

  uint8_t* block() { return reinterpret_cast<uint8_t*>(this + 1); }
  uint8_t* name() { return block() + Aligned(block_size); }

  bool Answers(const Question& question) {
    const absl::Span<const uint8_t> asked = question.name.view().bytes();
    return type == static_cast<uint16_t>(question.type) &&
           flags == FlagsOf(question) &&
           absl::Span<const uint8_t>(name(), name_size) == asked;
  }
};

uint32_t RecentAnswers::Position(uint32_t tag, const Question& question) {
  return index_.Find(tag, [&](uint32_t position) {
    return reinterpret_cast<Record*>(ring_.at(position))->Answers(question);
  });
}

RecentAnswers::Block RecentAnswers::Find(uint32_t tag, const Question& question,
                                         Nanos now) {
  const uint32_t position = Position(tag, question);
  if (position == HashIndex::kNone) return {};
  auto& record = *reinterpret_cast<Record*>(ring_.at(position));
  if (record.until <= now.count()) return {};
  record.header.mark = kUsed;
  return {record.block(), record.block_size};
}

void RecentAnswers::Insert(uint32_t tag, const Question& question, Block block,
                           Nanos until) {
  const absl::Span<const uint8_t> name = question.name.view().bytes();
  const size_t size = sizeof(Record) + Aligned(block.size()) + name.size();
  if (size > std::min(ring_.capacity() / 4, ByteRing::kMaxRecord)) return;
  FetchOldest();
  const uint32_t old = Position(tag, question);
  if (old != HashIndex::kNone) Forget(old);
  const uint32_t position = MakeRoom(size);
  auto& record = *reinterpret_cast<Record*>(ring_.at(position));
  record.tag = tag;
  record.until = until.count();
  record.block_size = static_cast<uint32_t>(block.size());
  record.type = static_cast<uint16_t>(question.type);
  record.flags = FlagsOf(question);
  record.name_size = static_cast<uint8_t>(name.size());
  std::memcpy(record.block(), block.data(), block.size());
  std::memcpy(record.name(), name.data(), name.size());
  index_.Insert(tag, position);
  __builtin_prefetch(ring_.at(ring_.oldest()));  // For the next Insert.
}

// Where the oldest answer stands in the index, which will be asked when the new
// one pushes it out.
void RecentAnswers::FetchOldest() {
  if (ring_.empty()) return;
  const auto& record = *reinterpret_cast<Record*>(ring_.at(ring_.oldest()));
  if (record.header.mark != ByteRing::kDead) index_.Fetch(record.tag);
}

uint32_t RecentAnswers::MakeRoom(size_t bytes) {
  for (;;) {
    const uint32_t position = ring_.Append(bytes);
    if (position != ByteRing::kNone) return position;
    DropOldest();
  }
}

void RecentAnswers::DropOldest() {
  const uint32_t oldest = ring_.oldest();
  const ByteRing::Header header = ring_.header(oldest);
  if (header.mark == ByteRing::kDead) return ring_.DropOldest();
  const uint32_t tag = reinterpret_cast<Record*>(ring_.at(oldest))->tag;
  const size_t bytes = header.units * ByteRing::kUnit;
  uint32_t to = ByteRing::kNone;
  if (header.mark == kUsed) {
    moving_.assign(ring_.at(oldest), ring_.at(oldest) + bytes);
  }
  ring_.DropOldest();
  // It may not fit before the ring's end: then it goes, for once.
  if (header.mark == kUsed) to = ring_.Append(bytes);
  if (to == ByteRing::kNone) return index_.Erase(tag, oldest);
  std::memcpy(ring_.at(to), moving_.data(), bytes);
  ring_.header(to) = {header.units, 0};
  index_.Move(tag, oldest, to);
}

void RecentAnswers::Forget(uint32_t position) {
  const auto& record = *reinterpret_cast<Record*>(ring_.at(position));
  index_.Erase(record.tag, position);
  ring_.header(position).mark = ByteRing::kDead;
}

}  // namespace mxscan
