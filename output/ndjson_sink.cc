#include "output/ndjson_sink.h"

#include <utility>

namespace mxscan {

NdjsonSink::NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape)
    : bytes_(std::move(bytes)),
      layout_(shape.layout),
      cells_(ColumnsOf(shape), JsonCells::Quotes::kSingle) {}

absl::Status NdjsonSink::Write(const Record& record) {
  ForEachRow(record, layout_, [this](const RowView& row) {
    cells_.AppendRow(row, buffer_);
    buffer_.Append('\n');
  });
  return buffer_.size() < ByteSink::kChunk ? absl::OkStatus() : Flush();
}

absl::Status NdjsonSink::Flush() {
  if (buffer_.empty()) return absl::OkStatus();
  const absl::Status written = bytes_->Write(buffer_.view());
  buffer_.Clear();
  return written;
}

absl::StatusOr<DurableMark> NdjsonSink::Checkpoint() {
  if (absl::Status flushed = Flush(); !flushed.ok()) return flushed;
  const absl::StatusOr<FileMark> mark = bytes_->Checkpoint();
  if (!mark.ok()) return mark.status();
  return DurableMark{ToText(*mark), {}};
}

absl::Status NdjsonSink::Finish() {
  const absl::Status flushed = Flush();
  const absl::Status closed = bytes_->Close();
  return flushed.ok() ? closed : flushed;
}

}  // namespace mxscan
