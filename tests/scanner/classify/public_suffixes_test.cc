#include "scanner/classify/public_suffixes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace mxscan {
namespace {

using testing::HasSubstr;

PublicSuffixes System() {
  absl::StatusOr<PublicSuffixes> suffixes = PublicSuffixes::System();
  EXPECT_TRUE(suffixes.ok()) << suffixes.status();
  return *std::move(suffixes);
}

TEST(PublicSuffixes, GiveTheRegistrableDomainAsATailOfTheHost) {
  const PublicSuffixes suffixes = System();
  const std::string host = "mx1.mail.example.co.uk";
  const std::string_view found = suffixes.RegistrableDomain(host);
  EXPECT_EQ(found, "example.co.uk");
  EXPECT_EQ(found.data() + found.size(), host.data() + host.size());
  EXPECT_EQ(suffixes.RegistrableDomain("example.com"), "example.com");
  EXPECT_EQ(suffixes.RegistrableDomain("a.b.c.kobe.jp"), "b.c.kobe.jp");
  EXPECT_EQ(suffixes.RegistrableDomain("www.city.kobe.jp"), "city.kobe.jp");
  EXPECT_EQ(suffixes.RegistrableDomain("a.xn--bcher-kva.xn--p1ai"),
            "xn--bcher-kva.xn--p1ai");
  EXPECT_EQ(suffixes.RegistrableDomain("x.y.invalid"), "y.invalid");
}

TEST(PublicSuffixes, GiveNoneForSuffixesSingleLabelsAndAddresses) {
  const PublicSuffixes suffixes = System();
  for (const std::string_view host :
       {"com", "co.uk", "localhost", "", ".", "127.0.0.1", "10.20"}) {
    EXPECT_EQ(suffixes.RegistrableDomain(host), "") << host;
  }
}

TEST(PublicSuffixes, TakeADotAfterABackslashForPartOfALabel) {
  const PublicSuffixes suffixes = System();
  EXPECT_EQ(suffixes.RegistrableDomain("a\\.b.com"), "a\\.b.com");
  EXPECT_EQ(suffixes.RegistrableDomain("x.a\\.b.com"), "a\\.b.com");
  EXPECT_EQ(suffixes.RegistrableDomain("a\\.com"), "");
}

TEST(PublicSuffixes, KnowWhatARegistryDelegates) {
  const PublicSuffixes suffixes = System();
  EXPECT_EQ(suffixes.IcannDomain("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(suffixes.IcannDomain("example.com"), "example.com");
  EXPECT_EQ(suffixes.IcannDomain("me.github.io"), "github.io");
  EXPECT_EQ(suffixes.IcannDomain("www.city.kobe.jp"), "city.kobe.jp");
  for (const std::string_view none :
       {"com", "co.uk", "mx.corp", "x.y.invalid", "", "127.0.0.1", "a\\.com"}) {
    EXPECT_EQ(suffixes.IcannDomain(none), "") << none;
  }
}

TEST(PublicSuffixes, SurviveNamesOfAnyLength) {
  const PublicSuffixes suffixes = System();
  const std::string label(63, 'a');
  EXPECT_EQ(suffixes.RegistrableDomain(label + "." + label + ".com"),
            label + ".com");
  std::string escaped;
  for (int i = 0; i < 60; ++i) escaped += "\\000";
  EXPECT_EQ(suffixes.RegistrableDomain(escaped + ".example.com"),
            "example.com");
  EXPECT_EQ(suffixes.RegistrableDomain(std::string(5000, 'a') + ".com"), "");
}

TEST(PublicSuffixes, CanComeFromAFile) {
  const std::string path = testing::TempDir() + "/suffixes.dat";
  std::ofstream(path) << "// rules\ncom\nexample.com\n";
  const absl::StatusOr<PublicSuffixes> suffixes =
      PublicSuffixes::FromFile(path);
  ASSERT_TRUE(suffixes.ok()) << suffixes.status();
  EXPECT_EQ(suffixes->RegistrableDomain("a.b.example.com"), "b.example.com");
}

TEST(PublicSuffixes, FromAFileThatIsNoneNameItAndTheRemedy) {
  const auto missing = PublicSuffixes::FromFile("/nonexistent/list.dat");
  EXPECT_THAT(missing.status().message(),
              HasSubstr("/nonexistent/list.dat: No such file"));
  const std::string path = testing::TempDir() + "/empty.dat";
  std::ofstream(path) << "// nothing\n";
  EXPECT_EQ(PublicSuffixes::FromFile(path).status().message(),
            path +
                ": holds no public suffix; give a Public Suffix List, as "
                "text or DAFSA");
}

}  // namespace
}  // namespace mxscan
