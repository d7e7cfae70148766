#include "resolver/wire/ldns_decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/packet_builder.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;

std::vector<ZoneRecord> Parse(std::string_view text) {
  absl::StatusOr<std::vector<ZoneRecord>> records = ParseZone("zone", text);
  EXPECT_TRUE(records.ok()) << records.status();
  return records.ok() ? *std::move(records) : std::vector<ZoneRecord>();
}

std::string Error(std::string_view text) {
  const auto records = ParseZone("zone", text);
  EXPECT_FALSE(records.ok());
  return std::string(records.status().message());
}

// "owner ttl type" of each record.
std::vector<std::string> Heads(std::string_view text) {
  std::vector<std::string> heads;
  for (const ZoneRecord& record : Parse(text)) {
    heads.push_back(absl::StrCat(ToText(record.owner), " ", record.ttl, " ",
                                 static_cast<int>(record.type)));
  }
  return heads;
}

TEST(ParseZone, ReadsOriginTtlRelativeNamesAndOwnersLeftOut) {
  EXPECT_THAT(Heads("$TTL 300\n"
                    "$ORIGIN Example.com.\n"
                    "@  IN MX 10 mx ; the first exchange\n"
                    "   IN MX 20 mx.example.net.\n"
                    "\n"
                    "mx 60 IN A 192.0.2.1\n"
                    "$ORIGIN net.\n"
                    "example NS ns\n"),
              ElementsAre("example.com 300 15", "example.com 300 15",
                          "mx.example.com 60 1", "example.net 300 2"));
}

TEST(ParseZone, GivesRdataAsUncompressedOctets) {
  const std::vector<ZoneRecord> records =
      Parse("$ORIGIN example.com.\n@ MX 10 mx\n");
  ASSERT_EQ(records.size(), 1u);
  std::vector<uint8_t> rdata = {0, 10};
  for (const uint8_t octet : NameOctets("mx.example.com")) {
    rdata.push_back(octet);
  }
  EXPECT_EQ(records[0].rdata, rdata);
}

TEST(ParseZone, ReadsRecordsOverSeveralLinesAndTypesWithoutAName) {
  EXPECT_THAT(Heads("$ORIGIN example.com.\n"
                    "@ SOA ns hostmaster (\n 1 ; serial\n 2 3\n 4 5 )\n"
                    "old DNAME new.example.\n"
                    "@ TXT \"v=spf1 -all\" \"two; words\"\n"
                    "@ TYPE65280 \\# 3 010203\n"
                    "*.wild CNAME host\n"
                    "_25._tcp TLSA 3 1 1 ab\n"),
              ElementsAre("example.com 3600 6", "old.example.com 3600 39",
                          "example.com 3600 16", "example.com 3600 65280",
                          "\\042.wild.example.com 3600 5",
                          "_25._tcp.example.com 3600 52"));
}

TEST(ParseZone, ReadsNothingFromNothing) {
  EXPECT_TRUE(Parse("").empty());
  EXPECT_TRUE(Parse("\n; only a comment\n\n").empty());
}

TEST(ParseZone, ReadsALastLineWithoutItsEnd) {
  EXPECT_THAT(Heads("example.com. A 192.0.2.1"),
              ElementsAre("example.com 3600 1"));
}

TEST(ParseZone, NamesFileAndLineOfWhatIsWrong) {
  const std::string good = "example.com. A 192.0.2.1\n";
  EXPECT_THAT(Error(good + "example.com. A 192.0.2.256\n" + good),
              ::testing::StartsWith("zone:2: "));
  EXPECT_THAT(Error(good + good + "example.com. MX mx.example.com."),
              ::testing::StartsWith("zone:3: "));
  EXPECT_EQ(Error("$INCLUDE other\n"), "zone:1: $INCLUDE is not supported");
  EXPECT_EQ(Error("example.com. CH A 192.0.2.1\n"),
            "zone:1: only class IN is supported");
  EXPECT_THAT(Error(std::string_view("a\0b", 3)), ::testing::HasSubstr("NUL"));
}

TEST(DecodeMessage, ShowsHeaderAndRecordsAsLdnsReadsThem) {
  const std::optional<DecodedMessage> message =
      DecodeMessage(PacketBuilder("example.com", RrType::kMx)
                        .Id(7)
                        .Set(PacketBuilder::kAd)
                        .Rcode(3)
                        .Mx("example.com", 10, "mx.example.com")
                        .Opt({}, 1)
                        .Build());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->id, 7);
  EXPECT_EQ(message->rcode, 0x13);
  EXPECT_TRUE(message->authenticated);
  EXPECT_TRUE(message->has_edns);
  ASSERT_EQ(message->records.size(), 1u);
  EXPECT_EQ(message->records[0].rdata.size(), 2u + 16);
  EXPECT_FALSE(DecodeMessage(PacketBuilder::Bytes(11)).has_value());
}

}  // namespace
}  // namespace mxscan
