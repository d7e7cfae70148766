#include "output/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAreArray;
using Lines = std::vector<std::string>;

// One line of the README's table for a field.
template <typename Row>
std::string TableLine(const Field<Row>& field) {
  std::string line = "| `";
  line.append(field.name).append("` | ").append(TypeName(field.type));
  line.append(field.nullable ? " | yes | " : " | | ");
  return line.append(field.meaning).append(" |");
}

// The body of the first table that follows `heading` in the README.
Lines ReadmeTable(std::string_view heading) {
  std::istringstream readme(ReadFile(MXSCAN_OUTPUT_README));
  std::string line;
  while (std::getline(readme, line) && line != heading) {
  }
  while (std::getline(readme, line) && !line.starts_with("| ---")) {
  }
  Lines table;
  while (std::getline(readme, line) && line.starts_with("|")) {
    table.push_back(line);
  }
  return table;
}

TEST(Schema, IsWhatTheReadmeSays) {
  Lines columns;
  for (const Column& column : ColumnsOf({.several_inputs = true})) {
    columns.push_back(TableLine(column));
  }
  EXPECT_THAT(ReadmeTable("### Columns"), ElementsAreArray(columns));
  Lines fields;
  for (const MxField& field : MxFields()) fields.push_back(TableLine(field));
  EXPECT_THAT(ReadmeTable("### Fields of `mx`"), ElementsAreArray(fields));
}

TEST(Schema, NamesAreUniqueAndNeedNoQuotesAnywhere) {
  std::set<std::string_view> names;
  for (const Column& column : ColumnsOf({.several_inputs = true})) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_TRUE(std::ranges::all_of(column.name, [](char letter) {
      return (letter >= 'a' && letter <= 'z') || letter == '_';
    })) << column.name;
  }
}

TEST(Schema, MeaningsAreSentencesThatFitIntoATable) {
  for (const Column& column : ColumnsOf({})) {
    EXPECT_TRUE(column.meaning.ends_with('.')) << column.name;
    EXPECT_EQ(column.meaning.find('|'), std::string_view::npos) << column.name;
  }
}

TEST(Schema, ExactlyTheNullableColumnsAreNullInANewRow) {
  const Record record;
  for (const Column& column : ColumnsOf({.several_inputs = true})) {
    EXPECT_EQ(IsNull(column.cell(record)), column.nullable) << column.name;
  }
  const MxRecord mx;
  for (const MxField& field : MxFields()) {
    EXPECT_EQ(IsNull(field.cell(mx)), field.nullable) << field.name;
  }
}

size_t IndexOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64:
    case ColumnType::kTimestamp: return Cell(int64_t{0}).index();
    case ColumnType::kBool: return Cell(false).index();
    case ColumnType::kString:
    case ColumnType::kEnum: return Cell(std::string_view()).index();
    case ColumnType::kStringList: return Cell(Record::StringList()).index();
    case ColumnType::kMxList: return Cell(std::span<const MxRecord>()).index();
  }
  return 0;
}

TEST(Schema, CellsHoldWhatTheTypeOfTheirColumnSays) {
  Record record;
  record.input_file = record.domain = record.detail = record.alias = "";
  record.scanned_at_us = record.rtt_us = 1;
  record.mx_count = record.attempts = 1;
  record.mx.emplace();
  record.addresses.emplace();
  record.providers.emplace();
  record.backend.emplace();
  record.primary_mx = record.provider = record.provider_name = "";
  record.provider_category = record.provider_via = record.mx_domain = "";
  record.backend_via = record.resolver = record.protocol = "";
  record.authenticated = false;
  for (const Column& column : ColumnsOf({.several_inputs = true})) {
    EXPECT_EQ(column.cell(record).index(), IndexOf(column.type)) << column.name;
  }
  MxRecord mx;
  mx.alias = mx.provider = "";
  for (const MxField& field : MxFields()) {
    EXPECT_EQ(field.cell(mx).index(), IndexOf(field.type)) << field.name;
  }
}

}  // namespace
}  // namespace mxscan
