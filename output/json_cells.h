// One cell as JSON, for every format that holds JSON. The only file, with its
// .cc, that includes RapidJSON (its Writer; never document.h, whose == does
// not end under C++20).

#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <string_view>

#include "output/schema.h"

namespace mxscan {

using JsonBuffer = rapidjson::StringBuffer;

// Appends JSON to one buffer. Strings come out as valid UTF-8 whatever their
// octets. One thread.
class JsonCells {
 public:
  // `buffer` must outlive this.
  explicit JsonCells(JsonBuffer& buffer);

  // Appends an object with a member for each of `columns`, null ones too.
  void AppendRow(std::span<const Column> columns, const Record& record);

  // Appends the array of structs that an `mx` column holds.
  void AppendMxList(std::span<const MxRecord> records);

 private:
  void Put(const Cell& cell, ColumnType type);
  void PutString(std::string_view text);
  void PutList(std::span<const std::string_view> list);
  void PutMxList(std::span<const MxRecord> records);

  template <typename Row>
  void PutObject(std::span<const Field<Row>> fields, const Row& row);

  JsonBuffer& buffer_;
  rapidjson::Writer<JsonBuffer> writer_;
  std::string scratch_;
};

}  // namespace mxscan
