#include "scanner/flags/read_value.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mxscan {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The groups that `--checks LIST` stands for, or what is said of it.
std::string ChecksOf(const std::string& list) {
  CheckSet checks;
  const absl::Status read = ReadChecks({"--checks", list}, checks);
  return read.ok() ? ToText(checks) : std::string(read.message());
}

TEST(ReadChecks, AddsWhatIsNamedToMx) {
  EXPECT_EQ(ChecksOf("mx"), "mx");
  EXPECT_EQ(ChecksOf("tls-rpt,spf"), "mx,spf,tls-rpt");
  EXPECT_EQ(ChecksOf("spf,spf"), "mx,spf");
  EXPECT_EQ(ChecksOf("parked"), "mx,spf,dmarc");
  EXPECT_EQ(ChecksOf("all"), ToText(CheckSet::All()));
  CheckSet checks;
  EXPECT_TRUE(ReadChecks({"--checks", {}}, checks).ok());
  EXPECT_TRUE(checks.OnlyMx());
}

TEST(ReadChecks, NamesWhatMayHaveBeenMeant) {
  EXPECT_THAT(ChecksOf("spf,dmark"), AllOf(HasSubstr("--checks 'dmark'"),
                                           HasSubstr("did you mean dmarc?")));
  EXPECT_THAT(ChecksOf(""), HasSubstr("give all, or some of mx,"));
  EXPECT_THAT(ChecksOf("spf,"), HasSubstr("--checks ''"));
}

TEST(ReadProbe, TakesTwoZones) {
  ProbeNames names;
  EXPECT_TRUE(
      ReadProbe({"--dnssec-probe", "Sound.test,broken.test."}, names).ok());
  EXPECT_EQ(ToText(names.sound), "sound.test");
  EXPECT_EQ(ToText(names.broken), "broken.test");
  for (const char* wrong : {"", "sound.test", "sound.test,", "a..b,broken"}) {
    EXPECT_THAT(
        std::string(ReadProbe({"--dnssec-probe", wrong}, names).message()),
        HasSubstr("give two zones"))
        << wrong;
  }
}

}  // namespace
}  // namespace mxscan
