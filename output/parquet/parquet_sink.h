// Rows as one Parquet file, in the way that the most readers take: data pages
// of version 1, zstd, dictionaries, lists of three levels, TIMESTAMP(MICROS,
// UTC), with statistics, page index and page checksums; and, if asked for, a
// Bloom filter on `domain` (in the long layout: `query_name`). Texts are valid
// UTF-8; a broken sequence becomes U+FFFD.
//
// Rows are gathered into row groups of 250,000 rows, or fewer when they are
// large: memory is that of one compressed row group (kGroupBytes at most, and
// one row) and a few KiB for every group before it. Behind each group stands
// its page index, so that a file which is gone on with later has all of it.
// Flush does nothing: a Parquet file cannot be read before its end is written,
// so `bytes` should be a file that appears whole, or a pipe.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "output/byte_sink.h"
#include "output/codec.h"
#include "output/parquet/column_chunk.h"
#include "output/parquet/file_metadata.h"
#include "output/parquet/parquet_schema.h"
#include "output/parquet/striper.h"
#include "output/schema.h"
#include "output/sink.h"

namespace mxscan {

struct ParquetOptions {
  bool bloom_filter = false;         // On `domain` or `query_name`.
  int64_t group_rows = 250'000;      // Of a row group, at most.
  std::string version = "unknown";   // Of mxscan.
  std::vector<KeyValue> key_values;  // What else is known of the file.
};

class ParquetSink final : public Sink {
 public:
  static constexpr size_t kGroupBytes = size_t{64} << 20;

  // A new file.
  ParquetSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
              const ParquetOptions& options);

  // The file that `mark` was made of, with `bytes` opened behind it.
  // REQUIRES: that file's shape and options were these.
  static absl::StatusOr<std::unique_ptr<ParquetSink>> GoOn(
      std::unique_ptr<ByteSink> bytes, const RunShape& shape,
      const ParquetOptions& options, const DurableMark& mark);

  absl::Status Write(std::span<const Record> records) override;
  absl::Status Flush() override { return status_; }
  // Ends the open row group, which should be ripe for it.
  absl::StatusOr<DurableMark> Checkpoint() override;
  Ripeness ripeness() const override;
  absl::Status Finish() override;

 private:
  enum class Begun : uint8_t { kNo, kYes };

  ParquetSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
              const ParquetOptions& options, Begun begun);
  absl::Status GoOnBehind(const DurableMark& mark);

  void Gather(const RowView& row);
  void PutGathered();
  size_t memory() const;

  void WriteBytes(std::string_view bytes);
  void WriteRowGroup();
  ChunkMetadata WriteChunk(const SealedChunk& sealed);
  Extent WriteExtent(std::string_view bytes);
  std::vector<const Leaf*> Leaves() const;
  void WriteEnd();

  const std::unique_ptr<ByteSink> bytes_;
  const Layout layout_;
  const std::vector<Column> columns_;
  const ParquetSchema schema_;
  const std::string created_by_;
  const int64_t group_rows_;
  std::vector<KeyValue> key_values_;
  ZstdBlocks compressor_;
  std::deque<ColumnChunk> chunks_;  // One for each leaf.
  std::vector<RowView> gathered_;   // Not put into them yet.
  Striper striper_;
  int64_t rows_ = 0;  // Of the open row group.
  std::vector<RowGroupEntry> row_groups_;
  size_t marked_groups_ = 0;  // Of these, so many are in marks.
  int64_t written_ = 0;       // Bytes.
  absl::Status status_;       // The first failure.
  std::string scratch_;
};

}  // namespace mxscan
