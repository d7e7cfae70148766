#include "scanner/input/line_estimate.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace mxscan {
namespace {

constexpr int64_t kSample = 256 << 10;  // Octets of a file that are read.
// Of a file that is compressed well, or has short lines.
constexpr int64_t kMostLines = 200'000;

bool CanBeReadTwice(const ResolvedInput& input) {
  std::error_code ignored;
  switch (input.kind) {
    case ResolvedInput::Kind::kNames: return true;
    case ResolvedInput::Kind::kStandardInput: return false;
    case ResolvedInput::Kind::kFile: break;
  }
  return std::filesystem::is_regular_file(input.text, ignored);
}

// As many lines for every octet of `source` as for those of its beginning.
std::optional<int64_t> EstimateSource(DomainSource& source) {
  InputLine line;
  int64_t lines = 0;
  while (source.bytes_used() < kSample && lines < kMostLines) {
    const absl::StatusOr<bool> more = source.Next(line);
    if (!more.ok()) return std::nullopt;
    if (!*more) return lines;
    ++lines;
  }
  const std::optional<int64_t> total = source.bytes_total();
  if (!total.has_value()) return std::nullopt;
  const int64_t used = std::max<int64_t>(source.bytes_used(), 1);
  return static_cast<int64_t>(static_cast<double>(lines) *
                              static_cast<double>(*total) /
                              static_cast<double>(used));
}

std::optional<int64_t> EstimateInput(const ResolvedInput& input,
                                     const InputOptions& options) {
  if (!CanBeReadTwice(input)) return std::nullopt;
  InputOptions whole = options;
  whole.skip = 0;
  whole.limit = std::nullopt;
  whole.shard = 0;
  whole.shards = 1;
  whole.unique = false;
  const auto source = OpenSources({input}, whole);
  if (!source.ok()) return std::nullopt;
  return EstimateSource(**source);
}

}  // namespace

std::optional<int64_t> EstimateLines(const std::vector<ResolvedInput>& inputs,
                                     const InputOptions& options) {
  int64_t lines = 0;
  for (const ResolvedInput& input : inputs) {
    const std::optional<int64_t> some = EstimateInput(input, options);
    if (!some.has_value()) return std::nullopt;
    lines += *some;
  }
  lines = std::max<int64_t>(lines - options.skip, 0);
  lines = std::min(lines, options.limit.value_or(lines));
  return lines / options.shards;
}

}  // namespace mxscan
