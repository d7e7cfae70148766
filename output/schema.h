// The one table where a column is declared. Every format is driven by it, so
// a new column is one line in schema.cc (and its row in README.md) and nothing
// in any sink. Columns are only ever appended, never renamed or retyped: what
// loads today's files must load tomorrow's.
//
// A layout says how many rows a Record comes to: one, with its exchanges as a
// list; or, long, one for each address of each exchange, with the names that
// OpenINTEL's public data give to what means the same (openintel.nl, data
// dictionary); or one for each of its findings, which may be none. A column
// says in which layouts it is.
//
// A column says how to read its value from a row. All functions are pure and
// may be called from any thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "output/cell.h"
#include "output/check_group.h"
#include "output/record.h"

namespace mxscan {

enum class Layout : uint8_t { kNested, kLong, kFindings };

// One row of a file. In the long layout it stands for one exchange of the
// record, if there is any, and one address of that exchange (or, without
// exchanges, of the domain itself), if there is any.
struct RowView {
  const Record* record;  // Never null.
  const MxRecord* exchange = nullptr;
  const std::string_view* address = nullptr;
  const FindingRecord* finding = nullptr;  // In the layout of findings.
};

// Calls `visit(RowView)` for every row of `record`: one at least, but in the
// layout of findings.
template <typename Visit>
void ForEachRow(const Record& record, Layout layout, Visit visit);

// Version of the table below: rises when a column is appended.
inline constexpr int kSchemaVersion = 5;

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

// How README.md and the data's users call a type, and a layout.
std::string_view TypeName(ColumnType type);
std::string_view NameOf(Layout layout);

inline constexpr size_t kLongestName = 20;  // Of a field, or shorter.

template <typename Row>
struct Field {
  std::string_view name;  // Of [a-z0-9_] only, so no format must quote it.
  ColumnType type;
  bool nullable;
  std::string_view meaning;  // One sentence.
  Cell (*cell)(const Row& row);
};

using Column = Field<RowView>;
using MxField = Field<MxRecord>;

// What of a run decides which columns its rows have.
struct RunShape {
  bool several_inputs = false;  // Adds `input_file`.
  bool networks = false;        // Adds `asn`, `as_name` and `country`.
  CheckSet checks = {};         // Each group adds its own.
  Layout layout = Layout::kNested;
};

// The columns of a run's rows, in order.
std::vector<Column> ColumnsOf(const RunShape& shape);

// The fields of one element of the `mx` list, in order.
std::span<const MxField> MxFields();

template <typename Visit>
void ForEachAddress(RowView row, std::span<const std::string_view> addresses,
                    Visit visit) {
  if (addresses.empty()) return visit(row);
  for (const std::string_view& address : addresses) {
    row.address = &address;
    visit(row);
  }
}

template <typename Visit>
void ForEachRow(const Record& record, Layout layout, Visit visit) {
  if (layout == Layout::kNested) return visit(RowView{&record});
  if (layout == Layout::kFindings) {
    for (const FindingRecord& finding : record.finding_rows) {
      visit(RowView{&record, nullptr, nullptr, &finding});
    }
    return;
  }
  if (!record.mx || record.mx->empty()) {
    return ForEachAddress(
        {&record}, record.addresses.value_or(Record::StringList()), visit);
  }
  for (const MxRecord& exchange : *record.mx) {
    ForEachAddress({&record, &exchange}, exchange.addresses, visit);
  }
}

}  // namespace mxscan
