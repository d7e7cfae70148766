#include "scanner/demo/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "scanner/demo/recursor.h"
#include "scanner/demo/world_truth.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Kind = World::Kind;

constexpr uint64_t kDomains = 20000;

// The first domain of a kind.
uint64_t FirstOf(Kind kind, const World& world) {
  for (uint64_t i = 0; i < world.size(); ++i) {
    if (world.KindOf(i) == kind) return i;
  }
  ADD_FAILURE() << "no such domain";
  return 0;
}

class WorldTest : public ::testing::Test {
 protected:
  std::string Ask(const Name& name, RrType type) const {
    return mxscan::Ask(recursor_, ToText(name), type);
  }

  World world_{{.domains = kDomains}};
  Recursor recursor_{{&world_}, {}};
};

// What a reply must say, from the truth alone; a slow scanner of one domain.
std::string AddressText(const TrueExchange& mx, const std::string& reply) {
  std::string missing;
  for (const IpAddress& address : mx.addresses) {
    const char* type =
        address.family == IpAddress::Family::kV4 ? " A " : " AAAA ";
    const std::string record =
        mx.alias.value_or(mx.exchange) + type + ToText(address) + ";";
    if (reply.find(record) == std::string::npos) missing += record;
  }
  return missing;
}

std::string_view RcodeFor(DomainStatus status) {
  switch (status) {
    case DomainStatus::kNxDomain: return "NXDOMAIN";
    case DomainStatus::kServFail: return "SERVFAIL";
    case DomainStatus::kRefused: return "REFUSED";
    case DomainStatus::kTimeout: return "silence";
    default: return "NOERROR";
  }
}

TEST_F(WorldTest, AnswersEveryDomainAsItsTruthSays) {
  for (uint64_t i = 0; i < 5000; ++i) {
    const TrueRow row = TruthOf(world_, i);
    const Name name = world_.DomainName(i);
    ASSERT_EQ(ToText(name), row.domain);
    const std::string reply = Ask(name, RrType::kMx);
    ASSERT_THAT(reply, StartsWith(std::string(RcodeFor(row.status))));
    if (row.alias) {
      ASSERT_THAT(reply, HasSubstr(*row.alias));
    }
    const std::string end = row.alias.value_or(row.domain);
    for (const TrueExchange& mx : row.mx) {
      ASSERT_THAT(reply,
                  HasSubstr(end + " MX " + std::to_string(mx.preference) + " " +
                            mx.exchange + ";"));
    }
    const bool none =
        row.status != DomainStatus::kOk && row.status != DomainStatus::kNullMx;
    if (none) {
      ASSERT_THAT(reply, ::testing::Not(HasSubstr(" MX ")));
    }
  }
}

TEST_F(WorldTest, AnswersEveryExchangeAsItsTruthSays) {
  std::map<HostState, int> states;
  for (uint64_t i = 0; i < 5000; ++i) {
    for (const TrueExchange& mx : TruthOf(world_, i).mx) {
      ++states[mx.state];
      if (mx.state == HostState::kNull) continue;
      const Name host = Name::FromText(mx.exchange).value();
      const std::string a = Ask(host, RrType::kA);
      const std::string aaaa = Ask(host, RrType::kAaaa);
      EXPECT_EQ(AddressText(mx, a + " " + aaaa), "") << mx.exchange;
      EXPECT_EQ(a.starts_with("SERVFAIL"), mx.a_unknown) << mx.exchange;
      EXPECT_EQ(aaaa.starts_with("SERVFAIL"), mx.aaaa_unknown) << mx.exchange;
      if (mx.state == HostState::kNxDomain) {
        EXPECT_THAT(a, StartsWith("NXDOMAIN"));
      }
      if (mx.state == HostState::kNoData) {
        EXPECT_THAT(a, StartsWith("NOERROR"));
      }
    }
  }
  EXPECT_EQ(states.size(), 7u) << "some state of an exchange never occurs";
}

TEST_F(WorldTest, TellsImplicitMxFromNoMailAndFromNotKnowing) {
  const TrueRow implicit = TruthOf(world_, FirstOf(Kind::kImplicit, world_));
  EXPECT_EQ(implicit.status, DomainStatus::kImplicitMx);
  EXPECT_FALSE(implicit.addresses->empty());
  const TrueRow none = TruthOf(world_, FirstOf(Kind::kNoMail, world_));
  EXPECT_EQ(none.status, DomainStatus::kNoMail);
  EXPECT_TRUE(none.addresses->empty());
  const uint64_t unknown = FirstOf(Kind::kIndeterminate, world_);
  EXPECT_EQ(TruthOf(world_, unknown).status, DomainStatus::kIndeterminate);
  EXPECT_EQ(Ask(world_.DomainName(unknown), RrType::kA), "SERVFAIL");
}

TEST_F(WorldTest, HasEveryStatusButTimeoutWithoutBeingAsked) {
  std::set<DomainStatus> seen;
  for (uint64_t i = 0; i < kDomains; ++i) {
    seen.insert(TruthOf(world_, i).status);
  }
  EXPECT_EQ(seen.size(), 8u);
  EXPECT_FALSE(seen.contains(DomainStatus::kTimeout));
}

TEST_F(WorldTest, NeverAnswersTheSilentShare) {
  const World silent({.domains = kDomains, .silent_share = 0.1});
  int count = 0;
  for (uint64_t i = 0; i < kDomains; ++i) {
    if (TruthOf(silent, i).status == DomainStatus::kTimeout) ++count;
  }
  EXPECT_NEAR(count, kDomains / 10, kDomains / 50);
  const Name name = silent.DomainName(FirstOf(Kind::kSilent, silent));
  const Recursor recursor({&silent}, {});
  EXPECT_EQ(mxscan::Ask(recursor, ToText(name), RrType::kMx), "silence");
  EXPECT_EQ(mxscan::Ask(recursor, ToText(name), RrType::kA), "silence");
}

TEST_F(WorldTest, KnowsNoNameThatIsNotItsOwn) {
  const std::string first = ToText(world_.DomainName(7));
  const std::string label = first.substr(0, first.find('.'));
  for (const std::string& name :
       {std::string("example.com"), label + ".museum", "www.x." + first,
        std::string("alpine20000.com"), std::string("alpine07.com"),
        std::string("mx9.hoster0.net"), std::string("mx1.hoster999999.net"),
        std::string("mx01.hoster0.net"), std::string("hoster0.com"),
        std::string("x1-com.mail.protection.outlook.com"),
        std::string("alpine99999999999999999999.com")}) {
    EXPECT_THAT(mxscan::Ask(recursor_, name, RrType::kMx),
                StartsWith("NXDOMAIN"))
        << name;
  }
}

TEST_F(WorldTest, KnowsNothingWithoutDomains) {
  const World nowhere{WorldOptions()};
  const Recursor recursor({&nowhere}, {});
  for (const char* name : {"aspmx.l.google.com", "mx1.hoster0.net"}) {
    EXPECT_THAT(mxscan::Ask(recursor, name, RrType::kA),
                StartsWith("NXDOMAIN"));
  }
}

TEST_F(WorldTest, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const World same({.domains = kDomains});
  const World other({.domains = kDomains, .seed = 2});
  int alike = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    ASSERT_TRUE(same.DomainName(i).view() == world_.DomainName(i).view());
    ASSERT_EQ(same.KindOf(i), world_.KindOf(i));
    alike += other.DomainName(i).view() == world_.DomainName(i).view();
  }
  EXPECT_LT(alike, 100);
}

TEST_F(WorldTest, SharesHostersByZipfAndHasManySingletons) {
  std::map<std::string, int> domains_of_host;
  for (uint64_t i = 0; i < kDomains; ++i) {
    for (const TrueExchange& mx : TruthOf(world_, i).mx) {
      ++domains_of_host[mx.exchange];
    }
  }
  int singletons = 0;
  for (const auto& [host, count] : domains_of_host) singletons += count == 1;
  EXPECT_GT(singletons * 10, static_cast<int>(domains_of_host.size()) * 9);
  EXPECT_GT(domains_of_host["mx1.hoster0.net"],
            5 * domains_of_host["mx1.hoster40.net"]);
  EXPECT_GT(domains_of_host["aspmx.l.google.com"], kDomains / 10);
}

TEST_F(WorldTest, ATruthIsOneLineInTheScansOwnColumns) {
  TrueRow row;
  row.domain = "example.com";
  row.mx = {{.preference = 10,
             .exchange = "mx.example.com",
             .ttl = 300,
             .state = HostState::kOk,
             .alias = "host.example.net",
             .addresses = {*IpAddress::FromText("44.1.2.3")},
             .aaaa_unknown = true}};
  std::string line;
  AppendNdjson(3, row, line);
  EXPECT_EQ(line,
            R"({"line":3,"domain":"example.com","status":"ok","mx_count":1,)"
            R"("alias":null,"mx":[{"preference":10,)"
            R"("exchange":"mx.example.com","ttl":300,"state":"ok",)"
            R"("alias":"host.example.net","addresses":["44.1.2.3"],)"
            R"("unknown":["aaaa"]}],"addresses":null})"
            "\n");
}

}  // namespace
}  // namespace mxscan
