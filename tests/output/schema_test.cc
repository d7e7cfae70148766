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

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using Lines = std::vector<std::string>;

constexpr RunShape kNestedShape = {
    .several_inputs = true, .networks = true, .checks = CheckSet::All()};
constexpr RunShape kLongShape = {.several_inputs = true,
                                 .networks = true,
                                 .checks = CheckSet::All(),
                                 .layout = Layout::kLong};
constexpr RunShape kFindingsShape = {.several_inputs = true,
                                     .checks = CheckSet::All(),
                                     .layout = Layout::kFindings};

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

// The lines of the README's table of columns that are in `layout`, without the
// cell that says so.
Lines ReadmeColumns(Layout layout) {
  Lines lines;
  for (std::string line : ReadmeTable("### Columns")) {
    for (const std::string_view in :
         {"| both |", "| nested |", "| long |", "| findings |", "| all |"}) {
      const size_t at = line.find(in);
      if (at == std::string::npos) continue;
      const std::string name(in.substr(2, in.size() - 4));
      line.erase(at, in.size() - 1);
      const bool is_here = name == "all" || name == NameOf(layout) ||
                           (name == "both" && layout != Layout::kFindings);
      if (is_here) lines.push_back(line);
      break;
    }
  }
  return lines;
}

TEST(Schema, IsWhatTheReadmeSays) {
  for (const RunShape& shape : {kNestedShape, kLongShape, kFindingsShape}) {
    Lines columns;
    for (const Column& column : ColumnsOf(shape)) {
      columns.push_back(TableLine(column));
    }
    EXPECT_THAT(ReadmeColumns(shape.layout), ElementsAreArray(columns));
  }
  Lines fields;
  for (const MxField& field : MxFields()) fields.push_back(TableLine(field));
  EXPECT_THAT(ReadmeTable("### Fields of `mx`"), ElementsAreArray(fields));
}

TEST(Schema, NamesAreUniqueAndNeedNoQuotesAnywhere) {
  for (const RunShape& shape : {kNestedShape, kLongShape, kFindingsShape}) {
    std::set<std::string_view> names;
    for (const Column& column : ColumnsOf(shape)) {
      EXPECT_TRUE(names.insert(column.name).second) << column.name;
      EXPECT_TRUE(std::ranges::all_of(column.name, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '_' ||
               (letter >= '0' && letter <= '9');
      })) << column.name;
    }
  }
}

TEST(Schema, HasARowForEveryFindingAndNoneWithoutAny) {
  const FindingRecord findings[] = {
      {"single_mx", "warning", "mx.a.com", {}, "m", "r", "RFC"},
      {"ipv6_missing", "info", "a.com", "x", "m", "r", "RFC"}};
  Record record;
  std::vector<const FindingRecord*> rows;
  const auto visit = [&rows](const RowView& row) {
    rows.push_back(row.finding);
  };
  ForEachRow(record, Layout::kFindings, visit);
  EXPECT_TRUE(rows.empty());
  record.finding_rows = findings;
  ForEachRow(record, Layout::kFindings, visit);
  EXPECT_EQ(rows,
            (std::vector<const FindingRecord*>{&findings[0], &findings[1]}));
}

TEST(Schema, MeaningsAreSentencesThatFitIntoATable) {
  std::vector<Column> columns = ColumnsOf(kLongShape);
  for (const Column& column : ColumnsOf(kNestedShape)) {
    columns.push_back(column);
  }
  for (const Column& column : columns) {
    EXPECT_TRUE(column.meaning.ends_with('.')) << column.name;
    EXPECT_EQ(column.meaning.find('|'), std::string_view::npos) << column.name;
  }
}

TEST(Schema, ExactlyTheNullableColumnsAreNullInANewRow) {
  const Record record;
  for (const RunShape& shape : {kNestedShape, kLongShape}) {
    for (const Column& column : ColumnsOf(shape)) {
      EXPECT_EQ(column.cell({&record}).is_null(), column.nullable)
          << column.name;
    }
  }
  const MxRecord mx;
  for (const MxField& field : MxFields()) {
    EXPECT_EQ(field.cell(mx).is_null(), field.nullable) << field.name;
  }
}

Cell::Kind KindOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt32:
    case ColumnType::kInt64:
    case ColumnType::kTimestamp: return Cell::Kind::kInteger;
    case ColumnType::kBool: return Cell::Kind::kBool;
    case ColumnType::kString:
    case ColumnType::kEnum: return Cell::Kind::kText;
    case ColumnType::kStringList: return Cell::Kind::kTexts;
    case ColumnType::kMxList: return Cell::Kind::kExchanges;
  }
  return Cell::Kind::kNull;
}

TEST(Cell, IsWhatItWasMadeOf) {
  EXPECT_TRUE(Cell().is_null());
  EXPECT_EQ(Cell(INT64_MIN).integer(), INT64_MIN);
  EXPECT_EQ(Cell(int32_t{-1}).integer(), -1);
  EXPECT_TRUE(Cell(true).boolean());
  EXPECT_FALSE(Cell(false).boolean());
  EXPECT_EQ(Cell(std::string_view("text")).text(), "text");
  constexpr std::string_view kTexts[] = {"a", "b"};
  EXPECT_THAT(Cell(Cell::Texts(kTexts)).texts(), ElementsAre("a", "b"));
  const MxRecord exchanges[3] = {};
  const Cell list = Cell::Exchanges(exchanges);
  EXPECT_EQ(list.exchanges().data(), exchanges);
  EXPECT_EQ(list.exchanges().size(), 3u);
}

TEST(Cell, IsNullOnlyOfNull) {
  EXPECT_TRUE(Cell(std::optional<int64_t>()).is_null());
  EXPECT_TRUE(Cell(NullableText()).is_null());
  EXPECT_TRUE(Cell(NullableList<MxRecord>()).is_null());
  EXPECT_FALSE(Cell(std::optional<int64_t>(0)).is_null());
  EXPECT_FALSE(Cell(std::optional<bool>(false)).is_null());
  EXPECT_FALSE(Cell(NullableText("")).is_null());
  EXPECT_FALSE(Cell(std::string_view()).is_null());
  EXPECT_FALSE(Cell(Cell::Texts()).is_null());
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
  record.findings.emplace();
  record.severity = "";
  record.primary_mx = record.provider = record.provider_name = "";
  record.provider_category = record.provider_via = record.mx_domain = "";
  record.backend_via = record.resolver = record.protocol = "";
  record.authenticated = false;
  const NetworkRecord networks = {{1, "", ""}, {}};
  record.networks = &networks;
  CheckRecord checks;
  checks.spf = checks.dmarc = checks.dmarc_policy = "";
  checks.dmarc_location = checks.mta_sts = checks.mta_sts_mode = "";
  checks.tls_rpt = checks.dane = "";
  checks.dkim_selectors.emplace();
  checks.ptr = "";
  checks.spf_lookups = checks.spf_void = 0;
  record.checks = &checks;
  for (const Column& column : ColumnsOf(kNestedShape)) {
    EXPECT_EQ(column.cell({&record}).kind(), KindOf(column.type))
        << column.name;
  }
  MxRecord mx;
  mx.alias = mx.provider = "";
  const AddressNetwork network = {1, "", ""};
  mx.networks = {&network, 1};
  for (const std::string_view address : {"192.0.2.1", "2001:db8::1"}) {
    mx.addresses = {&address, 1};
    for (const Column& column : ColumnsOf(kLongShape)) {
      const Cell cell = column.cell({&record, &mx, &address});
      const bool of_other_family =
          column.name == (address.size() > 9 ? "ip4_address" : "ip6_address");
      EXPECT_EQ(cell.kind(),
                of_other_family ? Cell::Kind::kNull : KindOf(column.type))
          << column.name;
    }
  }
  for (const MxField& field : MxFields()) {
    EXPECT_EQ(field.cell(mx).kind(), KindOf(field.type)) << field.name;
  }
}

// The rows of `record` in the long layout, as cells of some columns; null is
// an empty text.
std::vector<Lines> LongRows(const Record& record, const Lines& names) {
  std::vector<Lines> rows;
  ForEachRow(record, Layout::kLong, [&](const RowView& row) {
    Lines& cells = rows.emplace_back(names.size());
    for (const Column& column : ColumnsOf(kLongShape)) {
      const auto name = std::ranges::find(names, column.name);
      if (name == names.end()) continue;
      const Cell cell = column.cell(row);
      std::string& text = cells[static_cast<size_t>(name - names.begin())];
      switch (cell.kind()) {
        case Cell::Kind::kInteger: text = std::to_string(cell.integer()); break;
        case Cell::Kind::kBool: text = cell.boolean() ? "true" : "false"; break;
        case Cell::Kind::kText: text = cell.text(); break;
        default: break;
      }
    }
  });
  return rows;
}

TEST(LongLayout, HasARowForEveryAddressOfEveryExchange) {
  constexpr std::string_view kFirst[] = {"192.0.2.1", "2001:db8::1"};
  constexpr std::string_view kUnknown[] = {"aaaa"};
  MxRecord mx[2];
  mx[0].preference = 10;
  mx[0].exchange = "mx1.example";
  mx[0].ttl = 60;
  mx[0].addresses = kFirst;
  mx[1].preference = 20;
  mx[1].exchange = "mx2.example";
  mx[1].ttl = 70;
  mx[1].unknown = kUnknown;
  Record record;
  record.domain = "www.example";
  record.alias = "example";
  record.mx = mx;
  EXPECT_THAT(
      LongRows(record,
               {"query_type", "query_name", "response_type", "response_name",
                "response_ttl", "mx_preference", "mx_address", "ip4_address",
                "ip6_address", "mx_a_unknown", "mx_aaaa_unknown"}),
      ElementsAreArray<Lines>({
          {"MX", "www.example", "MX", "example", "60", "10", "mx1.example",
           "192.0.2.1", "", "false", "false"},
          {"MX", "www.example", "MX", "example", "60", "10", "mx1.example", "",
           "2001:db8::1", "false", "false"},
          {"MX", "www.example", "MX", "example", "70", "20", "mx2.example", "",
           "", "false", "true"},
      }));
}

TEST(LongLayout, HasARowForEveryAddressOfADomainWithoutMx) {
  constexpr std::string_view kOwn[] = {"192.0.2.1", "2001:db8::1"};
  Record record;
  record.domain = "example";
  record.mx.emplace();
  record.addresses = kOwn;
  EXPECT_THAT(LongRows(record, {"query_type", "response_type", "response_name",
                                "mx_address", "ip4_address", "ip6_address"}),
              ElementsAreArray<Lines>({
                  {"A", "A", "example", "", "192.0.2.1", ""},
                  {"AAAA", "AAAA", "example", "", "", "2001:db8::1"},
              }));
}

TEST(LongLayout, TellsTheNetworkOfEachAddress) {
  constexpr std::string_view kAddresses[] = {"192.0.2.1", "2001:db8::1"};
  constexpr AddressNetwork kNetworks[] = {{64500, "One", "DE"},
                                          {64501, {}, {}}};
  MxRecord mx[2];
  mx[0].addresses = kAddresses;
  mx[0].networks = kNetworks;
  mx[1].addresses = kAddresses;  // Nobody looked.
  Record record;
  record.domain = "example";
  record.mx = mx;
  const Lines names = {"asn", "as_name", "country"};
  EXPECT_THAT(LongRows(record, names), ElementsAreArray<Lines>({
                                           {"64500", "One", "DE"},
                                           {"64501", "", ""},
                                           {"", "", ""},
                                           {"", "", ""},
                                       }));
  record.mx.emplace();
  record.addresses = kAddresses;
  const NetworkRecord networks = {{}, kNetworks};
  record.networks = &networks;
  EXPECT_EQ(LongRows(record, names)[1][0], "64501");
}

TEST(Schema, NetworksAreColumnsOnlyOfRunsThatLookedForThem) {
  for (const Layout layout : {Layout::kNested, Layout::kLong}) {
    std::set<std::string_view> names;
    for (const Column& column : ColumnsOf({.layout = layout})) {
      names.insert(column.name);
    }
    EXPECT_FALSE(names.contains("asn"));
    EXPECT_FALSE(names.contains("country"));
  }
}

TEST(Schema, ColumnsOfAGroupOfChecksAreThereOnlyWithIt) {
  const auto has_tls_rpt = [](CheckSet checks) {
    return std::ranges::any_of(
        ColumnsOf({.checks = checks}),
        [](const Column& column) { return column.name == "tls_rpt"; });
  };
  EXPECT_FALSE(has_tls_rpt(CheckSet()));
  EXPECT_FALSE(has_tls_rpt(CheckSet().Add(CheckGroup::kSpf)));
  EXPECT_TRUE(has_tls_rpt(CheckSet().Add(CheckGroup::kTlsRpt)));
}

TEST(LongLayout, HasOneRowWhereThereIsNoRecordAtAll) {
  const Lines names = {"query_type", "query_name", "response_type"};
  Record record;
  EXPECT_THAT(LongRows(record, names), ElementsAreArray<Lines>({{"", "", ""}}));
  record.domain = "example";
  record.mx.emplace();
  record.addresses.emplace();
  EXPECT_THAT(LongRows(record, names),
              ElementsAreArray<Lines>({{"MX", "example", ""}}));
}

TEST(LongLayout, SaysTimeAndFlagAsItsModelDoes) {
  Record record;
  record.scanned_at_us = 1'763'770'235'123'456;
  record.authenticated = true;
  EXPECT_THAT(LongRows(record, {"timestamp", "ad_flag"}),
              ElementsAreArray<Lines>({{"1763770235123", "1"}}));
}

}  // namespace
}  // namespace mxscan
