// The manifest of a dataset: what lies in a directory that `-o DIR/` or merge
// has written, so that `verify` can tell whether it is all there and unharmed,
// and `merge` whether shards belong together.
//
//   DIR/scan_date=2026-11-22/part-00000.parquet    rows; one part or more
//   DIR/_manifest.json                             this
//   DIR/_SUCCESS                                   empty; written last
//
// The name begins with `_`, as _SUCCESS does, because Spark, Hive, Trino,
// pyarrow and pandas read every other file of a directory they are given.
//
// Plain data and pure functions. What comes from a file is checked before
// anyone sees it: no part lies outside of the dataset.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mxscan {

inline constexpr std::string_view kManifestName = "_manifest.json";
inline constexpr std::string_view kSuccessName = "_SUCCESS";

// One file of rows.
struct DatasetPart {
  std::string path;        // Below the dataset's directory.
  int64_t rows = 0;        // Of the file.
  int64_t lines = 0;       // Input lines; in the long layout rows are more.
  int64_t first_line = 0;  // The least and the greatest `line` in it.
  int64_t last_line = 0;
  int64_t bytes = 0;
  std::string sha256;

  friend bool operator==(const DatasetPart&, const DatasetPart&) = default;
};

// What parts of one dataset share. Shards that differ in any of it are not
// parts of one scan.
struct DatasetKind {
  std::string version;  // Of mxscan.
  int64_t schema = 0;
  std::string layout;
  std::string format;          // parquet, csv, csv.gz and so on.
  std::string provider_table;  // Its version.
  std::vector<std::string> columns;
  // Flags that decide which rows there are and what is asked.
  std::vector<std::pair<std::string, std::string>> flags;
};

// What was read. Shards of one input agree on all but `lines`.
struct DatasetInput {
  std::vector<std::string> names;
  int64_t bytes = 0;  // Read, as they stand on the disk.
  int64_t lines = 0;  // That have rows here.
  // Lines that have rows in this and all other shards together, if lines that
  // repeat a domain were not dropped.
  int64_t lines_of_all_shards = 0;
  std::string checksum;  // Of the text of these; of no algorithm in particular.
  bool unique = false;
};

struct Manifest {
  static constexpr int64_t kForm = 1;  // Rises when a key changes its meaning.

  DatasetKind kind;
  std::string started_at;  // RFC 3339.
  std::string finished_at;
  DatasetInput input;
  int64_t shard = 0;
  int64_t shards = 1;
  std::vector<DatasetPart> parts;

  int64_t rows() const;
  int64_t lines() const;
  int64_t bytes() const;
};

// `scan_date=2026-11-22/part-00007.parquet`. `extension` has no dot before it.
std::string PartPath(std::string_view date, size_t number,
                     std::string_view extension);

// Whether `path` may be that of a part.
bool IsPartPath(std::string_view path);

// The JSON, indented, with a line end after it; and back. kDataLoss, saying
// what is wrong, for what is not a manifest of ours.
std::string ToJson(const Manifest& manifest);
absl::StatusOr<Manifest> ParseManifest(const std::string& json);

// A part alone, on one line.
std::string ToJson(const DatasetPart& part);
absl::StatusOr<DatasetPart> ParsePart(const std::string& json);

// Reads that of the dataset in `directory`.
absl::StatusOr<Manifest> ReadManifest(const std::string& directory);

// Writes it, and _SUCCESS after it, both durably. REQUIRES: every part is in
// its place and durable.
absl::Status WriteManifest(const Manifest& manifest,
                           const std::string& directory);

}  // namespace mxscan
