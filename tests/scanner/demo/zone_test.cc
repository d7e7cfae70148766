#include "scanner/demo/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "scanner/demo/recursor.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uint32_t kTtl = 300;

Name N(std::string_view text) { return Name::FromText(text).value(); }

class ZoneTest : public ::testing::Test {
 protected:
  void Mx(std::string_view owner, uint16_t preference, std::string_view host) {
    zone_.AddMx(N(owner), kTtl, preference, N(host));
  }
  void A(std::string_view owner, std::string_view address) {
    zone_.AddAddress(N(owner), kTtl, *IpAddress::FromText(address));
  }
  void Cname(std::string_view owner, std::string_view target) {
    zone_.AddAlias(N(owner), kTtl, N(target));
  }
  void Dname(std::string_view owner, std::string_view target) {
    zone_.Add(N(owner), RrType::kDname, kTtl, N(target).view().bytes());
  }
  std::string Ask(std::string_view name, RrType type) const {
    return mxscan::Ask(Recursor({&zone_}, options_), name, type);
  }

  Zone zone_;
  Recursor::Options options_;
};

TEST_F(ZoneTest, GivesTheRecordsOfANameAndType) {
  Mx("example.com", 10, "mx.example.com");
  Mx("example.com", 20, "mx.example.net");
  A("mx.example.com", "44.1.2.3");
  A("mx.example.com", "2a02:ffff::1");
  EXPECT_EQ(Ask("example.com", RrType::kMx),
            "NOERROR example.com MX 10 mx.example.com; "
            "example.com MX 20 mx.example.net;");
  EXPECT_EQ(Ask("mx.example.com", RrType::kA),
            "NOERROR mx.example.com A 44.1.2.3;");
  EXPECT_EQ(Ask("mx.example.com", RrType::kAaaa),
            "NOERROR mx.example.com AAAA 2a02:ffff::1;");
}

TEST_F(ZoneTest, KeepsOneOfEqualRecords) {
  Mx("example.com", 10, "mx.example.com");
  Mx("example.com", 10, "mx.example.com");
  EXPECT_EQ(zone_.record_count(), 1);
}

TEST_F(ZoneTest, ReadsMasterFileText) {
  ASSERT_TRUE(zone_
                  .AddText("test",
                           "$ORIGIN Example.com.\n"
                           "$TTL 600\n"
                           "@ SOA ns hostmaster 1 2 3 4 5\n"
                           "@ MX 10 MX.Example.com.\n"
                           "  TXT \"v=spf1 -all\"\n"
                           "mx A 44.1.2.3\n"
                           "old DNAME New\n"
                           "x.new CNAME mx\n"
                           "odd TYPE999 \\# 3 010203\n")
                  .ok());
  EXPECT_EQ(Ask("example.com", RrType::kMx),
            "NOERROR example.com MX 10 mx.example.com;");
  EXPECT_EQ(Ask("example.com", RrType::kTxt),
            "NOERROR example.com TXT 12 octets;");
  EXPECT_EQ(Ask("odd.example.com", static_cast<RrType>(999)),
            "NOERROR odd.example.com TYPE999 3 octets;");
  EXPECT_EQ(Ask("x.old.example.com", RrType::kA),
            "NOERROR old.example.com DNAME new.example.com; "
            "x.old.example.com CNAME x.new.example.com; "
            "x.new.example.com CNAME mx.example.com; "
            "mx.example.com A 44.1.2.3;");
}

TEST_F(ZoneTest, SaysWhereTextIsWrongAndAddsNoneOfIt) {
  const absl::Status status = zone_.AddText(
      "my.zone", "a.example. A 44.1.2.3\nb.example. A nonsense\n");
  EXPECT_THAT(std::string(status.message()), HasSubstr("my.zone:2"));
  EXPECT_EQ(zone_.record_count(), 0);
}

TEST_F(ZoneTest, TellsNoDataFromNoName) {
  A("a.b.example.com", "44.1.2.3");
  EXPECT_THAT(Ask("a.b.example.com", RrType::kMx), StartsWith("NOERROR |"));
  // Empty non-terminals exist.
  EXPECT_THAT(Ask("b.example.com", RrType::kA), StartsWith("NOERROR |"));
  EXPECT_THAT(Ask("com", RrType::kA), StartsWith("NOERROR |"));
  EXPECT_THAT(Ask("c.example.com", RrType::kA), StartsWith("NXDOMAIN |"));
  EXPECT_THAT(Ask("x.a.b.example.com", RrType::kA), StartsWith("NXDOMAIN |"));
  EXPECT_THAT(Ask("org", RrType::kA), StartsWith("NXDOMAIN |"));
}

TEST_F(ZoneTest, PutsTheSoaOfTheZoneBesideANegativeAnswer) {
  zone_.Add(N("example.com"), RrType::kSoa, kTtl,
            Packet{1, 'm', 0, 1, 'r', 0, 0, 0, 0, 1, 0, 0, 0,
                   1, 0,   0, 0, 1,   0, 0, 0, 1, 0, 0, 0, 60});
  A("www.example.com", "44.1.2.3");
  EXPECT_EQ(Ask("no.example.com", RrType::kA), "NXDOMAIN | example.com SOA m;");
  EXPECT_EQ(Ask("www.example.com", RrType::kMx),
            "NOERROR | example.com SOA m;");
}

TEST_F(ZoneTest, FollowsAnAliasChainToItsRecords) {
  Cname("www.example.com", "cdn.example.net");
  Cname("cdn.example.net", "edge.example.org");
  A("edge.example.org", "44.1.2.3");
  EXPECT_EQ(Ask("www.example.com", RrType::kA),
            "NOERROR www.example.com CNAME cdn.example.net; "
            "cdn.example.net CNAME edge.example.org; "
            "edge.example.org A 44.1.2.3;");
  EXPECT_EQ(Ask("www.example.com", RrType::kCname),
            "NOERROR www.example.com CNAME cdn.example.net;");
}

TEST_F(ZoneTest, SaysNxDomainWhenAChainEndsInAMissingName) {
  Cname("www.example.com", "gone.example.com");
  EXPECT_THAT(Ask("www.example.com", RrType::kA),
              StartsWith("NXDOMAIN www.example.com CNAME gone.example.com; |"));
}

TEST_F(ZoneTest, GivesOneStepOfAChainWhenAskedTo) {
  options_.one_alias_step = true;
  Cname("www.example.com", "cdn.example.net");
  A("cdn.example.net", "44.1.2.3");
  EXPECT_EQ(Ask("www.example.com", RrType::kA),
            "NOERROR www.example.com CNAME cdn.example.net;");
}

TEST_F(ZoneTest, GoesRoundALoopOnce) {
  Cname("a.example", "b.example");
  Cname("b.example", "a.example");
  EXPECT_EQ(Ask("a.example", RrType::kMx),
            "NOERROR a.example CNAME b.example; b.example CNAME a.example;");
}

TEST_F(ZoneTest, FollowsSixteenStepsAndNoMore) {
  for (int i = 0; i < 40; ++i) {
    Cname(absl::StrCat("a", i, ".example"),
          absl::StrCat("a", i + 1, ".example"));
  }
  const std::string told = Ask("a0.example", RrType::kA);
  EXPECT_THAT(told, HasSubstr("a15.example CNAME a16.example;"));
  EXPECT_THAT(told, ::testing::Not(HasSubstr("a16.example CNAME")));
}

TEST_F(ZoneTest, AWildcardAnswersForNamesBelowItsEncloserOnly) {
  Mx("*.example.com", 10, "mx.example.com");
  A("host.sub.example.com", "44.1.2.3");
  EXPECT_EQ(Ask("any.example.com", RrType::kMx),
            "NOERROR any.example.com MX 10 mx.example.com;");
  EXPECT_EQ(Ask("very.deep.example.com", RrType::kMx),
            "NOERROR very.deep.example.com MX 10 mx.example.com;");
  EXPECT_THAT(Ask("any.example.com", RrType::kA), StartsWith("NOERROR |"));
  // RFC 4592 §2.2.1: what exists, or encloses, is not for the wildcard.
  EXPECT_THAT(Ask("sub.example.com", RrType::kMx), StartsWith("NOERROR |"));
  EXPECT_THAT(Ask("x.sub.example.com", RrType::kMx), StartsWith("NXDOMAIN"));
  EXPECT_THAT(Ask("example.com", RrType::kMx), StartsWith("NOERROR |"));
}

TEST_F(ZoneTest, AWildcardMayBeAnAlias) {
  Cname("*.example.com", "host.example.net");
  A("host.example.net", "44.1.2.3");
  EXPECT_EQ(Ask("x.example.com", RrType::kA),
            "NOERROR x.example.com CNAME host.example.net; "
            "host.example.net A 44.1.2.3;");
}

TEST_F(ZoneTest, ADnameRenamesWhatIsBelowIt) {
  Dname("old.example", "new.example.com");
  Mx("a.b.new.example.com", 10, "mx.example.com");
  EXPECT_EQ(Ask("a.b.old.example", RrType::kMx),
            "NOERROR old.example DNAME new.example.com; "
            "a.b.old.example CNAME a.b.new.example.com; "
            "a.b.new.example.com MX 10 mx.example.com;");
  // The owner itself is not renamed.
  EXPECT_THAT(Ask("old.example", RrType::kMx), StartsWith("NOERROR |"));
}

TEST_F(ZoneTest, ADnameThatMakesANameTooLongIsAFailure) {
  const std::string label(63, 'a');
  Dname("old.example", absl::StrCat(label, ".", label, ".", label, ".example"));
  EXPECT_THAT(Ask(absl::StrCat(label, ".old.example"), RrType::kMx),
              StartsWith("SERVFAIL"));
}

TEST_F(ZoneTest, AsksTheSourcesInTheirOrder) {
  Zone other;
  other.AddMx(N("other.com"), kTtl, 10, N("mx.other.com"));
  Cname("example.com", "other.com");
  EXPECT_EQ(
      mxscan::Ask(Recursor({&zone_, &other}, {}), "example.com", RrType::kMx),
      "NOERROR example.com CNAME other.com; "
      "other.com MX 10 mx.other.com;");
}

TEST_F(ZoneTest, TheRootAlwaysHasNameServers) {
  EXPECT_EQ(Ask(".", RrType::kNs), "NOERROR . NS a;");
  A("www.example.com", "44.1.2.3");
  EXPECT_EQ(Ask(".", RrType::kNs), "NOERROR . NS a;");
}

TEST_F(ZoneTest, RefusesOtherClassesAndOpcodes) {
  const Recursor recursor({&zone_}, {});
  Responder responder(recursor, FaultDealer({}, 1, 1), false);
  Packet chaos = QueryFor("version.bind", RrType::kTxt, {.edns = false});
  chaos.back() = 3;
  Packet notify = QueryFor("example.com", RrType::kSoa);
  notify[2] = 4 << 3;
  Caught caught;
  responder.Respond(chaos, Served(), Nanos(0), caught);
  responder.Respond(notify, Served(), Nanos(0), caught);
  EXPECT_EQ(Tell(caught.replies.at(0).packet), "REFUSED");
  EXPECT_EQ(Tell(caught.replies.at(1).packet), "NOTIMP");
}

}  // namespace
}  // namespace mxscan
