// The structures of parquet.thrift that mxscan writes: headers of pages, the
// page index, the footer. Each function appends one to `out` as it stands in
// the file. Field ids are those of parquet-format 2.12. Pure functions.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/parquet/column_chunk.h"

namespace mxscan {

// Encodings as parquet.thrift numbers them. PLAIN_DICTIONARY is the old name
// for numbered pages of version 1; every reader takes it, and some that are
// still in use take no other.
inline constexpr int32_t kPlainEncoding = 0;
inline constexpr int32_t kDictionaryEncoding = 2;
inline constexpr int32_t kLevelEncoding = 3;

// A node of the schema's tree, in the order of a walk from the root.
struct SchemaNode {
  enum class Repetition : int8_t {
    kRoot = -1,
    kRequired = 0,
    kOptional = 1,
    kRepeated = 2,
  };
  enum class Meaning : uint8_t { kNone, kText, kList, kTimestamp };

  std::string name;
  Repetition repetition = Repetition::kRequired;
  std::optional<PhysicalType> type;  // Of a leaf.
  int32_t children = 0;              // Of an inner node.
  Meaning meaning = Meaning::kNone;
};

// A stretch of the file.
struct Extent {
  int64_t offset = 0;
  int32_t length = 0;
};

// A chunk that has been written, and where.
struct ChunkMetadata {
  int64_t values = 0;
  int64_t uncompressed_bytes = 0;
  int64_t compressed_bytes = 0;
  int32_t pages = 0;
  int32_t numbered_pages = 0;
  int64_t data_offset = 0;
  std::optional<int64_t> dictionary_offset;
  std::optional<Extent> bloom_filter;
  Extent column_index;
  Extent offset_index;
  ValueStatistics statistics;
};

struct RowGroupMetadata {
  int64_t rows = 0;
  std::vector<ChunkMetadata> chunks;  // One for each leaf, in order.
};

// A row group as it stands in the footer.
struct RowGroupEntry {
  int64_t rows = 0;
  std::string thrift;
};

using KeyValue = std::pair<std::string, std::string>;

struct FileMetadata {
  std::span<const SchemaNode> schema;
  size_t leaves = 0;  // Of the schema's nodes.
  std::span<const RowGroupEntry> row_groups;
  std::span<const KeyValue> key_values;
  std::string_view created_by;
};

void AppendDataPageHeader(size_t uncompressed, std::string_view compressed,
                          int64_t values, int32_t encoding, std::string& out);
void AppendDictionaryPageHeader(size_t uncompressed,
                                std::string_view compressed, size_t values,
                                std::string& out);

// What values each page of a chunk holds, of type `type`; and where the pages
// are, if the first begins at `data_offset`.
void AppendColumnIndex(std::span<const PageSummary> pages, PhysicalType type,
                       std::string& out);
void AppendOffsetIndex(std::span<const PageSummary> pages, int64_t data_offset,
                       std::string& out);

// The `ordinal`-th group of its file, from 0. REQUIRES: as many leaves as
// chunks.
RowGroupEntry EntryOf(const RowGroupMetadata& group,
                      std::span<const Leaf* const> leaves, size_t ordinal);

void AppendFileMetadata(const FileMetadata& file, std::string& out);

}  // namespace mxscan
