// Parquet's split block Bloom filter over the texts of a column chunk: it says
// "surely not here" of nearly every text that is not, so that a reader who
// looks for one domain skips the row groups without it. (parquet-format,
// BloomFilter.md.) One wrong "perhaps" in a hundred, two octets a value.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mxscan {

// What a text counts as in the filter: XXH64 with seed 0.
uint64_t BloomHash(std::string_view text);

// The filter of `hashes`: its header and its bits, as a file holds them.
std::string BloomFilter(std::span<const uint64_t> hashes);

}  // namespace mxscan
