// The whole room on real sockets: resolver, engine and loop against the
// embedded name server.

#include "resolver/resolver.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/demo/name_server.h"
#include "scanner/demo/world.h"

namespace mxscan {
namespace {

constexpr int kDomains = 3000;

// Asks for the MX of every domain of a small world.
class ResolverOnSocketsTest : public ::testing::Test, public AnswerReceiver {
 protected:
  // `faults` as the name server reads them.
  void Serve(std::string_view faults) {
    NameServerOptions options;
    options.sources = {&world_};
    options.faults = *ParseFaultRules("faults", faults);
    options.endpoints.assign(4, *ListenEndpointFromText("127.0.0.1:0"));
    server_ = *NameServer::Start(std::move(options));
  }

  void ResolveAll() {
    ResolverOptions options;
    options.upstreams = server_->endpoints();
    options.seed = 5;
    resolver_ = *Resolver::Open(options, loop_);
    for (int i = 0; i < kDomains; ++i) {
      Question question;
      question.name = world_.DomainName(i);
      resolver_->Ask(question, *this, i);
    }
    loop_.Run();
  }

  void OnAnswer(uint64_t token, const Answer& answer) noexcept override {
    ++answers_[token];
    outcomes_[token] = answer.outcome();
    if (resolver_->outstanding() == 0) loop_.Stop();
  }

  // What the world says of domain `i`, at the end of its chain.
  Outcome Truth(uint64_t i) const {
    World::Site site;
    world_.Describe(world_.DomainName(i), site);
    while (site.mx == World::Found::kAlias) {
      const Name alias = site.alias;
      world_.Describe(alias, site);
    }
    switch (site.mx) {
      case World::Found::kRecords: return Outcome::kAnswer;
      case World::Found::kNxDomain: return Outcome::kNxDomain;
      case World::Found::kServFail: return Outcome::kServFail;
      case World::Found::kRefused: return Outcome::kRefused;
      case World::Found::kSilence: return Outcome::kSilence;
      default: return Outcome::kNoData;
    }
  }

  void ExpectTruth() {
    ASSERT_EQ(answers_.size(), size_t{kDomains});
    for (uint64_t i = 0; i < kDomains; ++i) {
      ASSERT_EQ(answers_[i], 1);
      ASSERT_EQ(outcomes_[i], Truth(i)) << ToText(world_.DomainName(i));
    }
  }

  World world_{WorldOptions{.domains = kDomains, .seed = 3}};
  std::unique_ptr<NameServer> server_;
  Loop loop_;
  std::unique_ptr<Resolver> resolver_;
  std::map<uint64_t, int> answers_;
  std::map<uint64_t, Outcome> outcomes_;
};

TEST_F(ResolverOnSocketsTest, SaysWhatTheServersSay) {
  Serve("");
  ResolveAll();
  ExpectTruth();
  const ResolverStats& stats = resolver_->stats();
  EXPECT_EQ(stats.questions, kDomains);
  EXPECT_GT(stats.upstreams[3].answered, 0);
  EXPECT_EQ(stats.tcp, 0);
}

TEST_F(ResolverOnSocketsTest, SaysTheSameThroughFaults) {
  Serve(
      "loss p=0.05\n"
      "duplicate p=0.05\n"
      "truncate p=0.1\n"
      "delay ms=2 jitter=2\n"
      "garbage p=0.01\n"
      "wrong-id p=0.02\n");
  ResolveAll();
  ExpectTruth();
  EXPECT_GT(resolver_->stats().tcp, 0);
  EXPECT_GT(resolver_->stats().retried, 0);
}

TEST(ResolverOpen, SaysWhatToDoWithoutUpstreams) {
  Loop loop;
  const auto resolver = Resolver::Open(ResolverOptions(), loop);
  ASSERT_FALSE(resolver.ok());
  EXPECT_NE(resolver.status().message().find("--resolvers"),
            absl::string_view::npos);
}

}  // namespace
}  // namespace mxscan
