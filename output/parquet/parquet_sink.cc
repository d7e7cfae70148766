#include "output/parquet/parquet_sink.h"

#include <charconv>
#include <span>
#include <utility>

namespace mxscan {
namespace {

constexpr std::string_view kMagic = "PAR1";

// To look at all chunks takes as long as to write a cell of each: rows end
// together, and what all hold is added up less often yet. Whole pages are made
// of whole such groups of rows, which with their exchanges fit into the
// processor's first cache for one column after the other.
constexpr int64_t kRowsThatEnd = 32;
constexpr int64_t kRowsBetweenChecks = 64;
static_assert(ColumnChunk::kPageRows % kRowsThatEnd == 0);

// As parquet-java takes it apart.
std::string CreatedBy(std::string_view version) {
  std::string created_by = "mxscan version ";
  created_by.append(version).append(" (build ").append(version).append(")");
  return created_by;
}

}  // namespace

ParquetSink::ParquetSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
                         const ParquetOptions& options)
    : ParquetSink(std::move(bytes), shape, options, Begun::kNo) {}

ParquetSink::ParquetSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
                         const ParquetOptions& options, Begun begun)
    : bytes_(std::move(bytes)),
      layout_(shape.layout),
      columns_(ColumnsOf(shape)),
      schema_(ParquetSchemaOf(columns_)),
      created_by_(CreatedBy(options.version)),
      group_rows_(options.group_rows),
      key_values_({{"mxscan.version", options.version},
                   {"mxscan.schema", std::to_string(kSchemaVersion)},
                   {"mxscan.layout", std::string(NameOf(layout_))}}) {
  key_values_.insert(key_values_.end(), options.key_values.begin(),
                     options.key_values.end());
  for (Leaf leaf : schema_.leaves) {
    const std::string& column = leaf.path.front();
    leaf.has_bloom_filter =
        options.bloom_filter && (column == "domain" || column == "query_name");
    chunks_.emplace_back(std::move(leaf), compressor_);
  }
  if (begun == Begun::kNo) WriteBytes(kMagic);
}

absl::StatusOr<std::unique_ptr<ParquetSink>> ParquetSink::GoOn(
    std::unique_ptr<ByteSink> bytes, const RunShape& shape,
    const ParquetOptions& options, const DurableMark& mark) {
  std::unique_ptr<ParquetSink> sink(
      new ParquetSink(std::move(bytes), shape, options, Begun::kYes));
  absl::Status restored = sink->GoOnBehind(mark);
  if (!restored.ok()) return restored;
  return sink;
}

absl::Status ParquetSink::Write(std::span<const Record> records) {
  if (!status_.ok()) return status_;
  for (const Record& record : records) {
    ForEachRow(record, layout_, [this](const RowView& row) { Gather(row); });
  }
  PutGathered();
  for (ColumnChunk& chunk : chunks_) chunk.ForgetTexts();
  return status_;
}

// Rows end where they would if they had come one by one: the file is the same.
void ParquetSink::Gather(const RowView& row) {
  gathered_.push_back(row);
  const int64_t rows = rows_ + static_cast<int64_t>(gathered_.size());
  if (rows % kRowsThatEnd == 0 || rows >= group_rows_) PutGathered();
}

void ParquetSink::PutGathered() {
  if (gathered_.empty()) return;
  striper_.Take(gathered_);
  rows_ += static_cast<int64_t>(gathered_.size());
  const bool end = rows_ % kRowsThatEnd == 0;
  auto chunk = chunks_.begin();
  for (const Column& column : columns_) {
    if (column.type != ColumnType::kMxList) {
      striper_.Put(column, *chunk);
      if (end) chunk->EndRows(kRowsThatEnd);
      ++chunk;
      continue;
    }
    striper_.Open(column);
    for (const MxField& field : MxFields()) {
      striper_.Put(field, *chunk);
      if (end) chunk->EndRows(kRowsThatEnd);
      ++chunk;
    }
  }
  gathered_.clear();
  const bool large = rows_ % kRowsBetweenChecks == 0 && memory() >= kGroupBytes;
  if (rows_ >= group_rows_ || large) WriteRowGroup();
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
  for (ColumnChunk& chunk : chunks_) chunk.EndRows(rows_ % kRowsThatEnd);
  RowGroupMetadata group;
  group.rows = std::exchange(rows_, 0);
  std::vector<SealedChunk> sealed;
  for (ColumnChunk& chunk : chunks_) {
    sealed.push_back(chunk.Seal());
    group.chunks.push_back(WriteChunk(sealed.back()));
  }
  for (size_t i = 0; i < sealed.size(); ++i) {
    if (sealed[i].bloom_filter.empty()) continue;
    group.chunks[i].bloom_filter = WriteExtent(sealed[i].bloom_filter);
  }
  for (size_t i = 0; i < sealed.size(); ++i) {
    scratch_.clear();
    AppendColumnIndex(sealed[i].pages, chunks_[i].leaf().type, scratch_);
    group.chunks[i].column_index = WriteExtent(scratch_);
  }
  for (size_t i = 0; i < sealed.size(); ++i) {
    scratch_.clear();
    AppendOffsetIndex(sealed[i].pages, group.chunks[i].data_offset, scratch_);
    group.chunks[i].offset_index = WriteExtent(scratch_);
  }
  row_groups_.push_back(EntryOf(group, Leaves(), row_groups_.size()));
}

ChunkMetadata ParquetSink::WriteChunk(const SealedChunk& sealed) {
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
  return chunk;
}

Extent ParquetSink::WriteExtent(std::string_view bytes) {
  const Extent extent{written_, static_cast<int32_t>(bytes.size())};
  WriteBytes(bytes);
  return extent;
}

std::vector<const Leaf*> ParquetSink::Leaves() const {
  std::vector<const Leaf*> leaves;
  for (const ColumnChunk& chunk : chunks_) leaves.push_back(&chunk.leaf());
  return leaves;
}

void ParquetSink::WriteEnd() {
  std::string end;
  AppendFileMetadata(
      {schema_.nodes, chunks_.size(), row_groups_, key_values_, created_by_},
      end);
  const auto length = static_cast<uint32_t>(end.size());
  for (int bits = 0; bits < 32; bits += 8) {
    end.push_back(static_cast<char>(length >> bits));
  }
  end.append(kMagic);
  WriteBytes(end);
}

Sink::Ripeness ParquetSink::ripeness() const {
  // The last sixteenth of a row group: long enough to be met, and too short
  // for its absence to be noticed.
  const bool ripe = rows_ >= group_rows_ - group_rows_ / 16 ||
                    memory() >= kGroupBytes - kGroupBytes / 16;
  return ripe ? Ripeness::kRipe : Ripeness::kUnripe;
}

absl::StatusOr<DurableMark> ParquetSink::Checkpoint() {
  if (rows_ > 0) WriteRowGroup();
  if (!status_.ok()) return status_;
  const absl::StatusOr<FileMark> mark = bytes_->Checkpoint();
  if (!mark.ok()) return status_ = mark.status();
  DurableMark durable{ToText(*mark), {}};
  for (; marked_groups_ < row_groups_.size(); ++marked_groups_) {
    const RowGroupEntry& group = row_groups_[marked_groups_];
    durable.added.push_back(std::to_string(group.rows) + " " + group.thrift);
  }
  return durable;
}

absl::Status ParquetSink::GoOnBehind(const DurableMark& mark) {
  const absl::StatusOr<FileMark> file = ParseFileMark(mark.state);
  if (!file.ok()) return file.status();
  for (const std::string& added : mark.added) {
    RowGroupEntry& group = row_groups_.emplace_back();
    const char* const end = added.data() + added.size();
    const auto read = std::from_chars(added.data(), end, group.rows);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != ' ') {
      return absl::DataLossError("a mark of a Parquet file is damaged");
    }
    group.thrift.assign(read.ptr + 1, end);
  }
  marked_groups_ = row_groups_.size();
  written_ = file->bytes;
  return absl::OkStatus();
}

absl::Status ParquetSink::Finish() {
  if (rows_ > 0) WriteRowGroup();
  WriteEnd();
  if (!status_.ok()) return status_;
  return bytes_->Close();
}

}  // namespace mxscan
