#include "scanner/classify/exchange_memory.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "scanner/tables/embedded_tables.h"

namespace mxscan {
namespace {

class ExchangeMemoryTest : public ::testing::Test {
 protected:
  void ExpectTheTruthOf(const std::string& host) {
    ExchangeMemory::Entry& entry = memory_.Find(host);
    const ProviderMatch match = table_.Find(host);
    EXPECT_EQ(entry.match().provider, match.provider) << host;
    EXPECT_EQ(entry.match().by_pattern, match.by_pattern) << host;
    for (int i = 0; i < 2; ++i) {  // Looked up, and remembered.
      EXPECT_EQ(memory_.RegistrableDomain(host, entry),
                suffixes_.RegistrableDomain(host))
          << host;
    }
  }

  const ProviderTable table_ =
      *ProviderTable::Parse("data/providers.tsv", ProviderTableText());
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  ExchangeMemory memory_{table_, suffixes_};
};

TEST_F(ExchangeMemoryTest, TellsWhatTheTableAndTheListTellHoweverManyCome) {
  std::vector<std::string> hosts;
  for (const DocumentedHost& host : table_.documented_hosts()) {
    hosts.push_back(host.name);
  }
  for (const ProviderSuffix& suffix : table_.suffixes()) {
    hosts.push_back(std::string(suffix.name));
    hosts.push_back("tenant." + std::string(suffix.name));
    hosts.push_back("not" + std::string(suffix.name));
  }
  for (int i = 0; i < 3000; ++i) {
    hosts.push_back("mx" + std::to_string(i) + ".example.co.uk");
  }
  std::mt19937 random(1);  // The few at the front come again and again.
  for (int i = 0; i < 50'000; ++i) {
    const size_t some = random() % 4 == 0 ? hosts.size() : 100;
    ExpectTheTruthOf(hosts[random() % some]);
  }
}

TEST_F(ExchangeMemoryTest, KnowsNamesThatAreTooLongToBeKept) {
  for (size_t length = 45; length < 60; ++length) {
    for (int i = 0; i < 6; ++i) {
      ExpectTheTruthOf(std::string(length, 'a') + ".google.com");
      ExpectTheTruthOf(std::string(length, 'a') + ".co.uk");
    }
  }
}

TEST_F(ExchangeMemoryTest, KnowsWhatHasNoRegistrableDomain) {
  for (int i = 0; i < 3; ++i) {
    for (const char* host : {"com", "co.uk", "localhost", "mx.10", "a\\.b"}) {
      ExpectTheTruthOf(host);
    }
  }
}

}  // namespace
}  // namespace mxscan
