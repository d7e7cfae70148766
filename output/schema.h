// The one table where a column is declared. Every format is driven by it, so
// a new column is one line in schema.cc (and its row in README.md) and nothing
// in any sink. Columns are only ever appended, never renamed or retyped: what
// loads today's files must load tomorrow's.
//
// A column says how to read its value from a Record; a Cell without a value
// (std::monostate) is null, that is "not asked". All functions are pure and
// may be called from any thread.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "output/record.h"

namespace mxscan {

// Version of the table below: rises when a column is appended.
inline constexpr int kSchemaVersion = 1;

enum class ColumnType : uint8_t {
  kInt32,
  kInt64,
  kTimestamp,  // Microseconds of Unix time, UTC.
  kString,
  kEnum,  // A string out of a short closed list.
  kBool,
  kStringList,
  kMxList,  // A list of structs with the fields of MxFields().
};

// How README.md and the data's users call a type.
std::string_view TypeName(ColumnType type);

using Cell =
    std::variant<std::monostate, int64_t, bool, std::string_view,
                 std::span<const std::string_view>, std::span<const MxRecord>>;

inline bool IsNull(const Cell& cell) { return cell.index() == 0; }

template <typename Row>
struct Field {
  std::string_view name;  // Of [a-z0-9_] only, so no format must quote it.
  ColumnType type;
  bool nullable;
  std::string_view meaning;  // One sentence.
  Cell (*cell)(const Row& row);
};

using Column = Field<Record>;
using MxField = Field<MxRecord>;

// What of a run decides which columns its rows have.
struct RunShape {
  bool several_inputs = false;  // Adds `input_file`.
};

// The columns of a run's rows, in order.
std::vector<Column> ColumnsOf(const RunShape& shape);

// The fields of one element of the `mx` list, in order.
std::span<const MxField> MxFields();

}  // namespace mxscan
