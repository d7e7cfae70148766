// JsonCells writes rows, and the lists of structs in them, as JSON. Strings
// come out as valid UTF-8 whatever their octets; null is written as null.
//
// Keys are quoted beforehand, all of one width so that copying one takes no
// loop, and plain strings copied; a string that needs escapes goes through
// RapidJSON's Writer, which this room uses nowhere else. (Measured: the Writer
// for every key and string took three times as long.) One thread.

#pragma once

#include <rapidjson/stringbuffer.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/schema.h"
#include "output/text_buffer.h"

namespace mxscan {

class JsonCells {
 public:
  // What stands around a string: `"`, or `""` as within a quoted CSV cell.
  enum class Quotes { kSingle, kDoubled };

  JsonCells(std::vector<Column> columns, Quotes quotes);
  JsonCells(const JsonCells&) = delete;
  JsonCells& operator=(const JsonCells&) = delete;

  // Appends an object with a member for every column.
  void AppendRow(const RowView& row, TextBuffer& out);

  // Appends the array of structs that an `mx` column holds.
  void AppendMxList(std::span<const MxRecord> records, TextBuffer& out);

  // Appends `text` as a JSON string.
  void AppendString(std::string_view text, TextBuffer& out);

 private:
  // A field, and what is written of it where it has no value, as in
  // `,"input":null`, of which the first `before` octets stand before a value.
  template <typename Row>
  struct Member {
    std::array<char, 32> text;
    uint8_t before;
    uint8_t size;
    ColumnType type;
    Cell (*cell)(const Row& row);
  };

  template <typename Row>
  std::vector<Member<Row>> MembersOf(std::span<const Field<Row>> fields) const;
  template <typename Row>
  Member<Row> MemberOf(const Field<Row>& field, bool is_first) const;

  template <typename Row>
  void AppendObject(const std::vector<Member<Row>>& members, const Row& row,
                    TextBuffer& out);
  void AppendEscaped(std::string_view text, TextBuffer& out);
  char* PutQuote(char* to) const;
  void AppendList(std::span<const std::string_view> list, TextBuffer& out);

  const std::string_view quote_;
  const std::vector<Member<RowView>> row_;
  const std::vector<Member<MxRecord>> mx_;
  std::string repaired_;
  rapidjson::StringBuffer escaped_;
};

}  // namespace mxscan
