#include "scanner/flags/reading_flags.h"

#include <optional>
#include <string_view>
#include <utility>

#include "scanner/flags/read_value.h"

namespace mxscan {
namespace {

absl::Status ReadShard(const TypedFlag& typed, InputOptions& options) {
  if (!typed.has_value()) return absl::OkStatus();
  const std::string_view text = *typed;
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::optional<int64_t> shard = ReadDigits(text.substr(0, slash));
    const std::optional<int64_t> shards = ReadDigits(text.substr(slash + 1));
    if (shard && shards && *shard >= 0 && *shard < *shards) {
      options.shard = *shard;
      options.shards = *shards;
      return absl::OkStatus();
    }
  }
  return Wrong(typed,
               "give I/N with I from 0 to N-1, such as 0/4, 1/4, 2/4, 3/4");
}

absl::Status ReadInputFormat(const TypedFlag& typed, InputFormat& format) {
  return ReadWord<InputFormat>(typed,
                               {{"auto", InputFormat::kAuto},
                                {"lines", InputFormat::kLines},
                                {"csv", InputFormat::kCsv},
                                {"zone", InputFormat::kZone}},
                               format);
}

absl::Status ReadColumn(const TypedFlag& typed, InputOptions& options) {
  if (!typed.has_value()) return absl::OkStatus();
  if ((*typed).empty() || ReadDigits(*typed).value_or(1) < 1) {
    return Wrong(typed, "give the name of a column, or its number from 1");
  }
  if (options.format == InputFormat::kLines ||
      options.format == InputFormat::kZone) {
    return Wrong(typed, "only CSV has columns; leave --input-format away");
  }
  options.column = *typed;
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadReading(const TypedFlags& typed, InputOptions& options) {
  options.unique = typed.unique.on();
  options.extract_host = typed.extract_host.on();
  absl::Status read = ReadInputFormat(typed.input_format, options.format);
  if (read.ok()) read = ReadColumn(typed.column, options);
  if (read.ok()) read = ReadLines(typed.skip, options.skip);
  if (read.ok()) read = ReadShard(typed.shard, options);
  int64_t limit = 0;
  if (read.ok()) read = ReadLines(typed.limit, limit);
  if (typed.limit.has_value()) options.limit = limit;
  return read;
}

absl::Status ReadInputs(const TypedFlags& typed, const Environment& environment,
                        std::vector<ResolvedInput>& inputs) {
  if (typed.arguments.empty() && environment.stdin_is_terminal) {
    return absl::InvalidArgumentError(
        "no INPUT: name a file of domains, a domain, or - for standard "
        "input; see mxscan --help");
  }
  absl::StatusOr<std::vector<ResolvedInput>> resolved = ResolveInputs(
      typed.arguments.empty() ? std::vector<std::string>{"-"} : typed.arguments,
      typed.extract_host.on());
  if (!resolved.ok()) return resolved.status();
  inputs = *std::move(resolved);
  return absl::OkStatus();
}

}  // namespace mxscan
