#include "output/parquet/parquet_sink.h"

#include <cassert>
#include <span>
#include <utility>
#include <variant>

#include "output/utf8.h"

namespace mxscan {
namespace {

using StringList = std::span<const std::string_view>;

constexpr std::string_view kMagic = "PAR1";

// Adding up what all chunks hold takes as long as writing a cell of each.
constexpr int64_t kRowsBetweenChecks = 64;

// As parquet-java takes it apart.
std::string CreatedBy(std::string_view version) {
  std::string created_by = "mxscan version ";
  created_by.append(version).append(" (build ").append(version).append(")");
  return created_by;
}

}  // namespace

ParquetSink::ParquetSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
                         const ParquetOptions& options)
    : bytes_(std::move(bytes)),
      columns_(ColumnsOf(shape)),
      schema_(ParquetSchemaOf(columns_)),
      created_by_(CreatedBy(options.version)),
      group_rows_(options.group_rows),
      key_values_({{"mxscan.version", options.version},
                   {"mxscan.schema", std::to_string(kSchemaVersion)}}) {
  key_values_.insert(key_values_.end(), options.key_values.begin(),
                     options.key_values.end());
  chunks_.reserve(schema_.leaves.size());
  for (Leaf leaf : schema_.leaves) {
    leaf.has_bloom_filter =
        options.bloom_filter && leaf.path == std::vector<std::string>{"domain"};
    chunks_.emplace_back(std::move(leaf), compressor_);
  }
  WriteBytes(kMagic);
}

absl::Status ParquetSink::Write(const Record& record) {
  if (!status_.ok()) return status_;
  PutRow(record);
  ++rows_;
  const bool large = rows_ % kRowsBetweenChecks == 0 && memory() >= kGroupBytes;
  if (rows_ >= group_rows_ || large) WriteRowGroup();
  return status_;
}

void ParquetSink::PutRow(const Record& record) {
  size_t leaf = 0;
  for (const Column& column : columns_) {
    const Cell cell = column.cell(record);
    if (column.type == ColumnType::kMxList) {
      PutMxList(cell, column.nullable, leaf);
      leaf += MxFields().size();
      continue;
    }
    PutCell(cell, column.type, column.nullable, Position(), chunks_[leaf]);
    ++leaf;
  }
  for (ColumnChunk& chunk : chunks_) chunk.EndRow();
}

void ParquetSink::PutMxList(const Cell& cell, bool nullable,
                            size_t first_leaf) {
  const auto* const list = std::get_if<std::span<const MxRecord>>(&cell);
  const uint8_t present = nullable ? 1 : 0;
  for (size_t i = 0; i < MxFields().size(); ++i) {
    const MxField& field = MxFields()[i];
    ColumnChunk& chunk = chunks_[first_leaf + i];
    if (list == nullptr) {
      chunk.AddNull(0, 0);
    } else if (list->empty()) {
      chunk.AddNull(present, 0);
    } else {
      Position position = {static_cast<uint8_t>(present + 1), 0, 1};
      for (const MxRecord& mx : *list) {
        PutCell(field.cell(mx), field.type, field.nullable, position, chunk);
        position.repetition = 1;
      }
    }
  }
}

void ParquetSink::PutCell(const Cell& cell, ColumnType type, bool nullable,
                          Position position, ColumnChunk& chunk) {
  if (IsNull(cell)) {
    assert(nullable);
    return chunk.AddNull(position.definition, position.repetition);
  }
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64:
    case ColumnType::kTimestamp:
      return chunk.AddInteger(std::get<int64_t>(cell), position.repetition);
    case ColumnType::kBool:
      return chunk.AddBool(std::get<bool>(cell), position.repetition);
    case ColumnType::kString:
    case ColumnType::kEnum:
      return PutText(std::get<std::string_view>(cell), position.repetition,
                     chunk);
    case ColumnType::kStringList: break;
    case ColumnType::kMxList: return;  // PutMxList's.
  }
  const StringList list = std::get<StringList>(cell);
  if (list.empty()) {
    const int present = position.definition + (nullable ? 1 : 0);
    return chunk.AddNull(static_cast<uint8_t>(present), position.repetition);
  }
  for (const std::string_view& text : list) {
    const bool first = &text == &list.front();
    PutText(text, first ? position.repetition : position.depth + 1, chunk);
  }
}

void ParquetSink::PutText(std::string_view text, uint8_t repetition,
                          ColumnChunk& chunk) {
  chunk.AddText(ValidUtf8(text, repaired_), repetition);
}

size_t ParquetSink::memory() const {
  size_t bytes = 0;
  for (const ColumnChunk& chunk : chunks_) bytes += chunk.memory();
  return bytes;
}

void ParquetSink::WriteBytes(std::string_view bytes) {
  if (!status_.ok() || bytes.empty()) return;
  status_ = bytes_->Write(bytes);
  written_ += static_cast<int64_t>(bytes.size());
}

void ParquetSink::WriteRowGroup() {
  RowGroupMetadata group;
  group.rows = std::exchange(rows_, 0);
  std::vector<std::string> filters;
  for (ColumnChunk& chunk : chunks_) {
    SealedChunk sealed = chunk.Seal();
    group.chunks.push_back(WriteChunk(sealed, chunk.leaf().type));
    filters.push_back(std::move(sealed.bloom_filter));
  }
  for (size_t i = 0; i < filters.size(); ++i) {
    if (filters[i].empty()) continue;
    group.chunks[i].bloom_filter =
        Extent{written_, static_cast<int32_t>(filters[i].size())};
    WriteBytes(filters[i]);
  }
  row_groups_.push_back(std::move(group));
}

ChunkMetadata ParquetSink::WriteChunk(const SealedChunk& sealed,
                                      PhysicalType type) {
  ChunkMetadata chunk;
  chunk.values = sealed.values;
  chunk.uncompressed_bytes = sealed.uncompressed_bytes;
  chunk.compressed_bytes = static_cast<int64_t>(sealed.dictionary_page.size() +
                                                sealed.data_pages.size());
  chunk.pages = static_cast<int32_t>(sealed.pages.size());
  chunk.numbered_pages = sealed.numbered_pages;
  chunk.statistics = sealed.statistics;
  if (!sealed.dictionary_page.empty()) chunk.dictionary_offset = written_;
  WriteBytes(sealed.dictionary_page);
  chunk.data_offset = written_;
  WriteBytes(sealed.data_pages);

  // Offsets within the indexes, until WriteEnd knows where these will lie.
  const auto append = [](std::string& indexes, Extent& extent, auto put) {
    extent.offset = static_cast<int64_t>(indexes.size());
    put(indexes);
    extent.length = static_cast<int32_t>(static_cast<int64_t>(indexes.size()) -
                                         extent.offset);
  };
  append(column_indexes_, chunk.column_index,
         [&](std::string& out) { AppendColumnIndex(sealed.pages, type, out); });
  append(offset_indexes_, chunk.offset_index, [&](std::string& out) {
    AppendOffsetIndex(sealed.pages, chunk.data_offset, out);
  });
  return chunk;
}

void ParquetSink::WriteEnd() {
  const int64_t column_indexes = written_;
  WriteBytes(column_indexes_);
  const int64_t offset_indexes = written_;
  WriteBytes(offset_indexes_);
  for (RowGroupMetadata& group : row_groups_) {
    for (ChunkMetadata& chunk : group.chunks) {
      chunk.column_index.offset += column_indexes;
      chunk.offset_index.offset += offset_indexes;
    }
  }
  std::vector<const Leaf*> leaves;
  for (const ColumnChunk& chunk : chunks_) leaves.push_back(&chunk.leaf());
  std::string end;
  AppendFileMetadata(
      {schema_.nodes, leaves, row_groups_, key_values_, created_by_}, end);
  const auto length = static_cast<uint32_t>(end.size());
  for (int bits = 0; bits < 32; bits += 8) {
    end.push_back(static_cast<char>(length >> bits));
  }
  end.append(kMagic);
  WriteBytes(end);
}

absl::Status ParquetSink::Finish() {
  if (rows_ > 0) WriteRowGroup();
  WriteEnd();
  if (!status_.ok()) return status_;
  return bytes_->Close();
}

}  // namespace mxscan
