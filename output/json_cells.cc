#include "output/json_cells.h"

#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>

#include "output/plain_text.h"
#include "output/timestamp.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

constexpr std::string_view kMostQuotes = "\"\"";

}  // namespace

JsonCells::JsonCells(std::vector<Column> columns, Quotes quotes)
    : quote_(kMostQuotes.substr(quotes == Quotes::kSingle ? 1 : 0)),
      row_(MembersOf(std::span<const Column>(columns))),
      mx_(MembersOf(MxFields())) {}

template <typename Row>
std::vector<JsonCells::Member<Row>> JsonCells::MembersOf(
    std::span<const Field<Row>> fields) const {
  std::vector<Member<Row>> members;
  for (const Field<Row>& field : fields) {
    members.push_back(MemberOf(field, members.empty()));
  }
  return members;
}

template <typename Row>
JsonCells::Member<Row> JsonCells::MemberOf(const Field<Row>& field,
                                           bool is_first) const {
  Member<Row> member = {{}, 0, 0, field.type, field.cell};
  static_assert(kLongestName + std::string_view(",\"\"\"\":null").size() <=
                sizeof(member.text));
  std::string text = is_first ? "{" : ",";
  text.append(quote_).append(field.name).append(quote_).append(":");
  member.before = static_cast<uint8_t>(text.size());
  text.append("null");
  member.size = static_cast<uint8_t>(text.size());
  std::ranges::copy(text, member.text.begin());
  return member;
}

// One function for all types: what is kept of the loop in registers would be
// put away and fetched again for each cell.
template <typename Row>
void JsonCells::AppendObject(const std::vector<Member<Row>>& members,
                             const Row& row, TextBuffer& out) {
  for (const Member<Row>& member : members) {
    const Cell cell = member.cell(row);
    char* const to = out.Room(sizeof(member.text));
    std::memcpy(to, member.text.data(), sizeof(member.text));
    if (cell.is_null()) {
      out.Take(to + member.size);
      continue;
    }
    out.Take(to + member.before);
    switch (member.type) {
      case ColumnType::kInt32:
      case ColumnType::kInt64: out.AppendInteger(cell.integer()); break;
      case ColumnType::kTimestamp: {
        const TimestampText text = FormatTimestamp(cell.integer());
        AppendString(ToView(text), out);
        break;
      }
      case ColumnType::kString:
      case ColumnType::kEnum: AppendString(cell.text(), out); break;
      case ColumnType::kBool:
        out.Append(cell.boolean() ? "true" : "false");
        break;
      case ColumnType::kStringList: AppendList(cell.texts(), out); break;
      case ColumnType::kMxList: AppendMxList(cell.exchanges(), out); break;
    }
  }
  out.Append('}');
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

void JsonCells::AppendString(std::string_view text, TextBuffer& out) {
  char* const to = PutQuote(out.Room(text.size() + 2 * kMostQuotes.size()));
  if (!CopyPlain<'\\'>(text, to)) return AppendEscaped(text, out);
  out.Take(PutQuote(to + text.size()));
}

// Writes kMostQuotes in any case, of which what is too much is written over.
char* JsonCells::PutQuote(char* to) const {
  std::memcpy(to, kMostQuotes.data(), kMostQuotes.size());
  return to + quote_.size();
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
