// The whole room at once: questions, hosts, both memories, real sockets.

#include <gtest/gtest.h>

#include <string>

#include "resolver/host_directory.h"
#include "resolver/resolver.h"
#include "tests/support/allocation_count.h"
#include "tests/support/echo_server.h"

namespace mxscan {
namespace {

// As a scan does: for each domain its MX, and then a host; no two the same.
class Scanner final : AnswerReceiver, HostReceiver {
 public:
  explicit Scanner(const Endpoint& upstream) : exchange_(/*shards=*/1) {
    ResolverOptions options;
    options.upstreams.push_back(upstream);
    options.window = 500;
    options.seed = 1;
    resolver_ = *Resolver::Open(options, loop_);
    // So little memory that it is full, and hosts are forgotten.
    hosts_ = std::make_unique<HostDirectory>(
        exchange_, /*shard=*/0, /*cache_bytes=*/1 << 20, *resolver_, loop_);
  }

  void ScanUntil(int domains) {
    until_ = domains;
    // The last one of before begins no other.
    for (int i = begun_ == 0 ? 0 : kDomainsAtOnce - 1; i < kDomainsAtOnce;
         ++i) {
      Begin();
    }
    loop_.Run();
  }

  int64_t questions() { return resolver_->stats().questions; }

 private:
  static constexpr int kDomainsAtOnce = 100;

  static Name NameOf(std::string_view first, uint64_t number) {
    char text[40];
    const int size =
        std::snprintf(text, sizeof text, "%s%llu.example", first.data(),
                      static_cast<unsigned long long>(number));
    return *Name::FromText({text, static_cast<size_t>(size)});
  }

  void Begin() {
    Question question;
    question.name = NameOf("d", begun_);
    resolver_->Ask(question, *this, begun_++);
  }

  void OnAnswer(uint64_t token, const Answer&) noexcept override {
    hosts_->Find(NameOf("mx", token), *this, token);
  }
  void OnHost(uint64_t, const Host&) noexcept override {
    if (++ended_ < until_) return Begin();
    loop_.Stop();
  }

  Loop loop_;
  PostOffice exchange_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<HostDirectory> hosts_;
  uint64_t begun_ = 0;
  int ended_ = 0;
  int until_ = 0;
};

TEST(ResolverAllocation, IsNoneOnceWarmOverAHundredThousandQuestions) {
  EchoServer server;
  Scanner scanner(server.endpoint());
  scanner.ScanUntil(40'000);
  const int64_t questions = scanner.questions();
  const int64_t before = AllocationCount();
  ASSERT_GT(before, 0) << "nothing is counted";
  scanner.ScanUntil(75'000);
  EXPECT_GE(scanner.questions() - questions, 100'000);
  // A pause of the machine leaves more attempts open than there were before,
  // for which room is made, and no more often than once for 64 of them.
  EXPECT_LT(AllocationCount() - before, 100);
}

}  // namespace
}  // namespace mxscan
