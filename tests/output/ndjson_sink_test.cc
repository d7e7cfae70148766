#include "output/ndjson_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/output/support.h"

namespace mxscan {
namespace {

const std::array<Record, 1> kEmptyRow;

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

std::string NdjsonOf(const std::vector<Record>& records,
                     const RunShape& shape = {}) {
  MemoryBytes::Log log;
  NdjsonSink sink(std::make_unique<MemoryBytes>(log), shape);
  EXPECT_TRUE(sink.Write(records).ok());
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_TRUE(log.closed);
  return log.text();
}

Json Parsed(const Record& record) { return Json::parse(NdjsonOf({record})); }

std::string InputThroughJson(std::string_view input) {
  Record record;
  record.input = input;
  return Parsed(record)["input"];
}

TEST(NdjsonSink, WritesNothingWithoutRows) { EXPECT_EQ(NdjsonOf({}), ""); }

TEST(NdjsonSink, WritesEveryKeyInOrderAndNullAsNull) {
  Record record;
  record.line = 3;
  record.input = "x y";
  record.status = "invalid_input";
  EXPECT_EQ(
      NdjsonOf({record}),
      R"({"line":3,"input":"x y","domain":null,)"
      R"("status":"invalid_input","detail":null,"scanned_at":null,)"
      R"("mx_count":null,"alias":null,"mx":null,"addresses":null,)"
      R"("primary_mx":null,"provider":null,"providers":null,)"
      R"("provider_name":null,"provider_category":null,)"
      R"("provider_via":null,"mx_domain":null,"backend":null,)"
      R"("backend_via":null,"findings":null,"severity":null,)"
      R"("authenticated":null,"resolver":null,"protocol":null,"attempts":null,)"
      R"("rtt_us":null})"
      "\n");
}

TEST(NdjsonSink, NestsAsTheTableSays) {
  const std::string_view addresses[] = {"192.0.2.1", "2001:db8::1"};
  const std::string_view unknown[] = {"aaaa"};
  const MxRecord mx[] = {
      {10, "mx1.example.com", 300, "ok", {}, addresses, unknown, "google"},
      {65535, ".", 0, "null", "", {}, {}, {}}};
  Record record;
  record.scanned_at_us = 1'763'770'235'000'000;
  record.authenticated = true;
  record.mx = mx;
  const Json json = Parsed(record);
  EXPECT_EQ(json["scanned_at"], "2025-11-22T00:10:35.000000Z");
  EXPECT_EQ(json["authenticated"], true);
  EXPECT_EQ(json["mx"].dump(),
            R"([{"preference":10,"exchange":"mx1.example.com","ttl":300,)"
            R"("state":"ok","alias":null,)"
            R"("addresses":["192.0.2.1","2001:db8::1"],)"
            R"("unknown":["aaaa"],"provider":"google"},)"
            R"({"preference":65535,"exchange":".","ttl":0,"state":"null",)"
            R"("alias":"","addresses":[],"unknown":[],"provider":null}])");
}

TEST(NdjsonSink, TellsEmptyFromNull) {
  Record record;
  record.detail = "";
  record.mx.emplace();
  record.addresses.emplace();
  const Json json = Parsed(record);
  EXPECT_EQ(json["detail"], "");
  EXPECT_EQ(json["mx"], Json::array());
  EXPECT_EQ(json["addresses"], Json::array());
  EXPECT_EQ(json["providers"], nullptr);
}

TEST(NdjsonSink, GivesBackAnyUtf8AsItWas) {
  std::string controls;
  for (char octet = 0; octet < 0x20; ++octet) controls += octet;
  for (const std::string& text :
       {controls, std::string("say \"hi\" \\ back/slash"),
        std::string("m\u00FCller \U0001F4E7"), std::string(64 << 10, '\\'),
        std::string("\x7F"), std::string(), std::string("tail\0", 5)}) {
    EXPECT_EQ(InputThroughJson(text), text);
  }
}

TEST(NdjsonSink, KeepsEveryRowOnOneLineOfValidJsonWhateverTheInput) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text = "ab" + std::string(1, static_cast<char>(octet));
    Record record;
    record.input = text;
    const std::string line = NdjsonOf({record});
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_TRUE(Json::accept(line)) << octet;
  }
  EXPECT_EQ(InputThroughJson("a\xFF\xC3"), "a\uFFFD\uFFFD");
}

TEST(NdjsonSink, WritesTheEndsOfTheIntegers) {
  Record record;
  record.line = std::numeric_limits<int64_t>::min();
  record.rtt_us = std::numeric_limits<int64_t>::max();
  const Json json = Parsed(record);
  EXPECT_EQ(json["line"], std::numeric_limits<int64_t>::min());
  EXPECT_EQ(json["rtt_us"], std::numeric_limits<int64_t>::max());
}

TEST(NdjsonSink, HasAnInputFileColumnOnlyWithSeveralInputs) {
  Record record;
  record.input_file = "a.txt";
  EXPECT_THAT(NdjsonOf({record}), Not(HasSubstr("input_file")));
  EXPECT_THAT(NdjsonOf({record}, {.several_inputs = true}),
              HasSubstr(R"({"line":0,"input_file":"a.txt","input":"")"));
}

TEST(NdjsonSink, HandsOverWholeRowsInLargeChunks) {
  MemoryBytes::Log log;
  NdjsonSink sink(std::make_unique<MemoryBytes>(log), {});
  for (int i = 0; i < 3'000; ++i) ASSERT_TRUE(sink.Write(kEmptyRow).ok());
  ASSERT_TRUE(sink.Finish().ok());
  EXPECT_GE(log.chunks.size(), 2u);
  EXPECT_LE(log.chunks.size(), 6u);
  for (const std::string& chunk : log.chunks) EXPECT_EQ(chunk.back(), '\n');
}

}  // namespace
}  // namespace mxscan
