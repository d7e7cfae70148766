// From what the user named as output to a Sink: the format by the path's
// extension, then the file. Paths that name something we cannot write are
// refused with what we can.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "output/schema.h"
#include "output/sink.h"

namespace mxscan {

enum class Format : uint8_t { kCsv, kNdjson };

// The format called `name`: csv or ndjson.
absl::StatusOr<Format> ParseFormat(std::string_view name);

// The format of an output at `path`, by extension in any case of letters:
// .csv, .ndjson, .jsonl. A path without a telling extension, and `-`, have
// format `unnamed`; an extension of a format we do not write is an error.
absl::StatusOr<Format> FormatFor(std::string_view path, Format unnamed);

// Opens a sink at `path`; `-` is standard output. A file that is there is
// overwritten, as `-o` of other tools does.
absl::StatusOr<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                               Format format,
                                               const RunShape& shape);

}  // namespace mxscan
