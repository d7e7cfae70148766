#include "scanner/classify/address_evidence.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

constexpr std::string_view kTable =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "a\tname\tA\t\ts\t2026-11\n"
    "a\tcategory\tmailbox\t\ts\t2026-11\n"
    "b\tname\tB\t\ts\t2026-11\n"
    "b\tcategory\tgateway\t\ts\t2026-11\n"
    "rent\tname\tR\t\ts\t2026-11\n"
    "rent\tcategory\tselfhosted\t\ts\t2026-11\n";

class AddressEvidenceTest : public testing::Test {
 protected:
  void Claim(std::string_view address, std::string_view id) {
    evidence_.Claim(*IpAddress::FromText(address), *table_.ById(id));
  }

  std::string_view OwnerOf(std::vector<std::string_view> texts) {
    std::vector<IpAddress> addresses;
    for (const std::string_view text : texts) {
      addresses.push_back(*IpAddress::FromText(text));
    }
    const Provider* owner = evidence_.OwnerOf(addresses);
    return owner == nullptr ? "nobody" : std::string_view(owner->id);
  }

  std::string ErrorOf(std::string_view rows) {
    const std::string text = "address\tprovider\tdomains\n" + std::string(rows);
    return std::string(evidence_.Read("e.tsv", text, table_).message());
  }

  const ProviderTable table_ = *ProviderTable::Parse("t.tsv", kTable);
  AddressEvidence evidence_;
};

TEST_F(AddressEvidenceTest, KnowsWhoseAllAddressesAre) {
  Claim("44.1.1.1", "a");
  Claim("44.1.1.2", "a");
  Claim("2a02::1", "a");
  EXPECT_EQ(OwnerOf({"44.1.1.1"}), "a");
  EXPECT_EQ(OwnerOf({"44.1.1.1", "44.1.1.2", "2a02::1"}), "a");
  EXPECT_EQ(OwnerOf({"44.1.1.3"}), "nobody");
  EXPECT_EQ(OwnerOf({}), "nobody");
}

TEST_F(AddressEvidenceTest, WantsEveryAddressOfAFamily) {
  Claim("44.1.1.1", "a");
  Claim("2a02::1", "a");
  EXPECT_EQ(OwnerOf({"44.1.1.1", "44.9.9.9"}), "nobody");
  EXPECT_EQ(OwnerOf({"44.1.1.1", "2a02::9"}), "a");
  EXPECT_EQ(OwnerOf({"44.9.9.9", "2a02::1"}), "a");
  EXPECT_EQ(OwnerOf({"44.1.1.1", "44.9.9.9", "2a02::9"}), "nobody");
}

TEST_F(AddressEvidenceTest, GivesToNobodyWhatTwoClaim) {
  Claim("44.1.1.1", "a");
  Claim("44.1.1.1", "b");
  Claim("44.1.1.1", "a");
  Claim("44.1.1.2", "a");
  Claim("44.1.1.3", "b");
  EXPECT_EQ(OwnerOf({"44.1.1.1"}), "nobody");
  EXPECT_EQ(OwnerOf({"44.1.1.1", "44.1.1.2"}), "nobody");
  EXPECT_EQ(OwnerOf({"44.1.1.2", "44.1.1.3"}), "nobody");
}

TEST_F(AddressEvidenceTest, TakesNoWordOfRentedServers) {
  Claim("44.1.1.1", "rent");
  EXPECT_TRUE(evidence_.empty());
  Claim("44.1.1.1", "a");
  EXPECT_EQ(OwnerOf({"44.1.1.1"}), "a");
}

TEST_F(AddressEvidenceTest, ReadsWhatAnEarlierRunLearnt) {
  EXPECT_EQ(ErrorOf("# mxscan\n44.1.1.1\ta\t12\n2a02::1\tb\t3\n"), "");
  EXPECT_EQ(OwnerOf({"44.1.1.1"}), "a");
  EXPECT_EQ(OwnerOf({"2a02::1"}), "b");
}

TEST_F(AddressEvidenceTest, SaysOnWhichLineAFileIsWrong) {
  EXPECT_EQ(ErrorOf("44.1.1\ta\t1\n"), "e.tsv:2: this is no address");
  EXPECT_EQ(ErrorOf("44.1.1.1\ta\t1\n44.1.1.2\tc\t1\n"),
            "e.tsv:3: the table has no provider c; take the line out, or give "
            "the table it was written with");
  EXPECT_EQ(ErrorOf("44.1.1.1\ta\t0\n"),
            "e.tsv:2: domains is a number from 1 on");
  EXPECT_EQ(ErrorOf("44.1.1.1\ta\tmany\n"),
            "e.tsv:2: domains is a number from 1 on");
  EXPECT_TRUE(evidence_.empty());
}

}  // namespace
}  // namespace mxscan
