#include "output/csv_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "line,input,domain,status,detail,scanned_at,mx_count,alias,mx,mx_hosts,"
    "addresses,primary_mx,provider,providers,provider_name,provider_category,"
    "provider_via,mx_domain,backend,backend_via,findings,severity,"
    "authenticated,resolver,protocol,attempts,rtt_us\n";

std::string CsvOf(const std::vector<Record>& records,
                  const RunShape& shape = {}) {
  MemoryBytes::Log log;
  CsvSink sink(std::make_unique<MemoryBytes>(log), shape);
  EXPECT_TRUE(sink.Write(records).ok());
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_TRUE(log.closed);
  return log.text();
}

// The text of one row's only cell under `name`.
CsvCell CellOf(const Record& record, std::string_view name) {
  const std::vector<CsvRow> rows = ReadCsv(CsvOf({record}));
  EXPECT_EQ(rows.size(), 2u);
  for (size_t i = 0; i < rows[0].size(); ++i) {
    if (rows[0][i].text == name && rows[1].size() == rows[0].size()) {
      return rows[1][i];
    }
  }
  ADD_FAILURE() << "no cell " << name;
  return {};
}

CsvCell InputCell(std::string_view input) {
  Record record;
  record.input = input;
  return CellOf(record, "input");
}

TEST(CsvSink, WritesItsHeaderEvenWithoutAnyRow) {
  EXPECT_EQ(CsvOf({}), kHeader);
}

TEST(CsvSink, WritesAWholeRowAsTheInterfaceShowsIt) {
  const std::string_view addresses[] = {"192.0.2.1", "2001:db8::1"};
  const std::string_view providers[] = {"google", "own_name"};
  const MxRecord mx[] = {
      {10, "mx1.example.com", 300, "ok", {}, addresses, {}, "google"},
      {20, "mx2.example.com", 60, "nxdomain", "a.example", {}, {}, {}}};
  Record record;
  record.line = 7;
  record.input = "Example.COM";
  record.domain = "example.com";
  record.status = "ok";
  record.scanned_at_us = 1'763'770'235'000'001;
  record.mx_count = 2;
  record.mx = mx;
  record.primary_mx = "mx1.example.com";
  record.provider = "google";
  record.providers = providers;
  record.provider_name = "Google Workspace";
  record.provider_category = "mailbox";
  record.provider_via = "mx_suffix";
  record.mx_domain = "example.com";
  record.backend = providers;
  record.backend_via = "spf";
  record.authenticated = false;
  record.resolver = "192.0.2.53:53";
  record.protocol = "udp";
  record.attempts = 1;
  record.rtt_us = 12345;
  const std::string_view findings[] = {"single_mx", "ipv6_missing"};
  record.findings = findings;
  record.severity = "warning";
  EXPECT_EQ(
      CsvOf({record}),
      std::string(kHeader) +
          "7,Example.COM,example.com,ok,,2025-11-22T00:10:35.000001Z,2,,"
          R"("[{""preference"":10,""exchange"":""mx1.example.com"",)"
          R"(""ttl"":300,""state"":""ok"",""alias"":null,)"
          R"(""addresses"":[""192.0.2.1"",""2001:db8::1""],)"
          R"(""unknown"":[],""provider"":""google""},)"
          R"({""preference"":20,""exchange"":""mx2.example.com"",)"
          R"(""ttl"":60,""state"":""nxdomain"",""alias"":""a.example"",)"
          R"(""addresses"":[],""unknown"":[],""provider"":null}]",)"
          "10 mx1.example.com;20 mx2.example.com,,mx1.example.com,google,"
          "google;own_name,Google Workspace,mailbox,mx_suffix,example.com,"
          "google;own_name,spf,single_mx;ipv6_missing,warning,"
          "false,192.0.2.53:53,udp,1,12345\n");
}

TEST(CsvSink, WritesNullAsNothingAndAnEmptyStringAsQuotes) {
  Record record;
  EXPECT_EQ(CellOf(record, "detail"), (CsvCell{"", false}));
  record.detail = "";
  EXPECT_EQ(CellOf(record, "detail"), (CsvCell{"", true}));
}

TEST(CsvSink, TellsAnEmptyListFromANullOne) {
  Record record;
  EXPECT_EQ(CellOf(record, "mx"), (CsvCell{"", false}));
  EXPECT_EQ(CellOf(record, "mx_hosts"), (CsvCell{"", false}));
  EXPECT_EQ(CellOf(record, "addresses"), (CsvCell{"", false}));
  record.mx.emplace();
  record.addresses.emplace();
  EXPECT_EQ(CellOf(record, "mx"), (CsvCell{"[]", false}));
  EXPECT_EQ(CellOf(record, "mx_hosts"), (CsvCell{"", true}));
  EXPECT_EQ(CellOf(record, "addresses"), (CsvCell{"", true}));
}

TEST(CsvSink, QuotesOnlyWhatMustBeQuoted) {
  EXPECT_EQ(InputCell("plain text; = + 'x'"),
            (CsvCell{"plain text; = + 'x'", false}));
  for (const std::string_view text :
       {"a,b", "say \"hi\"", "\"", "a\nb", "a\rb", "\r\n", "\",\"", "a\"\"b"}) {
    EXPECT_EQ(InputCell(text), (CsvCell{std::string(text), true})) << text;
  }
}

TEST(CsvSink, MendsWhatIsNotUtf8AndWhatReadersTakeForTheEnd) {
  EXPECT_EQ(InputCell("m\xC3\xBCller.de").text, "m\xC3\xBCller.de");
  EXPECT_EQ(InputCell("a\xFF\xFE,b").text, "a\uFFFD\uFFFD,b");
  EXPECT_EQ(InputCell(std::string_view("a\0b", 3)).text, "a\uFFFDb");
}

TEST(CsvSink, KeepsFieldsOf64KiBAndRowsOf400Exchanges) {
  const std::string big(64 << 10, '"');
  EXPECT_EQ(InputCell(big), (CsvCell{big, true}));

  std::vector<MxRecord> mx(400);
  mx.back().exchange = "mx.example.com";
  Record record;
  record.mx = mx;
  const auto json = nlohmann::json::parse(CellOf(record, "mx").text);
  EXPECT_EQ(json.size(), 400u);
  EXPECT_EQ(json[399]["exchange"], "mx.example.com");
}

TEST(CsvSink, WritesTheEndsOfTheIntegers) {
  Record record;
  record.line = std::numeric_limits<int64_t>::min();
  record.rtt_us = std::numeric_limits<int64_t>::max();
  record.attempts = std::numeric_limits<int32_t>::min();
  EXPECT_EQ(CellOf(record, "line").text, "-9223372036854775808");
  EXPECT_EQ(CellOf(record, "rtt_us").text, "9223372036854775807");
  EXPECT_EQ(CellOf(record, "attempts").text, "-2147483648");
}

TEST(CsvSink, HasAnInputFileColumnOnlyWithSeveralInputs) {
  Record record;
  record.input_file = "a.txt";
  EXPECT_THAT(CsvOf({record}), Not(HasSubstr("a.txt")));
  const std::string text = CsvOf({record}, {.several_inputs = true});
  EXPECT_THAT(text, HasSubstr("line,input_file,input,"));
  EXPECT_THAT(text, HasSubstr("\n0,a.txt,"));
}

TEST(CsvSink, HandsOverWholeRowsInLargeChunks) {
  MemoryBytes::Log log;
  CsvSink sink(std::make_unique<MemoryBytes>(log), {});
  Record record;
  record.input = "example.com";
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(sink.Write({&record, 1}).ok());
  ASSERT_TRUE(sink.Finish().ok());
  EXPECT_GE(log.chunks.size(), 2u);
  EXPECT_LE(log.chunks.size(), 5u);
  for (const std::string& chunk : log.chunks) EXPECT_EQ(chunk.back(), '\n');
  EXPECT_EQ(ReadCsv(log.text()).size(), 20'001u);
}

TEST(CsvSink, FlushHandsOverWhatThereIsAndNothingTwice) {
  MemoryBytes::Log log;
  CsvSink sink(std::make_unique<MemoryBytes>(log), {});
  ASSERT_TRUE(sink.Flush().ok());
  EXPECT_THAT(log.chunks, ElementsAre(kHeader));
  ASSERT_TRUE(sink.Flush().ok());
  EXPECT_EQ(log.chunks.size(), 1u);
}

}  // namespace
}  // namespace mxscan
