// From what the user named as output to a Sink: the format and the compression
// by the path's extension, then the file. Paths that name something we cannot
// write are refused with what we can.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "output/durable_mark.h"
#include "output/schema.h"
#include "output/sink.h"

namespace mxscan {

enum class Format : uint8_t { kCsv, kNdjson, kParquet };

// What of a run its files depend on, whatever their format.
struct SinkOptions {
  RunShape shape;
  // A run that ends early will be gone on with: what it leaves is kept, also
  // where it is of no use to anybody else.
  bool resumable = false;
  bool bloom_filter = false;                    // In Parquet, on `domain`.
  std::string version = "unknown";              // Of mxscan, and of its
  std::string provider_table_version = "none";  // table of providers.
};

// The format called `name`: csv, ndjson or parquet.
absl::StatusOr<Format> ParseFormat(std::string_view name);

// The format of an output at `path`, by extension in any case of letters:
// .csv, .ndjson, .jsonl, .parquet; a text format may have .gz or .zst after
// its own. A path without a telling extension, and `-`, have format `unnamed`;
// an extension of a format we do not write is an error.
absl::StatusOr<Format> FormatFor(std::string_view path, Format unnamed);

// Opens a sink at `path`; `-` is standard output. A file that is there is
// overwritten, as `-o` of other tools does: text grows in place, and a Parquet
// file takes the place when it is whole.
absl::StatusOr<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                               Format format,
                                               const SinkOptions& options);

// Opens the sink at `path` again, behind all that an earlier run wrote up to
// `mark`. REQUIRES: that run was resumable, and its options were these.
absl::StatusOr<std::unique_ptr<Sink>> ReopenSink(const std::string& path,
                                                 Format format,
                                                 const SinkOptions& options,
                                                 const DurableMark& mark);

// Whether rows written to `path` can be gone on with: not on standard output,
// nor in what is there and is a pipe or a device.
bool CanBeResumed(const std::string& path);

}  // namespace mxscan
