#include "output/json_cells.h"

#include <rapidjson/writer.h>

#include <variant>

#include "output/plain_text.h"
#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {

JsonCells::JsonCells(std::vector<Column> columns, Quotes quotes)
    : quote_(quotes == Quotes::kSingle ? "\"" : "\"\""),
      row_(MembersOf(std::span<const Column>(columns))),
      mx_(MembersOf(MxFields())) {}

template <typename Row>
std::vector<JsonCells::Member<Row>> JsonCells::MembersOf(
    std::span<const Field<Row>> fields) const {
  std::vector<Member<Row>> members;
  for (const Field<Row>& field : fields) {
    std::string before = members.empty() ? "{" : ",";
    before.append(quote_).append(field.name).append(quote_).append(":");
    members.push_back({before, before + "null", field.type, field.cell});
  }
  return members;
}

void JsonCells::AppendRow(const RowView& row, TextBuffer& out) {
  AppendObject(row_, row, out);
}

void JsonCells::AppendMxList(std::span<const MxRecord> records,
                             TextBuffer& out) {
  out.Append('[');
  for (const MxRecord& record : records) {
    if (&record != &records.front()) out.Append(',');
    AppendObject(mx_, record, out);
  }
  out.Append(']');
}

template <typename Row>
void JsonCells::AppendObject(const std::vector<Member<Row>>& members,
                             const Row& row, TextBuffer& out) {
  for (const Member<Row>& member : members) {
    const Cell cell = member.cell(row);
    if (IsNull(cell)) {
      out.Append(member.null);
    } else {
      out.Append(member.before);
      AppendCell(cell, member.type, out);
    }
  }
  out.Append('}');
}

void JsonCells::AppendCell(const Cell& cell, ColumnType type, TextBuffer& out) {
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64: return out.AppendInteger(std::get<int64_t>(cell));
    case ColumnType::kTimestamp:
      return AppendString(ToView(FormatTimestamp(std::get<int64_t>(cell))),
                          out);
    case ColumnType::kString:
    case ColumnType::kEnum:
      return AppendString(std::get<std::string_view>(cell), out);
    case ColumnType::kBool:
      return out.Append(std::get<bool>(cell) ? "true" : "false");
    case ColumnType::kStringList:
      return AppendList(std::get<std::span<const std::string_view>>(cell), out);
    case ColumnType::kMxList:
      return AppendMxList(std::get<std::span<const MxRecord>>(cell), out);
  }
}

void JsonCells::AppendString(std::string_view text, TextBuffer& out) {
  if (!IsPlain<'\\'>(text)) return AppendEscaped(text, out);
  out.Append(quote_);
  out.Append(text);
  out.Append(quote_);
}

void JsonCells::AppendEscaped(std::string_view text, TextBuffer& out) {
  const std::string_view valid = ValidUtf8(text, repaired_);
  escaped_.Clear();
  rapidjson::Writer<rapidjson::StringBuffer> writer(escaped_);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
  const std::string_view json(escaped_.GetString(), escaped_.GetSize());
  for (const char octet : json) {
    if (octet == '"') {
      out.Append(quote_);
    } else {
      out.Append(octet);
    }
  }
}

void JsonCells::AppendList(std::span<const std::string_view> list,
                           TextBuffer& out) {
  out.Append('[');
  for (const std::string_view& text : list) {
    if (&text != &list.front()) out.Append(',');
    AppendString(text, out);
  }
  out.Append(']');
}

}  // namespace mxscan
