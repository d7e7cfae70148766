#include "scanner/demo/mangle.h"

#include <algorithm>
#include <array>
#include <random>

#include "scanner/demo/name_builder.h"
#include "scanner/demo/reply_writer.h"

namespace mxscan::mangle {
namespace {

constexpr uint32_t kForgedTtl = 86400;

}  // namespace

void WrongId(absl::Span<uint8_t> reply, uint64_t random) {
  const uint64_t change = 1 + random % 0xffff;
  reply[0] ^= static_cast<uint8_t>(change >> 8);
  reply[1] ^= static_cast<uint8_t>(change);
}

void WrongQuestion(absl::Span<uint8_t> reply) {
  const size_t first = kDnsHeaderOctets;
  if (reply.size() <= first + 2) return;
  if (reply[first] == 0) {
    reply[first + 2] ^= 1;
  } else {
    reply[first + 1] = (reply[first + 1] | 0x20) == 'q' ? 'z' : 'q';
  }
}

void NotResponse(absl::Span<uint8_t> reply) { reply[2] &= 0x7f; }

void Garbage(absl::Span<uint8_t> reply, uint64_t random) {
  std::minstd_rand octets(static_cast<uint32_t>(random));
  for (size_t i = 2; i < reply.size(); ++i) {
    reply[i] = static_cast<uint8_t>(octets() >> 8);
  }
}

void LowerCase(absl::Span<uint8_t> reply, const Query& query) {
  if (query.question.empty()) return;
  std::copy_n(query.lower.data(), query.size, reply.begin() + kDnsHeaderOctets);
}

int PointerLoop(absl::Span<uint8_t> room, const Query& query) {
  const size_t at = kDnsHeaderOctets + query.question.size();
  const std::array<uint8_t, 6> counts = {0, 1, 0, 0, 0, 0};
  std::ranges::copy(counts, room.begin() + 6);
  const std::array<uint8_t, 12> record = {static_cast<uint8_t>(0xc0 | at >> 8),
                                          static_cast<uint8_t>(at),
                                          0,
                                          1,
                                          0,
                                          1,
                                          0,
                                          0,
                                          0,
                                          60,
                                          0,
                                          0};
  std::ranges::copy(record, room.begin() + static_cast<std::ptrdiff_t>(at));
  return static_cast<int>(at + record.size());
}

int Cut(int size, uint64_t random) {
  const int least = kDnsHeaderOctets + 1;
  return least + static_cast<int>(random % std::max(1, size - least));
}

int Forge(const Query& query, absl::Span<uint8_t> room) {
  ReplyWriter reply(room);
  reply.Begin(query, 512);
  const auto add = [&](absl::Span<const uint8_t> rdata) {
    reply.Add(Section::kAnswer, query.name(), query.type, kForgedTtl, rdata);
  };
  constexpr std::array<uint8_t, 18> kMx = {0,   0,   6,   'f', 'o', 'r',
                                           'g', 'e', 'd', 7,   'i', 'n',
                                           'v', 'a', 'l', 'i', 'd', 0};
  constexpr std::array<uint8_t, 4> kA = {203, 0, 113, 66};
  constexpr std::array<uint8_t, 16> kAaaa = {0x20, 0x01, 0x0d, 0xb8, 6, 6, 6};
  switch (query.type) {
    case RrType::kMx: add(kMx); break;
    case RrType::kA: add(kA); break;
    case RrType::kAaaa: add(kAaaa); break;
    default: reply.SetRcode(Rcode::kNxDomain); break;
  }
  return reply.Finish();
}

}  // namespace mxscan::mangle
