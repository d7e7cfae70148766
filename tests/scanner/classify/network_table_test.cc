#include "scanner/classify/network_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "scanner/classify/network_memory.h"
#include "tests/support/mmdb_builder.h"

namespace mxscan {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Map = MmdbBuilder::Map;

// As ASN and Country databases of MaxMind and DB-IP have it, in one.
Map GeoLite(uint32_t number, std::string name, std::string country) {
  return {{"autonomous_system_number", {number}},
          {"autonomous_system_organization", {std::move(name)}},
          {"country", {Map{{"iso_code", {std::move(country)}}}}}};
}

class NetworkTableTest : public testing::Test {
 protected:
  ~NetworkTableTest() override { std::filesystem::remove(path_); }

  void Write(std::string_view octets) {
    std::ofstream(path_, std::ios::binary) << octets;
  }

  // What is known of 192.0.2.1, which has `record`.
  Network NetworkOf(Map record) {
    MmdbBuilder builder;
    builder.Add("192.0.2.0/24", std::move(record));
    Write(builder.Build("Test"));
    table_ = NetworkTable::Open(path_);
    EXPECT_TRUE(table_.ok()) << table_.status();
    return table_.ok() ? Find("192.0.2.1") : Network();
  }

  Network Find(std::string_view address) const {
    return table_->Find(*IpAddress::FromText(address));
  }

  std::string ErrorOf(std::string_view octets) {
    Write(octets);
    const auto table = NetworkTable::Open(path_);
    EXPECT_FALSE(table.ok());
    return std::string(table.status().message());
  }

  const std::string path_ =
      (std::filesystem::temp_directory_path() /
       ("network_table_test." + std::to_string(getpid()) + ".mmdb"))
          .string();
  absl::StatusOr<NetworkTable> table_ = absl::UnknownError("not opened");
};

TEST_F(NetworkTableTest, TellsNumberNameAndCountry) {
  const Network network = NetworkOf(GeoLite(64500, "Example Net", "DE"));
  EXPECT_EQ(network.number, 64500u);
  EXPECT_EQ(network.name, "Example Net");
  EXPECT_EQ(network.country, "DE");
}

TEST_F(NetworkTableTest, ReadsTheLayoutsOfOthers) {
  for (const Map& record :
       {Map{{"asn", {"AS64500"}},
            {"as_name", {"Net"}},
            {"country_code", {"DE"}}},
        Map{{"asn", {"64500"}}, {"name", {"Net"}}, {"country", {"DE"}}},
        Map{{"asn", {uint32_t{64500}}},
            {"org", {"Net"}},
            {"registered_country", {Map{{"iso_code", {"DE"}}}}}},
        Map{{"traits",
             {Map{{"autonomous_system_number", {uint32_t{64500}}},
                  {"autonomous_system_organization", {"Net"}}}}},
            {"country", {Map{{"iso_code", {"DE"}}}}}},
        Map{{"asn", {"AS64500"}},
            {"as_name", {"Net"}},
            {"country", {"Germany"}},
            {"country_code", {"DE"}}}}) {
    const Network network = NetworkOf(record);
    EXPECT_EQ(network.number, 64500u);
    EXPECT_EQ(network.name, "Net");
    EXPECT_EQ(network.country, "DE");
  }
}

TEST_F(NetworkTableTest, OneWithCountriesAloneWillDo) {
  const Network network = NetworkOf({{"country_code", {"CH"}}});
  EXPECT_EQ(network.number, 0u);
  EXPECT_EQ(network.country, "CH");
}

TEST_F(NetworkTableTest, TakesNoNonsenseForANetworkOrACountry) {
  MmdbBuilder builder;
  builder.Add("192.0.2.0/25", {{"asn", {"AS"}}, {"country", {"Utopia"}}});
  builder.Add("192.0.2.128/25",
              {{"asn", {"99999999999"}}, {"country_code", {"de"}}});
  builder.Add("198.51.100.0/24", GeoLite(64501, "", "FR"));
  Write(builder.Build("Test"));
  table_ = NetworkTable::Open(path_);
  ASSERT_TRUE(table_.ok()) << table_.status();
  EXPECT_FALSE(Find("192.0.2.1").known());
  EXPECT_FALSE(Find("192.0.2.129").known());
  EXPECT_EQ(Find("198.51.100.9").number, 64501u);
}

TEST_F(NetworkTableTest, KnowsBothFamiliesAndWhereItsPrefixesEnd) {
  MmdbBuilder builder;
  builder.Add("192.0.2.0/25", GeoLite(1, "a", "DE"));
  builder.Add("192.0.2.128/32", GeoLite(2, "b", "DE"));
  builder.Add("2001:db8::/33", GeoLite(3, "c", "DE"));
  Write(builder.Build("Test"));
  table_ = NetworkTable::Open(path_);
  ASSERT_TRUE(table_.ok()) << table_.status();
  EXPECT_EQ(Find("192.0.2.127").number, 1u);
  EXPECT_EQ(Find("192.0.2.128").number, 2u);
  EXPECT_EQ(Find("192.0.2.129").number, 0u);
  EXPECT_EQ(Find("2001:db8:7fff::1").number, 3u);
  EXPECT_EQ(Find("2001:db8:8000::1").number, 0u);
}

TEST_F(NetworkTableTest, AFileThatIsNoneIsSaidWithTheRemedy) {
  EXPECT_THAT(ErrorOf("line one\nline two\n"),
              AllOf(HasSubstr(path_), HasSubstr("MMDB file")));
  EXPECT_THAT(ErrorOf(""), HasSubstr("MMDB file"));
  std::filesystem::remove(path_);
  EXPECT_THAT(std::string(NetworkTable::Open(path_).status().message()),
              AllOf(HasSubstr(path_), HasSubstr("No such file")));
}

TEST_F(NetworkTableTest, AFileOfSomethingElseIsSaid) {
  MmdbBuilder builder;
  builder.Add("192.0.2.0/24", {{"is_anonymous", {"yes"}}});
  EXPECT_THAT(ErrorOf(builder.Build("GeoIP2-Anonymous-IP")),
              AllOf(HasSubstr("GeoIP2-Anonymous-IP"), HasSubstr("networks")));
  EXPECT_THAT(ErrorOf(MmdbBuilder().Build("Empty")), HasSubstr("Empty"));
}

// Whatever is cut off or overwritten: an error or some network, and no harm.
TEST_F(NetworkTableTest, ABrokenFileDoesNoHarm) {
  MmdbBuilder builder;
  builder.Add("192.0.2.0/24", GeoLite(64500, "Example", "DE"));
  builder.Add("2001:db8::/32", GeoLite(64501, "Other", "FR"));
  const std::string whole = builder.Build("Test");
  for (size_t i = 0; i < whole.size(); i += 5) {
    std::string broken = whole;
    broken[i] = static_cast<char>(broken[i] ^ 0x55);
    Write(i % 2 == 0 ? broken : whole.substr(0, i));
    table_ = NetworkTable::Open(path_);
    if (!table_.ok()) continue;
    Find("192.0.2.1");
    Find("2001:db8::1");
  }
}

TEST_F(NetworkTableTest, MemoryAnswersAsTheTableDoes) {
  MmdbBuilder builder;
  for (int i = 0; i < 64; ++i) {
    builder.Add("10." + std::to_string(i) + ".0.0/16",
                GeoLite(static_cast<uint32_t>(i + 1), "n", "DE"));
  }
  Write(builder.Build("Test"));
  table_ = NetworkTable::Open(path_);
  ASSERT_TRUE(table_.ok()) << table_.status();
  NetworkMemory memory(*table_);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20'000; ++i) {
      IpAddress address;
      address.octets = {10, static_cast<uint8_t>(i % 80),
                        static_cast<uint8_t>(i / 80)};
      ASSERT_EQ(memory.Find(address).number, table_->Find(address).number);
    }
  }
  EXPECT_FALSE(memory.Find(IpAddress()).known());
}

}  // namespace
}  // namespace mxscan
