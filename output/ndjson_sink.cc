#include "output/ndjson_sink.h"

#include <utility>

namespace mxscan {

NdjsonSink::NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape)
    : chunks_(std::move(bytes)),
      layout_(shape.layout),
      cells_(ColumnsOf(shape), JsonCells::Quotes::kSingle) {}

absl::Status NdjsonSink::Write(std::span<const Record> records) {
  for (const Record& record : records) {
    ForEachRow(record, layout_, [this](const RowView& row) {
      cells_.AppendRow(row, chunks_.buffer());
      chunks_.buffer().Append('\n');
    });
    absl::Status ended = chunks_.EndRow();
    if (!ended.ok()) return ended;
  }
  return absl::OkStatus();
}

}  // namespace mxscan
