// From what the user named as output to a Sink: the format and the compression
// by the path's extension, then the file, or the dataset where the path ends
// in `/`. Paths that name something we cannot write are refused with what we
// can.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "output/byte_sink.h"
#include "output/codec.h"
#include "output/durable_mark.h"
#include "output/manifest.h"
#include "output/sarif_sink.h"
#include "output/schema.h"
#include "output/sink.h"

namespace mxscan {

// SARIF is for findings alone; the others are for any rows.
enum class Format : uint8_t { kCsv, kNdjson, kParquet, kSarif };

struct FileFormat {
  Format format = Format::kCsv;
  Compression compression = Compression::kNone;  // Of text.

  friend bool operator==(const FileFormat&, const FileFormat&) = default;
};

// What the manifest of a dataset says of a run.
struct DatasetRun {
  DatasetInput input;
  int64_t finished_at_us = 0;  // Unix time, microseconds.
};

struct DatasetOptions {
  static constexpr int64_t kRowsPerPart = 1'000'000;

  int64_t rows_per_part = kRowsPerPart;  // A part ends with the line that
                                         // makes it as long.
  int64_t started_at_us = 0;             // Unix time; its date is scan_date.
  int64_t shard = 0;
  int64_t shards = 1;
  std::vector<std::pair<std::string, std::string>> flags;
  // An earlier run may have been killed before its first checkpoint: what it
  // left of parts is removed.
  bool resumed = false;
  // Called by Finish, on the thread that drives the sink.
  std::function<DatasetRun()> run = [] { return DatasetRun(); };
};

// What of a run its files depend on, whatever their format.
struct SinkOptions {
  RunShape shape;
  // A run that ends early will be gone on with: what it leaves is kept, also
  // where it is of no use to anybody else.
  bool resumable = false;
  bool bloom_filter = false;                    // In Parquet, on `domain`.
  std::string version = "unknown";              // Of mxscan, and of its
  std::string provider_table_version = "none";  // table of providers.
  DatasetOptions dataset;
  std::vector<FindingRule> finding_rules;  // In SARIF, with the file whose
  std::string only_input;  // lines they are about, if that is one for all.
};

// The format called `name`: csv, ndjson or parquet; a text format may have .gz
// or .zst behind it.
absl::StatusOr<FileFormat> ParseFormat(std::string_view name);

// Its name, and the extension of its files: `csv.gz`.
std::string ToText(const FileFormat& format);

// The format of an output at `path`, by extension in any case of letters:
// .csv, .ndjson, .jsonl, .parquet, .sarif; a text format may have .gz or .zst
// after its own. A path without a telling extension, and `-`, have the format
// that was `asked` for, else CSV; a path that ends in `/` likewise, else
// Parquet. An extension of a format we do not write is an error.
absl::StatusOr<FileFormat> FormatFor(
    std::string_view path, std::optional<FileFormat> asked = std::nullopt);

// Opens a sink at `path`; `-` is standard output. A file that is there is
// overwritten, as `-o` of other tools does: text grows in place, and a Parquet
// or SARIF file takes the place when it is whole. A dataset's directory is
// made; one that holds anything is refused.
absl::StatusOr<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                               const FileFormat& format,
                                               const SinkOptions& options);

// A sink that writes into `bytes`.
std::unique_ptr<Sink> MakeSink(const FileFormat& format,
                               std::unique_ptr<ByteSink> bytes,
                               const SinkOptions& options);

// Opens the sink at `path` again, behind all that an earlier run wrote up to
// `mark`. REQUIRES: that run was resumable, and its options were these.
absl::StatusOr<std::unique_ptr<Sink>> ReopenSink(const std::string& path,
                                                 const FileFormat& format,
                                                 const SinkOptions& options,
                                                 const DurableMark& mark);

// Whether rows written to `path` can be gone on with: not on standard output,
// nor in what is there and is a pipe or a device.
bool CanBeResumed(const std::string& path);

}  // namespace mxscan
