// What becomes of a fetch before there is TLS. With TLS there are real servers
// in tests/end_to_end/policies_test.py and audit/mta_sts.toml.

#include "scanner/fetch/https_fetcher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

// Nothing here takes as long on a machine that works.
constexpr milliseconds kLong(120'000);

const IpAddress kLoopback = *IpAddress::FromText("127.0.0.1");

// A socket that listens on loopback.
class Listener {
 public:
  Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, generic, size), 0);
    EXPECT_EQ(listen(socket_, SOMAXCONN), 0);
    EXPECT_EQ(getsockname(socket_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() {
    for (const int connection : connections_) close(connection);
    Close();
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  uint16_t port() const { return port_; }

  void Close() {
    if (socket_ >= 0) close(std::exchange(socket_, -1));
  }

  // The next connection, for the caller to close.
  int Accept() { return accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }

  // How many have connected so far. They stay so.
  size_t CountConnections() {
    pollfd ready = {socket_, POLLIN, 0};
    while (poll(&ready, 1, 0) > 0) connections_.push_back(Accept());
    return connections_.size();
  }

 private:
  int socket_;
  uint16_t port_ = 0;
  std::vector<int> connections_;
};

class HttpsFetcherTest : public testing::Test, protected FetchReceiver {
 protected:
  HttpsFetcherTest() {
    options_.port = listener_.port();
    options_.allow_private = true;
    options_.connect_limit = options_.whole_limit = kLong;
  }

  void Open() {
    client_ = std::move(HttpsClient::Open(options_)).value();
    fetcher_ = std::move(HttpsFetcher::Open(*client_, loop_)).value();
  }

  // Of a host that no name server knows.
  void Fetch(uint64_t token = 0, const IpAddress& address = kLoopback) {
    asking_ = true;
    fetcher_->Fetch({"mta-sts.nowhere.invalid", "/file", {&address, 1}}, *this,
                    token);
    asking_ = false;
    ++awaited_;
  }

  void OnFile(uint64_t token, const FetchAnswer& answer) noexcept override {
    EXPECT_FALSE(asking_);
    EXPECT_EQ(answer.host, "mta-sts.nowhere.invalid");
    EXPECT_TRUE(answers_.emplace(token, answer.outcome).second);
    if (--awaited_ == 0) loop_.Stop();
  }

  FetchOutcome OutcomeOfOne() {
    Open();
    Fetch();
    loop_.Run();
    return answers_.at(0);
  }

  Listener listener_;
  FetchOptions options_;
  Loop loop_;
  std::unique_ptr<HttpsClient> client_;
  std::unique_ptr<HttpsFetcher> fetcher_;
  bool asking_ = false;
  int awaited_ = 0;
  std::map<uint64_t, FetchOutcome> answers_;
};

TEST_F(HttpsFetcherTest, ConnectsToTheAddressesOfTheRequestAndAsksNobody) {
  std::thread server([this] {
    const int connection = listener_.Accept();
    constexpr std::string_view kNoTls = "HTTP/1.1 200 OK\r\n\r\n";
    EXPECT_EQ(send(connection, kNoTls.data(), kNoTls.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(kNoTls.size()));
    char octets[4096];
    while (recv(connection, octets, sizeof octets, 0) > 0) {
    }
    close(connection);
  });
  EXPECT_EQ(OutcomeOfOne(), FetchOutcome::kNoTls);
  server.join();
}

TEST_F(HttpsFetcherTest, SaysOfAServerThatHangsUpThatNobodyCouldBeReached) {
  std::thread server([this] {
    const int connection = listener_.Accept();
    char octets[4096];  // All that it says, or it would hear of a reset.
    EXPECT_GT(recv(connection, octets, sizeof octets, 0), 0);
    close(connection);
  });
  EXPECT_EQ(OutcomeOfOne(), FetchOutcome::kUnreachable);
  server.join();
}

TEST_F(HttpsFetcherTest, SaysTheSameWhereNobodyListens) {
  listener_.Close();
  EXPECT_EQ(OutcomeOfOne(), FetchOutcome::kUnreachable);
}

TEST_F(HttpsFetcherTest, WaitsNoLongerThanItsLimitForAServerThatIsSilent) {
  options_.connect_limit = milliseconds(20);
  EXPECT_EQ(OutcomeOfOne(), FetchOutcome::kUnreachable);
}

TEST_F(HttpsFetcherTest, ConnectsToNoSpecialAddressUnlessItMay) {
  options_.allow_private = false;
  EXPECT_EQ(OutcomeOfOne(), FetchOutcome::kNoPublicAddress);
  for (const std::string_view address : {"10.0.0.1", "::1", "::ffff:127.0.0.1",
                                         "64:ff9b::7f00:1", "169.254.1.1"}) {
    answers_.clear();
    Fetch(0, *IpAddress::FromText(address));
    loop_.Run();
    EXPECT_EQ(answers_.at(0), FetchOutcome::kNoPublicAddress) << address;
  }
  EXPECT_EQ(listener_.CountConnections(), 0);
}

TEST_F(HttpsFetcherTest, AnswersEachOfManyOnceAndSoManyAtATime) {
  constexpr uint64_t kMany = 3 * HttpsFetcher::kAtOnce;
  options_.connect_limit = milliseconds(20);
  Open();
  for (uint64_t token = 0; token < kMany; ++token) Fetch(token);
  EXPECT_GT(fetcher_->LatestEnd(), loop_.now());
  loop_.Run();
  EXPECT_THAT(
      answers_,
      AllOf(SizeIs(kMany), Each(Pair(testing::_, FetchOutcome::kUnreachable))));
  EXPECT_LE(fetcher_->LatestEnd(), loop_.now());
}

TEST_F(HttpsFetcherTest, OpensNoMoreConnectionsThanItSays) {
  class Counter final : public TurnHook {
   public:
    Counter(Loop& loop, Listener& listener)
        : loop_(loop), listener_(listener) {}
    Nanos OnTurn(Nanos now) noexcept override {
      const bool all = listener_.CountConnections() >= HttpsFetcher::kAtOnce;
      if (all && ++turns_with_all_ == 10) loop_.Stop();
      return now;
    }

   private:
    Loop& loop_;
    Listener& listener_;
    int turns_with_all_ = 0;
  };
  Open();
  for (int i = 0; i < 2 * HttpsFetcher::kAtOnce; ++i) Fetch(i);
  Counter counter(loop_, listener_);
  loop_.AddTurnHook(counter);
  loop_.Run();
  EXPECT_EQ(listener_.CountConnections(), HttpsFetcher::kAtOnce);
  EXPECT_THAT(answers_, SizeIs(0));
  fetcher_.reset();  // With all of them under way.
}

TEST_F(HttpsFetcherTest, FetchesMoreFromInsideACall) {
  class Again final : public FetchReceiver {
   public:
    Again(HttpsFetcher& fetcher, Loop& loop) : fetcher_(fetcher), loop_(loop) {}
    void OnFile(uint64_t token, const FetchAnswer&) noexcept override {
      if (token == 5) return loop_.Stop();
      fetcher_.Fetch({"a.invalid", "/", {&kLoopback, 1}}, *this, token + 1);
    }

   private:
    HttpsFetcher& fetcher_;
    Loop& loop_;
  };
  listener_.Close();
  Open();
  Again again(*fetcher_, loop_);
  fetcher_->Fetch({"a.invalid", "/", {&kLoopback, 1}}, again, 0);
  loop_.Run();
}

TEST(HttpsClient, SaysWhichAuthoritiesItCannotReadAndWhatToDo) {
  const std::string path = testing::TempDir() + "authorities.pem";
  std::ofstream(path) << "-----BEGIN CERTIFICATE-----\nAAAA\n";
  for (const std::string& wrong : {path, testing::TempDir() + "none.pem"}) {
    FetchOptions options;
    options.authorities = wrong;
    const auto client = HttpsClient::Open(options);
    ASSERT_FALSE(client.ok());
    EXPECT_THAT(std::string(client.status().message()),
                AllOf(HasSubstr(wrong), HasSubstr("--https-ca")));
  }
  EXPECT_TRUE(HttpsClient::Open({}).ok());  // The system's.
}

}  // namespace
}  // namespace mxscan
