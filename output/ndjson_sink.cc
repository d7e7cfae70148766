#include "output/ndjson_sink.h"

#include <utility>

namespace mxscan {

NdjsonSink::NdjsonSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape)
    : chunks_(std::move(bytes)),
      layout_(shape.layout),
      cells_(ColumnsOf(shape), JsonCells::Quotes::kSingle) {}

absl::Status NdjsonSink::Write(const Record& record) {
  ForEachRow(record, layout_, [this](const RowView& row) {
    cells_.AppendRow(row, chunks_.buffer());
    chunks_.buffer().Append('\n');
  });
  return chunks_.EndRow();
}

}  // namespace mxscan
