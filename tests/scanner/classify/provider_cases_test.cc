// Exchanges and who runs them, by hand (exchanges.tsv): what the table of data/
// must say, and where it must say nothing.

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "scanner/classify/provider_table.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 2> kColumns = {"host", "provider"};
constexpr std::string_view kNobody = "-";

std::string CasesText() {
  std::ifstream file(MXSCAN_EXCHANGES);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ProviderCases : public testing::Test {
 protected:
  const ProviderTable table_ =
      *ProviderTable::Parse("data/providers.tsv", ProviderTableText());
  const std::string text_ = CasesText();
  const TsvFile cases_ = *TsvFile::Parse("exchanges.tsv", text_, kColumns);
};

TEST_F(ProviderCases, NamesWhoRunsEachExchangeAndNobodyForLookAlikes) {
  for (const TsvRow& row : cases_.rows) {
    const Provider* provider = table_.Find(row.fields[0]).provider;
    EXPECT_EQ(provider == nullptr ? kNobody : provider->id, row.fields[1])
        << "exchanges.tsv:" << row.line << ": " << row.fields[0];
  }
}

TEST_F(ProviderCases, AreThreeHundredAndAHundredOfThemAreNobodys) {
  int nobodys = 0;
  for (const TsvRow& row : cases_.rows) nobodys += row.fields[1] == kNobody;
  EXPECT_GE(cases_.rows.size(), 300u);
  EXPECT_GE(nobodys, 100);
}

// A name that is somebody's has nothing to say once others follow it, or once
// its first labels are another's.
TEST_F(ProviderCases, NoNameSaysAnythingInFrontOfAnothers) {
  for (const TsvRow& row : cases_.rows) {
    for (const char* tail : {".attacker.example", ".com.example"}) {
      const std::string host = std::string(row.fields[0]) + tail;
      const Provider* provider = table_.Find(host).provider;
      EXPECT_EQ(provider, nullptr) << host << " is no " << provider->id;
    }
  }
}

}  // namespace
}  // namespace mxscan
