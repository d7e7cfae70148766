#include "output/parquet/file_metadata.h"

#include <algorithm>
#include <cstring>

#include "output/parquet/thrift_compact.h"

namespace mxscan {
namespace {

using Type = ThriftCompact::Type;

constexpr int32_t kDataPage = 0;
constexpr int32_t kDictionaryPage = 2;
constexpr int32_t kZstd = 6;

void BeginPageHeader(int32_t type, size_t uncompressed,
                     std::string_view compressed, ThriftCompact& thrift) {
  thrift.I32(1, type);
  thrift.I32(2, static_cast<int32_t>(uncompressed));
  thrift.I32(3, static_cast<int32_t>(compressed.size()));
  thrift.I32(4, static_cast<int32_t>(Crc32(compressed)));
}

// -1, 0 or 1 as `a` stands to `b` in the order of `type`.
int Compare(std::string_view a, std::string_view b, PhysicalType type) {
  const auto as_integer = [](std::string_view bytes) {
    if (bytes.size() != sizeof(int32_t)) {
      int64_t value = 0;
      std::memcpy(&value, bytes.data(), std::min(sizeof(value), bytes.size()));
      return value;
    }
    int32_t value;
    std::memcpy(&value, bytes.data(), sizeof(value));
    return int64_t{value};
  };
  if (type == PhysicalType::kByteArray) return a.compare(b);
  const int64_t left = as_integer(a);
  const int64_t right = as_integer(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

// How the bounds of pages follow one another: 0 in no order, 1 rising,
// 2 falling.
int32_t BoundaryOrder(std::span<const PageSummary> pages, PhysicalType type) {
  bool rising = true;
  bool falling = true;
  const ValueStatistics* last = nullptr;
  for (const PageSummary& page : pages) {
    const ValueStatistics& now = page.statistics;
    if (!now.least) continue;
    if (last != nullptr) {
      const int least = Compare(last->least->bytes, now.least->bytes, type);
      const int greatest =
          Compare(last->greatest->bytes, now.greatest->bytes, type);
      rising = rising && least <= 0 && greatest <= 0;
      falling = falling && least >= 0 && greatest >= 0;
    }
    last = &now;
  }
  return rising ? 1 : falling ? 2 : 0;
}

std::string_view BytesOf(const std::optional<Bound>& bound) {
  return bound ? std::string_view(bound->bytes) : std::string_view();
}

void PutMeaning(SchemaNode::Meaning meaning, ThriftCompact& thrift) {
  constexpr int16_t kConverted = 6;
  constexpr int16_t kLogical = 10;
  switch (meaning) {
    case SchemaNode::Meaning::kNone: return;
    case SchemaNode::Meaning::kText:
      thrift.I32(kConverted, 0);  // UTF8
      thrift.BeginStruct(kLogical);
      thrift.EmptyStruct(1);
      break;
    case SchemaNode::Meaning::kList:
      thrift.I32(kConverted, 3);
      thrift.BeginStruct(kLogical);
      thrift.EmptyStruct(3);
      break;
    case SchemaNode::Meaning::kTimestamp:
      thrift.I32(kConverted, 10);  // TIMESTAMP_MICROS
      thrift.BeginStruct(kLogical);
      thrift.BeginStruct(8);
      thrift.Bool(1, true);  // In UTC,
      thrift.BeginStruct(2);
      thrift.EmptyStruct(2);  // in microseconds.
      thrift.EndStruct();
      thrift.EndStruct();
      break;
  }
  thrift.EndStruct();
}

void PutNode(const SchemaNode& node, ThriftCompact& thrift) {
  thrift.BeginStructElement();
  if (node.type) thrift.I32(1, static_cast<int32_t>(*node.type));
  if (node.repetition != SchemaNode::Repetition::kRoot) {
    thrift.I32(3, static_cast<int32_t>(node.repetition));
  }
  thrift.Binary(4, node.name);
  if (!node.type) thrift.I32(5, node.children);
  PutMeaning(node.meaning, thrift);
  thrift.EndStruct();
}

void PutStatistics(const ValueStatistics& statistics, ThriftCompact& thrift) {
  thrift.I64(3, statistics.nulls);
  if (!statistics.least) return;
  thrift.Binary(5, statistics.greatest->bytes);
  thrift.Binary(6, statistics.least->bytes);
  thrift.Bool(7, statistics.greatest->exact);
  thrift.Bool(8, statistics.least->exact);
}

void PutEncodings(const ChunkMetadata& chunk, ThriftCompact& thrift) {
  const bool plain = chunk.numbered_pages < chunk.pages;
  const bool numbered = chunk.dictionary_offset.has_value();
  thrift.BeginList(2, Type::kI32, size_t{1} + plain + numbered);
  thrift.I32Element(kLevelEncoding);
  if (plain) thrift.I32Element(kPlainEncoding);
  if (numbered) thrift.I32Element(kDictionaryEncoding);
}

void PutPageCount(int32_t page_type, int32_t encoding, int32_t count,
                  ThriftCompact& thrift) {
  thrift.BeginStructElement();
  thrift.I32(1, page_type);
  thrift.I32(2, encoding);
  thrift.I32(3, count);
  thrift.EndStruct();
}

void PutPageCounts(const ChunkMetadata& chunk, ThriftCompact& thrift) {
  const int32_t plain = chunk.pages - chunk.numbered_pages;
  const bool has_dictionary = chunk.dictionary_offset.has_value();
  const bool has_numbered = chunk.numbered_pages > 0;
  const bool has_plain = plain > 0;
  thrift.BeginList(13, Type::kStruct,
                   size_t{has_dictionary} + has_numbered + has_plain);
  if (has_dictionary) {
    PutPageCount(kDictionaryPage, kDictionaryEncoding, 1, thrift);
  }
  if (has_numbered) {
    PutPageCount(kDataPage, kDictionaryEncoding, chunk.numbered_pages, thrift);
  }
  if (has_plain) PutPageCount(kDataPage, kPlainEncoding, plain, thrift);
}

void PutChunk(const ChunkMetadata& chunk, const Leaf& leaf,
              ThriftCompact& thrift) {
  thrift.BeginStructElement();
  thrift.I64(2, 0);  // No second copy of what follows lies in the file.
  thrift.BeginStruct(3);
  thrift.I32(1, static_cast<int32_t>(leaf.type));
  PutEncodings(chunk, thrift);
  thrift.BeginList(3, Type::kBinary, leaf.path.size());
  for (const std::string& name : leaf.path) thrift.BinaryElement(name);
  thrift.I32(4, kZstd);
  thrift.I64(5, chunk.values);
  thrift.I64(6, chunk.uncompressed_bytes);
  thrift.I64(7, chunk.compressed_bytes);
  thrift.I64(9, chunk.data_offset);
  if (chunk.dictionary_offset) thrift.I64(11, *chunk.dictionary_offset);
  thrift.BeginStruct(12);
  PutStatistics(chunk.statistics, thrift);
  thrift.EndStruct();
  PutPageCounts(chunk, thrift);
  if (chunk.bloom_filter) {
    thrift.I64(14, chunk.bloom_filter->offset);
    thrift.I32(15, chunk.bloom_filter->length);
  }
  thrift.EndStruct();
  thrift.I64(4, chunk.offset_index.offset);
  thrift.I32(5, chunk.offset_index.length);
  thrift.I64(6, chunk.column_index.offset);
  thrift.I32(7, chunk.column_index.length);
  thrift.EndStruct();
}

void PutRowGroup(const RowGroupMetadata& group,
                 std::span<const Leaf* const> leaves, size_t ordinal,
                 ThriftCompact& thrift) {
  int64_t uncompressed = 0;
  int64_t compressed = 0;
  for (const ChunkMetadata& chunk : group.chunks) {
    uncompressed += chunk.uncompressed_bytes;
    compressed += chunk.compressed_bytes;
  }
  const ChunkMetadata& first = group.chunks.front();
  thrift.BeginList(1, Type::kStruct, group.chunks.size());
  for (size_t i = 0; i < group.chunks.size(); ++i) {
    PutChunk(group.chunks[i], *leaves[i], thrift);
  }
  thrift.I64(2, uncompressed);
  thrift.I64(3, group.rows);
  thrift.I64(5, first.dictionary_offset.value_or(first.data_offset));
  thrift.I64(6, compressed);
  // The ordinal has 16 bits, and may be left out.
  if (ordinal <= INT16_MAX) thrift.I16(7, static_cast<int16_t>(ordinal));
  thrift.EndStruct();
}

void PutKeyValues(std::span<const KeyValue> key_values, ThriftCompact& thrift) {
  thrift.BeginList(5, Type::kStruct, key_values.size());
  for (const auto& [key, value] : key_values) {
    thrift.BeginStructElement();
    thrift.Binary(1, key);
    thrift.Binary(2, value);
    thrift.EndStruct();
  }
}

// Says for every leaf that its bounds follow its type's own order; without it
// they mean nothing.
void PutColumnOrders(size_t leaves, ThriftCompact& thrift) {
  thrift.BeginList(7, Type::kStruct, leaves);
  for (size_t i = 0; i < leaves; ++i) {
    thrift.BeginStructElement();
    thrift.EmptyStruct(1);
    thrift.EndStruct();
  }
}

}  // namespace

void AppendDataPageHeader(size_t uncompressed, std::string_view compressed,
                          int64_t values, int32_t encoding, std::string& out) {
  ThriftCompact thrift(out);
  BeginPageHeader(kDataPage, uncompressed, compressed, thrift);
  thrift.BeginStruct(5);
  thrift.I32(1, static_cast<int32_t>(values));
  thrift.I32(2, encoding);
  thrift.I32(3, kLevelEncoding);
  thrift.I32(4, kLevelEncoding);
  thrift.EndStruct();
  thrift.EndStruct();
}

void AppendDictionaryPageHeader(size_t uncompressed,
                                std::string_view compressed, size_t values,
                                std::string& out) {
  ThriftCompact thrift(out);
  BeginPageHeader(kDictionaryPage, uncompressed, compressed, thrift);
  thrift.BeginStruct(7);
  thrift.I32(1, static_cast<int32_t>(values));
  thrift.I32(2, kDictionaryEncoding);
  thrift.EndStruct();
  thrift.EndStruct();
}

void AppendColumnIndex(std::span<const PageSummary> pages, PhysicalType type,
                       std::string& out) {
  ThriftCompact thrift(out);
  thrift.BeginList(1, Type::kBool, pages.size());
  for (const PageSummary& page : pages) {
    thrift.BoolElement(!page.statistics.least.has_value());
  }
  thrift.BeginList(2, Type::kBinary, pages.size());
  for (const PageSummary& page : pages) {
    thrift.BinaryElement(BytesOf(page.statistics.least));
  }
  thrift.BeginList(3, Type::kBinary, pages.size());
  for (const PageSummary& page : pages) {
    thrift.BinaryElement(BytesOf(page.statistics.greatest));
  }
  thrift.I32(4, BoundaryOrder(pages, type));
  thrift.BeginList(5, Type::kI64, pages.size());
  for (const PageSummary& page : pages) {
    thrift.I64Element(page.statistics.nulls);
  }
  thrift.EndStruct();
}

void AppendOffsetIndex(std::span<const PageSummary> pages, int64_t data_offset,
                       std::string& out) {
  ThriftCompact thrift(out);
  thrift.BeginList(1, Type::kStruct, pages.size());
  for (const PageSummary& page : pages) {
    thrift.BeginStructElement();
    thrift.I64(1, data_offset + page.offset);
    thrift.I32(2, page.size);
    thrift.I64(3, page.first_row);
    thrift.EndStruct();
  }
  thrift.EndStruct();
}

// A struct is the same octets wherever it stands.
RowGroupEntry EntryOf(const RowGroupMetadata& group,
                      std::span<const Leaf* const> leaves, size_t ordinal) {
  RowGroupEntry entry{group.rows, ""};
  ThriftCompact thrift(entry.thrift);
  PutRowGroup(group, leaves, ordinal, thrift);
  return entry;
}

void AppendFileMetadata(const FileMetadata& file, std::string& out) {
  ThriftCompact thrift(out);
  int64_t rows = 0;
  for (const RowGroupEntry& group : file.row_groups) rows += group.rows;
  thrift.I32(1, 1);  // The version of the format that all readers know.
  thrift.BeginList(2, Type::kStruct, file.schema.size());
  for (const SchemaNode& node : file.schema) PutNode(node, thrift);
  thrift.I64(3, rows);
  thrift.BeginList(4, Type::kStruct, file.row_groups.size());
  for (const RowGroupEntry& group : file.row_groups) {
    thrift.EncodedElement(group.thrift);
  }
  PutKeyValues(file.key_values, thrift);
  thrift.Binary(6, file.created_by);
  PutColumnOrders(file.leaves, thrift);
  thrift.EndStruct();
}

}  // namespace mxscan
