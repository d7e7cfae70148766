#include "scanner/classify/address_claims.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

constexpr std::string_view kTable =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "a\tname\tA\t\ts\t2026-11\n"
    "a\tcategory\tmailbox\t\ts\t2026-11\n"
    "a\tsuffix\tmx.a.example\t\ts\t2026-11\n"
    "b\tname\tB\t\ts\t2026-11\n"
    "b\tcategory\tgateway\t\ts\t2026-11\n"
    "b\tsuffix\tmx.b.example\t\ts\t2026-11\n"
    "rent\tname\tR\t\ts\t2026-11\n"
    "rent\tcategory\tselfhosted\t\ts\t2026-11\n"
    "rent\tpattern\tvps*.a.example\t\ts\t2026-11\n";

class AddressClaimsTest : public testing::Test {
 protected:
  struct Mx {
    std::string_view exchange;
    std::string_view address;
  };

  // One domain more with these exchanges.
  void Learn(std::initializer_list<Mx> exchanges, AddressClaims& claims) {
    std::vector<IpAddress> addresses;
    addresses.reserve(exchanges.size());
    DomainFacts facts;
    facts.line.domain = *Name::FromText("shop.de");
    facts.domain = ToText(facts.line.domain);
    facts.status = DomainStatus::kOk;
    for (const Mx& mx : exchanges) {
      addresses.push_back(*IpAddress::FromText(mx.address));
      ExchangeFacts& exchange = facts.exchanges.emplace_back();
      exchange.exchange = mx.exchange;
      exchange.addresses = {&addresses.back(), 1};
    }
    classifier_.Classify(facts, verdict_);
    claims.Learn(facts, verdict_);
  }
  void Learn(int domains, std::initializer_list<Mx> exchanges) {
    for (int i = 0; i < domains; ++i) Learn(exchanges, claims_);
  }

  // Without comments and header.
  static std::string Rows(const AddressClaims& claims) {
    const std::string text = claims.ToText();
    return text.substr(text.find("domains\n") + 8);
  }
  std::string Rows() const { return Rows(claims_); }

  const ProviderTable table_ = *ProviderTable::Parse("t.tsv", kTable);
  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  Classifier classifier_{{.table = &table_, .suffixes = &suffixes_}};
  Verdict verdict_;
  AddressClaims claims_;
};

TEST_F(AddressClaimsTest, KeepWhatFiveDomainsSay) {
  Learn(5, {{"1.mx.a.example", "44.1.1.1"}});
  Learn(4, {{"1.mx.a.example", "44.1.1.2"}});
  EXPECT_EQ(Rows(), "44.1.1.1\ta\t5\n");
}

TEST_F(AddressClaimsTest, DropWhatTwoProvidersClaim) {
  Learn(9, {{"1.mx.a.example", "44.1.1.1"}});
  Learn(1, {{"1.mx.b.example", "44.1.1.1"}});
  Learn(9, {{"1.mx.a.example", "44.1.1.1"}});
  EXPECT_EQ(Rows(), "");
}

TEST_F(AddressClaimsTest, CountADomainOnce) {
  Learn(4, {{"1.mx.a.example", "44.1.1.1"}, {"2.mx.a.example", "44.1.1.1"}});
  EXPECT_EQ(Rows(), "");
  Learn(1, {{"1.mx.a.example", "44.1.1.1"}});
  EXPECT_EQ(Rows(), "44.1.1.1\ta\t5\n");
}

TEST_F(AddressClaimsTest, TakeNoWordOfCustomersNamesAndRentedServers) {
  Learn(9, {{"mail.shop.de", "44.1.1.1"},
            {"vps7.a.example", "44.1.1.2"},
            {"mail.other.org", "44.1.1.3"}});
  EXPECT_EQ(Rows(), "");
}

TEST_F(AddressClaimsTest, OfShardsAreAddedUp) {
  Learn(3, {{"1.mx.a.example", "44.1.1.1"}});
  Learn(9, {{"1.mx.a.example", "44.1.1.2"}});
  AddressClaims other;
  for (int i = 0; i < 2; ++i) {
    Learn({{"1.mx.a.example", "44.1.1.1"}, {"1.mx.b.example", "44.1.1.2"}},
          other);
  }
  claims_.Add(other);
  EXPECT_EQ(Rows(), "44.1.1.1\ta\t5\n");
}

TEST_F(AddressClaimsTest, AreReadBackAsTheyWereWritten) {
  Learn(6, {{"1.mx.a.example", "44.1.1.1"}, {"1.mx.b.example", "2a02::1"}});
  AddressEvidence evidence;
  ASSERT_TRUE(evidence.Read("e.tsv", claims_.ToText(), table_).ok());
  const std::vector<IpAddress> v4 = {*IpAddress::FromText("44.1.1.1")};
  const std::vector<IpAddress> v6 = {*IpAddress::FromText("2a02::1")};
  EXPECT_EQ(evidence.OwnerOf(v4)->id, "a");
  EXPECT_EQ(evidence.OwnerOf(v6)->id, "b");
}

}  // namespace
}  // namespace mxscan
