#include "scanner/input/unique_source.h"

#include <xxhash.h>

#include <utility>

#include "absl/strings/str_format.h"

namespace mxscan {

UniqueSource::UniqueSource(std::unique_ptr<DomainSource> source, uint64_t seed)
    : source_(std::move(source)), seed_(seed) {}

absl::StatusOr<bool> UniqueSource::Next(InputLine& line) {
  while (true) {
    const absl::StatusOr<bool> more = source_->Next(line);
    if (!more.ok() || !*more || !line.valid()) return more;
    const absl::Span<const uint8_t> name = line.domain.view().bytes();
    const XXH128_hash_t hash =
        XXH3_128bits_withSeed(name.data(), name.size(), seed_);
    if (seen_.insert({hash.low64, hash.high64}).second) return true;
    repeated_.fetch_add(1, std::memory_order_relaxed);
  }
}

std::string UniqueSource::Notice() const {
  constexpr size_t kOctetsPerSlot = sizeof(Key) + 1;
  const double megabytes =
      static_cast<double>(seen_.capacity() * kOctetsPerSlot) / 1e6;
  return absl::StrFormat(
      "--unique: %d domains, %d more lines that repeat one; %.1f MB of memory",
      seen_.size(), repeated_.load(), megabytes);
}

}  // namespace mxscan
