#include "scanner/classify/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kTable =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "box\tname\tBox\t\ts\t2026-11\n"
    "box\tcategory\tmailbox\t\ts\t2026-11\n"
    "box\tspf\tspf.box.example\t\ts\t2026-11\n"
    "bulk\tname\tBulk\t\ts\t2026-11\n"
    "bulk\tcategory\ttransactional\t\ts\t2026-11\n"
    "bulk\tspf\tbulk.example\t\ts\t2026-11\n"
    "gate\tname\tGate\t\ts\t2026-11\n"
    "gate\tcategory\tgateway\t\ts\t2026-11\n"
    "gate\tspf\tgate.example\t\ts\t2026-11\n"
    "web\tname\tWeb\t\ts\t2026-11\n"
    "web\tcategory\thosting\t\ts\t2026-11\n"
    "web\tspf\tweb.example\t\ts\t2026-11\n";

class BackendTest : public testing::Test {
 protected:
  std::vector<std::string_view> Behind(std::vector<std::string_view> txt) {
    Backend backend;
    AddFromSpf(txt, table_, backend);
    return backend.ids;
  }

  const ProviderTable table_ = *ProviderTable::Parse("t.tsv", kTable);
};

TEST_F(BackendTest, StandsInFrontAreGatewaysAndForwarders) {
  Provider provider;
  provider.category = "gateway";
  EXPECT_TRUE(StandsInFront(provider));
  provider.category = "forwarding";
  EXPECT_TRUE(StandsInFront(provider));
  for (const char* other : {"mailbox", "hosting", "isp", "selfhosted"}) {
    provider.category = other;
    EXPECT_FALSE(StandsInFront(provider)) << other;
  }
}

TEST_F(BackendTest, IsWhomTheSpfRecordIncludes) {
  EXPECT_THAT(Behind({"v=spf1 include:spf.box.example -all"}),
              ElementsAre("box"));
  EXPECT_THAT(Behind({"v=spf1 redirect=_x.spf.box.example"}),
              ElementsAre("box"));
  EXPECT_THAT(Behind({"V=SPF1 ip4:1.2.3.4  ?Include:SPF.BOX.example.  ~all"}),
              ElementsAre("box"));
}

TEST_F(BackendTest, AreSeveralSortedAndEachOnce) {
  EXPECT_THAT(Behind({"v=spf1 include:web.example include:spf.box.example "
                      "include:a.web.example -all"}),
              ElementsAre("box", "web"));
}

TEST_F(BackendTest, AreNoSendersAndNoOtherGateways) {
  EXPECT_THAT(Behind({"v=spf1 include:bulk.example include:gate.example -all"}),
              IsEmpty());
}

TEST_F(BackendTest, AreNotReadFromWhatIsNoSpf) {
  EXPECT_THAT(Behind({"google-site-verification=include:spf.box.example",
                      "v=spf10 include:spf.box.example", "v=spf1",
                      "v=spf1;include:spf.box.example",
                      "spf2.0/pra "
                      "include:spf.box.example",
                      ""}),
              IsEmpty());
}

TEST_F(BackendTest, AreNotReadFromOtherTerms) {
  EXPECT_THAT(Behind({"v=spf1 a:spf.box.example exists:spf.box.example "
                      "exp=spf.box.example include: redirect= include -all",
                      "v=spf1 include:%{d}.spf.box.example.evil.org"}),
              IsEmpty());
}

}  // namespace
}  // namespace mxscan
