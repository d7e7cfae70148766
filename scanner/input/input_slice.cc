#include "scanner/input/input_slice.h"

#include <xxhash.h>

#include <limits>
#include <utility>

namespace mxscan {
namespace {

constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

int64_t LastOf(const InputOptions& options) {
  if (!options.limit || *options.limit > kEndless - options.skip) {
    return kEndless;
  }
  return options.skip + *options.limit;
}

}  // namespace

InputSlice::InputSlice(std::unique_ptr<DomainSource> source,
                       const InputOptions& options)
    : source_(std::move(source)),
      first_(options.skip + 1),
      last_(LastOf(options)),
      shard_(options.shard),
      shards_(options.shards) {}

absl::StatusOr<bool> InputSlice::Next(InputLine& line) {
  while (source_->position() < last_) {
    const absl::StatusOr<bool> more = source_->Next(line);
    if (!more.ok() || !*more) return more;
    const int64_t number = source_->position();
    if (number > last_) return false;  // What was left was blank.
    if (number < first_) continue;
    Count(line);
    if (number % shards_ == shard_) return true;
  }
  return false;
}

// Each line's checksum is seeded with that of the lines before.
void InputSlice::Count(const InputLine& line) {
  SharedLines& lines = lines_of_all_shards_;
  ++lines.count;
  lines.checksum = XXH3_64bits_withSeed(line.input.data(), line.input.size(),
                                        lines.checksum);
}

}  // namespace mxscan
