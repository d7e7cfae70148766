// data/providers.tsv as it is embedded: each fact in its place.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "scanner/classify/provider_table.h"
#include "scanner/classify/public_suffixes.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 6> kColumns = {"id",   "fact",   "value",
                                                      "rank", "source", "date"};

class ProviderData : public testing::Test {
 protected:
  const TsvFile file_ =
      *TsvFile::Parse("data/providers.tsv", ProviderTableText(), kColumns);
};

bool IsSuffix(const TsvRow& row) {
  return row.fields[1] == "suffix" || row.fields[1] == "retired";
}

TEST_F(ProviderData, IsAValidTable) {
  const absl::StatusOr<ProviderTable> table =
      ProviderTable::Parse("data/providers.tsv", ProviderTableText());
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_GE(table->providers().size(), 400u);
}

TEST_F(ProviderData, IsSortedByIdFactAndValueWithoutRepetition) {
  std::tuple<std::string_view, std::string_view, std::string_view> last;
  for (const TsvRow& row : file_.rows) {
    const std::tuple key(row.fields[0], row.fields[1], row.fields[2]);
    EXPECT_LT(last, key) << "line " << row.line;
    last = key;
  }
}

TEST_F(ProviderData, HasASourceAndADateForEachFact) {
  for (const TsvRow& row : file_.rows) {
    EXPECT_FALSE(row.fields[4].empty()) << "line " << row.line;
    const std::string_view date = row.fields[5];
    ASSERT_EQ(date.size(), 7u) << "line " << row.line;
    EXPECT_TRUE(date >= "2026-01" && date <= "2100-12" && date[4] == '-')
        << "line " << row.line;
  }
}

TEST_F(ProviderData, GivesEachProviderASuffixOrAPattern) {
  std::set<std::string_view> ids, found;
  for (const TsvRow& row : file_.rows) {
    ids.insert(row.fields[0]);
    if (IsSuffix(row) || row.fields[1] == "pattern") {
      found.insert(row.fields[0]);
    }
  }
  EXPECT_EQ(ids, found);
}

TEST_F(ProviderData, HasNoSuffixThatIsAPublicSuffix) {
  const absl::StatusOr<PublicSuffixes> list = PublicSuffixes::System();
  ASSERT_TRUE(list.ok()) << list.status();
  for (const TsvRow& row : file_.rows) {
    if (!IsSuffix(row)) continue;
    EXPECT_NE(list->RegistrableDomain(row.fields[2]), "")
        << "line " << row.line << ": " << row.fields[2];
  }
}

// A suffix under another of the same provider would never decide anything.
TEST_F(ProviderData, HasNoSuffixThatAWiderOneOfTheSameProviderCovers) {
  std::map<std::string, std::string_view> owner;
  for (const TsvRow& row : file_.rows) {
    if (row.fields[1] == "suffix") {
      owner[std::string(row.fields[2])] = row.fields[0];
    }
  }
  for (const auto& [suffix, id] : owner) {
    size_t dot = suffix.find('.');
    for (; dot != std::string::npos; dot = suffix.find('.', dot + 1)) {
      const auto wider = owner.find(suffix.substr(dot + 1));
      if (wider == owner.end()) continue;
      EXPECT_NE(wider->second, id) << suffix;
      break;
    }
  }
}

TEST_F(ProviderData, AttributesEveryDocumentedHostToItsProvider) {
  const ProviderTable table = *ProviderTable::Parse("t", ProviderTableText());
  int hosts = 0;
  for (const TsvRow& row : file_.rows) {
    if (row.fields[1] != "host") continue;
    const Provider* provider = table.Find(row.fields[2]).provider;
    ASSERT_NE(provider, nullptr) << row.fields[2];
    EXPECT_EQ(provider->id, row.fields[0]);
    ++hosts;
  }
  EXPECT_GE(hosts, 13);
}

}  // namespace
}  // namespace mxscan
