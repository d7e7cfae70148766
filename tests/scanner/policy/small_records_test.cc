#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scanner/policy/dkim_key.h"
#include "scanner/policy/tag_list.h"
#include "scanner/policy/tls_rpt.h"

namespace mxscan {
namespace {

using testing::ElementsAre;

std::vector<std::string> Tags(const TagList& list) {
  std::vector<std::string> lines;
  for (const Tag& tag : list.tags()) {
    lines.push_back(std::string(tag.name) + "=" + std::string(tag.value));
  }
  return lines;
}

TEST(TagList, TrimsNamesAndValuesAndKeepsTheirOrder) {
  const TagList list = TagList::Read(" v = A1 ;b=c d ;e=; ");
  EXPECT_THAT(Tags(list), ElementsAre("v=A1", "b=c d", "e="));
  EXPECT_TRUE(list.well_formed());
  EXPECT_EQ(list.Find("b"), "c d");
  EXPECT_EQ(list.Find("B"), std::nullopt);
}

TEST(TagList, LeavesOutWhatIsNoTagAndSaysSo) {
  for (const std::string_view text :
       {"a=1;;b=2", "a=1;x;b=2", "a=1;=x;b=2", "a=1;1=x;b=2"}) {
    const TagList list = TagList::Read(text);
    EXPECT_THAT(Tags(list), ElementsAre("a=1", "b=2")) << text;
    EXPECT_FALSE(list.well_formed()) << text;
  }
  EXPECT_FALSE(TagList::Read("a=1;a=2").well_formed());
  EXPECT_EQ(TagList::Read("a=1;a=2").Find("a"), "1");
  EXPECT_TRUE(TagList::Read("").well_formed());
}

TEST(TagList, EndsWithinItsLimits) {
  std::string text;
  for (size_t i = 0; i < 3 * TagList::kMaxTags; ++i) text += "a=1;";
  EXPECT_EQ(TagList::Read(text).tags().size(), TagList::kMaxTags);
  EXPECT_FALSE(TagList::Read(text).well_formed());
}

TEST(TlsRpt, IsValidWithAddressesOfReports) {
  EXPECT_TRUE(IsTlsRptRecord("v=TLSRPTv1; rua=mailto:a@b.org"));
  EXPECT_FALSE(IsTlsRptRecord("v=TLSRPTv2; rua=mailto:a@b.org"));
  for (const std::string_view good :
       {"v=TLSRPTv1; rua=mailto:a@b.org", "v=TLSRPTv1;rua=https://b.org/r;",
        "v=TLSRPTv1; rua=MAILTO:a@b.org, https://b.org/r"}) {
    EXPECT_TRUE(IsValidTlsRpt(good)) << good;
  }
  for (const std::string_view bad :
       {"v=TLSRPTv1", "v=TLSRPTv1; rua=", "v=TLSRPTv1; rua=a@b.org",
        "v=TLSRPTv1; rua=mailto:a@", "v=TLSRPTv1; rua=http://b.org/r",
        "v=TLSRPTv1; rua=https://", "v=TLSRPTv1; rua=mailto:a@b.org,"}) {
    EXPECT_FALSE(IsValidTlsRpt(bad)) << bad;
  }
}

// 512 bits, as openssl rsa -pubout writes it, and the same as RSAPublicKey.
constexpr std::string_view k512 =
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALqDm+iUiI75NG7lmqxnREuvqg07nSI6yxayjn"
    "LbhYTrtZmXzusaUA8V6SGR+CHVw0MZ2QJONqagNxCPbuCk+jMCAwEAAQ==";

TEST(DkimKey, KnowsHowLongAnRsaKeyIs) {
  EXPECT_EQ(RsaBitsOf(k512), 512);
  std::string folded(k512);
  for (size_t i = 20; i < folded.size(); i += 21) folded.insert(i, " ");
  EXPECT_EQ(RsaBitsOf(folded), 512);
  const auto key = DkimKey::Read("v=DKIM1; k=rsa; p=" + folded);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->rsa_bits, 512);
  EXPECT_FALSE(key->is_revoked);
  // A sequence of an integer of 17 octets, the first 0, and of one of 1.
  EXPECT_EQ(RsaBitsOf("MBYCEQCAAAAAAAAAAAAAAAAAAAAAAgED"), 128);
}

TEST(DkimKey, ReadsNoLengthFromWhatIsNoKey) {
  for (const std::string_view bad : {"", "AAAA", "MFww", "!", "MA==", "MAIC",
                                     "MIIB", "MIQAAAAA", "MAMCAQA=", "MA=A"}) {
    EXPECT_EQ(RsaBitsOf(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(RsaBitsOf(std::string(100'000, 'A')), std::nullopt);
  for (size_t size = 0; size < k512.size() - 8; ++size) {
    EXPECT_EQ(RsaBitsOf(k512.substr(0, size)), std::nullopt) << size;
  }
}

TEST(DkimKey, TellsAKeyFromARevokedOneAndFromNone) {
  EXPECT_TRUE(DkimKey::Read("v=DKIM1; p=")->is_revoked);
  EXPECT_TRUE(DkimKey::Read("p=")->is_revoked);
  EXPECT_FALSE(DkimKey::Read("v=DKIM1; k=rsa"));
  EXPECT_FALSE(DkimKey::Read("v=DKIM2; p=x"));
  EXPECT_FALSE(DkimKey::Read("v=spf1 -all"));
  const auto key = DkimKey::Read("k=ed25519; t=s : y; p=AAAA");
  EXPECT_EQ(key->kind, DkimKey::Kind::kEd25519);
  EXPECT_TRUE(key->is_test);
  EXPECT_EQ(key->rsa_bits, std::nullopt);
}

}  // namespace
}  // namespace mxscan
