#include "scanner/collect/check_task.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/embedded_tables.h"
#include "tests/support/zone_lookups.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kGood = "v=TLSRPTv1; rua=mailto:a@example.com";

// example.com, which takes mail, and what its zone says.
class CheckTaskTest : public testing::Test {
 protected:
  CheckTaskTest() { facts_.status = DomainStatus::kOk; }

  const CheckFacts& Learn(std::string_view domain = "example.com") {
    const Name name = *Name::FromText(domain);
    zone_.Run(task_, {facts_, verdict_, name, suffixes_, providers_});
    task_.Fill(learnt_);
    return learnt_;
  }

  const PublicSuffixes suffixes_ = *PublicSuffixes::System();
  const ProviderTable providers_ =
      *ProviderTable::Parse("providers.tsv", ProviderTableText());
  DomainFacts facts_;
  Verdict verdict_;
  ZoneLookups zone_;
  CheckTask task_{CheckSet().Add(CheckGroup::kTlsRpt)};
  CheckFacts learnt_;
};

TEST_F(CheckTaskTest, LearnsWhatTheZoneSays) {
  zone_.Txt("_smtp._tls.example.com", "other");
  zone_.Txt("_smtp._tls.example.com", kGood);
  const TlsRptFacts& facts = *Learn().tls_rpt;
  EXPECT_THAT(zone_.asked(), ElementsAre("_smtp._tls.example.com 16"));
  EXPECT_TRUE(facts.known);
  EXPECT_TRUE(facts.valid);
  EXPECT_EQ(facts.text, kGood);
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(CheckTaskTest, KeepsTheLeastOfSeveralRecordsWhateverTheirOrder) {
  zone_.Txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:z@example.com");
  zone_.Txt("_smtp._tls.example.com", kGood);
  const TlsRptFacts& facts = *Learn().tls_rpt;
  EXPECT_EQ(facts.records, 2);
  EXPECT_FALSE(facts.valid);
  EXPECT_EQ(facts.text, kGood);
}

TEST_F(CheckTaskTest, ForgetsTheDomainBefore) {
  zone_.Txt("_smtp._tls.example.com", kGood);
  zone_.Fails("_smtp._tls.example.net");
  EXPECT_TRUE(Learn().tls_rpt->valid);
  EXPECT_FALSE(Learn("example.net").tls_rpt->known);
  ASSERT_TRUE(learnt_.failed);
  EXPECT_EQ(learnt_.failed->name, "_smtp._tls.example.net");
  EXPECT_EQ(learnt_.failed->type, RrType::kTxt);
  EXPECT_TRUE(Learn("example.org").tls_rpt->known);
  EXPECT_EQ(learnt_.tls_rpt->records, 0);
  EXPECT_FALSE(learnt_.failed);
}

TEST_F(CheckTaskTest, AsksNothingForADomainThatTakesNoMail) {
  facts_.status = DomainStatus::kNullMx;
  EXPECT_FALSE(Learn().tls_rpt);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

TEST_F(CheckTaskTest, KnowsThatNothingStandsBelowANameThatIsTooLong) {
  const std::string label(61, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label;
  EXPECT_TRUE(Learn(longest).tls_rpt->known);
  EXPECT_THAT(zone_.asked(), IsEmpty());
}

}  // namespace
}  // namespace mxscan
