#include "output/csv_sink.h"

#include <utility>

#include "output/csv_cell.h"
#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {

CsvSink::CsvSink(std::unique_ptr<ByteSink> bytes, const RunShape& shape,
                 Header header)
    : chunks_(std::move(bytes)),
      buffer_(chunks_.buffer()),
      layout_(shape.layout),
      columns_(ColumnsOf(shape)),
      json_cells_({}, JsonCells::Quotes::kDoubled) {
  if (header == Header::kWritten) PutHeader();
}

void CsvSink::PutHeader() {
  for (const Column& column : columns_) {
    buffer_.Append(column.name);
    buffer_.Append(',');
    if (column.type != ColumnType::kMxList) continue;
    buffer_.Append(column.name);
    buffer_.Append("_hosts,");
  }
  EndRow();
}

absl::Status CsvSink::Write(std::span<const Record> records) {
  for (const Record& record : records) {
    ForEachRow(record, layout_, [this](const RowView& row) { PutRow(row); });
    absl::Status ended = chunks_.EndRow();
    if (!ended.ok()) return ended;
  }
  return absl::OkStatus();
}

void CsvSink::PutRow(const RowView& row) {
  for (const Column& column : columns_) {
    Put(column.cell(row), column.type);
    buffer_.Append(',');
  }
  EndRow();
}

void CsvSink::EndRow() {
  buffer_.Truncate(buffer_.size() - 1);  // The last cell's comma.
  buffer_.Append('\n');
}

void CsvSink::Put(Cell cell, ColumnType type) {
  if (cell.is_null()) {
    if (type == ColumnType::kMxList) buffer_.Append(',');
    return;
  }
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64: return buffer_.AppendInteger(cell.integer());
    case ColumnType::kTimestamp:
      return buffer_.Append(ToView(FormatTimestamp(cell.integer())));
    case ColumnType::kString:
    case ColumnType::kEnum: return PutText(cell.text());
    case ColumnType::kBool:
      return buffer_.Append(cell.boolean() ? "true" : "false");
    case ColumnType::kStringList: return PutList(cell.texts());
    case ColumnType::kMxList: return PutMxList(cell.exchanges());
  }
}

void CsvSink::PutText(std::string_view text) {
  const size_t start = buffer_.size();
  SettleCell(start, PutPart(text));
}

void CsvSink::PutList(std::span<const std::string_view> list) {
  const size_t start = buffer_.size();
  bool plain = true;
  for (const std::string_view& text : list) {
    if (&text != &list.front()) buffer_.Append(';');
    plain &= PutPart(text);
  }
  SettleCell(start, plain);
}

void CsvSink::PutMxList(std::span<const MxRecord> records) {
  if (records.empty()) return buffer_.Append("[],\"\"");
  buffer_.Append('"');
  json_cells_.AppendMxList(records, buffer_);
  buffer_.Append("\",");
  const size_t start = buffer_.size();
  bool plain = true;
  for (const MxRecord& record : records) {
    if (&record != &records.front()) buffer_.Append(';');
    buffer_.AppendInteger(record.preference);
    buffer_.Append(' ');
    plain &= PutPart(record.exchange);
  }
  SettleCell(start, plain);
}

bool CsvSink::PutPart(std::string_view text) {
  if (buffer_.AppendPlain<','>(text)) return true;
  buffer_.Append(text);
  return false;
}

void CsvSink::SettleCell(size_t start, bool plain) {
  if (plain && buffer_.size() > start) return;
  raw_.assign(buffer_.view().substr(start));
  buffer_.Truncate(start);
  AppendCsvCell(ValidUtf8(raw_, repaired_), buffer_);
}

}  // namespace mxscan
