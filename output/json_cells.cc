#include "output/json_cells.h"

#include <variant>

#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {

using rapidjson::SizeType;

JsonCells::JsonCells(JsonBuffer& buffer) : buffer_(buffer), writer_(buffer) {}

void JsonCells::AppendRow(std::span<const Column> columns,
                          const Record& record) {
  writer_.Reset(buffer_);
  PutObject(columns, record);
}

void JsonCells::AppendMxList(std::span<const MxRecord> records) {
  writer_.Reset(buffer_);
  PutMxList(records);
}

template <typename Row>
void JsonCells::PutObject(std::span<const Field<Row>> fields, const Row& row) {
  writer_.StartObject();
  for (const Field<Row>& field : fields) {
    writer_.Key(field.name.data(), static_cast<SizeType>(field.name.size()));
    Put(field.cell(row), field.type);
  }
  writer_.EndObject();
}

void JsonCells::Put(const Cell& cell, ColumnType type) {
  if (IsNull(cell)) {
    writer_.Null();
    return;
  }
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64: writer_.Int64(std::get<int64_t>(cell)); break;
    case ColumnType::kTimestamp:
      PutString(ToView(FormatTimestamp(std::get<int64_t>(cell))));
      break;
    case ColumnType::kString:
    case ColumnType::kEnum: PutString(std::get<std::string_view>(cell)); break;
    case ColumnType::kBool: writer_.Bool(std::get<bool>(cell)); break;
    case ColumnType::kStringList:
      PutList(std::get<std::span<const std::string_view>>(cell));
      break;
    case ColumnType::kMxList:
      PutMxList(std::get<std::span<const MxRecord>>(cell));
      break;
  }
}

void JsonCells::PutString(std::string_view text) {
  const std::string_view valid = ValidUtf8(text, scratch_);
  writer_.String(valid.empty() ? "" : valid.data(),
                 static_cast<SizeType>(valid.size()));
}

void JsonCells::PutList(std::span<const std::string_view> list) {
  writer_.StartArray();
  for (const std::string_view text : list) PutString(text);
  writer_.EndArray();
}

void JsonCells::PutMxList(std::span<const MxRecord> records) {
  writer_.StartArray();
  for (const MxRecord& record : records) PutObject(MxFields(), record);
  writer_.EndArray();
}

}  // namespace mxscan
