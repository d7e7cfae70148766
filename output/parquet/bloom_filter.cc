#include "output/parquet/bloom_filter.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "output/parquet/thrift_compact.h"

namespace mxscan {
namespace {

constexpr auto kSalts =
    std::to_array<uint32_t>({0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                             0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31});

using Block = std::array<uint32_t, kSalts.size()>;

// Bits for one value so that one lookup in a hundred is wrong, at most.
constexpr size_t kBitsPerValue = 10;
constexpr size_t kMostBytes = size_t{128} << 20;

// Arrow's readers take powers of two only.
size_t BlocksFor(size_t values) {
  const size_t bytes = std::bit_ceil(values * kBitsPerValue / 8);
  return std::clamp(bytes, sizeof(Block), kMostBytes) / sizeof(Block);
}

void Insert(uint64_t hash, std::vector<Block>& blocks) {
  Block& block = blocks[(hash >> 32) * blocks.size() >> 32];
  const auto key = static_cast<uint32_t>(hash);
  for (size_t i = 0; i < kSalts.size(); ++i) {
    block[i] |= uint32_t{1} << (key * kSalts[i] >> 27);
  }
}

void AppendHeader(size_t bytes, std::string& out) {
  ThriftCompact header(out);
  header.I32(1, static_cast<int32_t>(bytes));
  header.BeginStruct(2);  // Algorithm: split blocks.
  header.EmptyStruct(1);
  header.EndStruct();
  header.BeginStruct(3);  // Hash: XXH64.
  header.EmptyStruct(1);
  header.EndStruct();
  header.BeginStruct(4);  // Not compressed.
  header.EmptyStruct(1);
  header.EndStruct();
  header.EndStruct();
}

}  // namespace

uint64_t BloomHash(std::string_view text) {
  return XXH64(text.data(), text.size(), /*seed=*/0);
}

std::string BloomFilter(std::span<const uint64_t> hashes) {
  static_assert(std::endian::native == std::endian::little);
  std::vector<Block> blocks(BlocksFor(hashes.size()));
  for (const uint64_t hash : hashes) Insert(hash, blocks);
  const size_t bytes = blocks.size() * sizeof(Block);
  std::string filter;
  AppendHeader(bytes, filter);
  const size_t start = filter.size();
  filter.resize(start + bytes);
  std::memcpy(filter.data() + start, blocks.data(), bytes);
  return filter;
}

}  // namespace mxscan
