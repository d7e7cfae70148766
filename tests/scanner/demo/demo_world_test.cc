#include "scanner/demo/demo_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "scanner/classify/provider_table.h"
#include "scanner/demo/recursor.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/tsv.h"
#include "tests/scanner/demo/ask.h"

namespace mxscan {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DemoWorldTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = *DemoWorld::Make(); }
  static void TearDownTestSuite() { world_.reset(); }

  std::string Ask(const std::string& name, RrType type) const {
    const Recursor recursor({&world_->zone()}, {});
    Responder responder(recursor, FaultDealer(world_->faults(), 1, 1), false);
    Caught caught;
    responder.Respond(QueryFor(name, type), Served(), Nanos(0), caught);
    return caught.replies.empty() ? "silence"
                                  : Tell(caught.replies.front().packet);
  }

  static std::optional<DemoWorld> world_;
};

std::optional<DemoWorld> DemoWorldTest::world_;

TEST_F(DemoWorldTest, HasFiveThousandDomainsNoneTwice) {
  const std::set<std::string> names(world_->domains().begin(),
                                    world_->domains().end());
  EXPECT_GE(names.size(), 5000u);
  EXPECT_EQ(names.size(), world_->domains().size());
  for (const std::string& name : names) {
    ASSERT_TRUE(Name::FromText(name)) << name;
  }
}

TEST_F(DemoWorldTest, ItsProvidersAreThoseOfTheProviderTable) {
  const auto providers =
      ProviderTable::Parse("providers.tsv", ProviderTableText());
  ASSERT_TRUE(providers.ok()) << providers.status();
  const std::string_view columns[] = {"group", "domains", "mx",
                                      "hosts", "spf",     "source"};
  const auto sets =
      TsvFile::Parse("mail_sets.tsv", DemoMailSetsText(), columns);
  ASSERT_TRUE(sets.ok()) << sets.status();
  std::set<std::string_view> seen;
  for (const TsvRow& row : sets->rows) {
    if (row.fields[5] != "common knowledge") continue;
    seen.insert(row.fields[0]);
    ASSERT_NE(providers->ById(row.fields[0]), nullptr) << row.fields[0];
    std::string_view host = row.fields[2];
    host.remove_prefix(host.find(' ') + 1);
    host = host.substr(0, host.find(' '));
    const Provider* found = providers->Find(host).provider;
    ASSERT_NE(found, nullptr) << host;
    EXPECT_EQ(found->id, row.fields[0]) << host;
  }
  EXPECT_GE(seen.size(), 60u);
}

TEST_F(DemoWorldTest, HasAnswersOfEveryKind) {
  std::map<std::string, int> kinds;
  for (const std::string& name : world_->domains()) {
    const std::string reply = Ask(name, RrType::kMx);
    const bool mx = reply.find(" MX ") != reply.npos;
    const bool alias = reply.find(" CNAME ") != reply.npos;
    ++kinds[absl::StrCat(reply.substr(0, reply.find(' ')), mx ? " mx" : "",
                         alias ? " alias" : "")];
  }
  for (const char* kind :
       {"NOERROR", "NOERROR mx", "NOERROR alias", "NOERROR mx alias",
        "NXDOMAIN", "NXDOMAIN alias", "SERVFAIL", "REFUSED", "silence"}) {
    EXPECT_GT(kinds[kind], 0) << kind;
  }
  EXPECT_GT(kinds["NOERROR mx"], 4000);
}

TEST_F(DemoWorldTest, FollowsItsOddCases) {
  EXPECT_THAT(Ask("loop.odd-mail.net", RrType::kMx), StartsWith("NOERROR "));
  EXPECT_THAT(Ask("long-chain.odd-mail.net", RrType::kMx),
              HasSubstr("step4.new.odd-mail.net MX 10 mx1.odd-mail.net;"));
  EXPECT_THAT(Ask("deep.down.wild-mail.net", RrType::kMx),
              HasSubstr("MX 10 mx.wild-mail.net;"));
  EXPECT_THAT(Ask("literal.odd-mail.net", RrType::kMx),
              HasSubstr("MX 10 44.90.0.1;"));
  EXPECT_THAT(Ask("escaped.odd-mail.net", RrType::kMx),
              HasSubstr(R"(MX 10 first\.last.odd-mail.net;)"));
  EXPECT_THAT(Ask("null-and-more.odd-mail.net", RrType::kMx),
              ContainsRegex("MX 0 \\.;.*MX 10 mx1.odd-mail.net;"));
}

TEST_F(DemoWorldTest, SaysWhereATableIsWrong) {
  const std::string head = "group\tdomains\tmx\thosts\tspf\tsource\n";
  for (const char* row :
       {"a\t0\timplicit\tgood\t\tx\n", "a\t1\t10\tgood\t\tx\n",
        "a\t1\t10 a..b\tgood\t\tx\n", "a\t1\tx mx.a\tgood\t\tx\n",
        "a\t1\timplicit\tbad\t\tx\n", "a\tx\timplicit\tgood\t\tx\n"}) {
    const auto world = DemoWorld::Parse(head + row, "");
    EXPECT_THAT(std::string(world.status().message()),
                StartsWith("mail_sets.tsv:2: "))
        << row;
  }
  const auto world = DemoWorld::Parse(head, "a.example. A nonsense\n");
  EXPECT_THAT(std::string(world.status().message()),
              StartsWith("extra.zone:1"));
}

}  // namespace
}  // namespace mxscan
