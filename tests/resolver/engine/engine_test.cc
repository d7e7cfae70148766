#include "resolver/engine.h"

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "resolver/net/udp_port.h"
#include "tests/resolver/engine/engine_fixture.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST_F(EngineTest, CountsRepliesForWhichNoReceiveBufferHadRoom) {
  EngineOptions options;
  options.udp_ports = 1;
  options.max_attempts = 10;
  options.receive_buffer = 4096;
  Open(options);
  EXPECT_GT(engine_->replies_that_fit(), 0);
  EXPECT_LT(engine_->replies_that_fit(), 20);
  const Query query = Ask();
  for (int i = 0; i < 200; ++i) upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  // The kernel tells with the next datagram that finds room.
  const Query next = Ask();
  upstream_.Send(next, ReplyTo(next));
  RunUntil([&] { return stats().kernel_drops > 0; });
  const int64_t heard = stats().received - 1;
  EXPECT_EQ(heard + stats().kernel_drops, 200);
}

TEST_F(EngineTest, ReportsTheReplyToTheQuestionAsked) {
  Open();
  AttemptRequest request = Request();
  request.token = 77;
  const AttemptId id = Start(request);
  Send();
  const Query query = upstream_.Receive();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  const Report& report = reports_[0];
  EXPECT_EQ(report.id, id);
  EXPECT_EQ(report.token, 77u);
  EXPECT_EQ(report.outcome, Outcome::kAnswer);
  EXPECT_TRUE(report.has_message);
  EXPECT_EQ(report.message_id, query.id());
  EXPECT_FALSE(report.late);
  EXPECT_GE(report.rtt, Nanos(0));
  EXPECT_EQ(stats().sent_udp, 1);
  EXPECT_EQ(stats().received, 1);
  EXPECT_EQ(stats().strays, 0);
}

// An attempt that is answered while the loop rests.
class RestTest : public EngineTest {
 protected:
  static constexpr Nanos kRest = milliseconds(50);

  // `answer` is called once the query is out, and the rest follows.
  void RunThroughARest(bool stamped, const std::function<void()>& answer) {
    EngineOptions options;
    options.udp_ports = 1;
    options.max_attempts = 10;
    options.stamped = stamped;
    Open(options);
    loop_.SetShortestTurn(kRest);
    on_report_ = [this](const Report&) {
      rested_since_ = loop_.rested_since();
      read_at_ = loop_.now();
    };
    started_at_ = loop_.ReadClock();
    Start();
    RunUntil([&] {
      if (stats().sent_udp == 1 && left_at_ == Nanos(0)) {
        left_at_ = loop_.ReadClock();
        answer();
      }
      return !reports_.empty();
    });
  }
  void Answer() {
    const Query query = upstream_.Receive();
    upstream_.Send(query, ReplyTo(query));
  }

  Nanos started_at_{}, left_at_{}, rested_since_{}, read_at_{};
};

TEST_F(RestTest, CountsForTheServerWithoutStamps) {
  RunThroughARest(/*stamped=*/false, [this] { Answer(); });
  EXPECT_GE(reports_[0].rtt, read_at_ - left_at_);
  EXPECT_LE(reports_[0].rtt, read_at_ - started_at_);
}

TEST_F(RestTest, DoesNotCountForTheServerWhereRepliesAreStamped) {
  RunThroughARest(/*stamped=*/true, [this] { Answer(); });
  EXPECT_GE(reports_[0].rtt, Nanos(0));
  EXPECT_LE(reports_[0].rtt, rested_since_ - started_at_);
}

TEST_F(RestTest, CountsForTheServerAsFarAsItReallyTook) {
  std::thread server;
  Nanos before{}, after{};
  RunThroughARest(/*stamped=*/true, [&] {
    server = std::thread([&] {
      const Nanos in_the_midst = loop_.ReadClock() + kRest / 2;
      while (loop_.ReadClock() < in_the_midst) std::this_thread::yield();
      before = loop_.ReadClock();
      Answer();
      after = loop_.ReadClock();
    });
  });
  server.join();
  // The clocks of the system may drift apart by that much within a rest.
  constexpr Nanos kDrift = milliseconds(1);
  EXPECT_GE(reports_[0].rtt + kDrift, std::min(before, read_at_) - left_at_);
  EXPECT_LE(reports_[0].rtt - kDrift, after - started_at_);
}

TEST_F(EngineTest, ReadsInOneTurnWhatCameWhileTheLoopRested) {
  constexpr size_t kMany = 3 * DatagramInbox::kCapacity + 5;
  EngineOptions options;
  options.udp_ports = 1;
  options.max_attempts = kMany;
  Open(options);
  loop_.SetShortestTurn(milliseconds(5));
  for (size_t i = 0; i < kMany; ++i) Start();
  bool answered = false;
  RunUntil([&] {
    if (stats().sent_udp == kMany && !std::exchange(answered, true)) {
      for (size_t i = 0; i < kMany; ++i) {
        const Query query = upstream_.Receive();
        upstream_.Send(query, ReplyTo(query));
      }
    }
    return !reports_.empty();
  });
  EXPECT_EQ(reports_.size(), kMany);
}

TEST_F(EngineTest, AsksIPv6ServersFromIPv6Ports) {
  if (!FakeUpstream::CanListenOn("::1")) GTEST_SKIP() << "no IPv6 here";
  FakeUpstream& six = AddUpstream("::1");
  Open();
  AttemptRequest request = Request();
  request.upstream = 1;
  Start(request);
  Send();
  const Query query = six.Receive();
  six.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
}

// Each forgery comes before the genuine reply, which alone must count.
class ForgeryTest : public EngineTest {
 protected:
  void SetUp() override {
    Open();
    query_ = Ask();
    reply_ = ReplyTo(query_);
  }

  // It is the upstream's own mistake when all is right but the question.
  void ExpectOnlyTheGenuineReplyCounts(int64_t wrong = 0) {
    upstream_.Send(query_, ReplyTo(query_));
    RunUntilReports(1);
    EXPECT_EQ(stats().received, 2);
    EXPECT_EQ(stats().strays, 1);
    EXPECT_EQ(engine_->wrong_replies(0), wrong);
    ASSERT_EQ(reports_.size(), 1u);
    EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
  }

  Query query_;
  Octets reply_;
};

TEST_F(ForgeryTest, AWrongIdIsAStray) {
  reply_[1] ^= 1;
  upstream_.Send(query_, reply_);
  ExpectOnlyTheGenuineReplyCounts();
}

TEST_F(ForgeryTest, AWrongSourcePortIsAStray) {
  FakeUpstream forger("127.0.0.1");
  forger.Send(query_, reply_);
  ExpectOnlyTheGenuineReplyCounts();
}

TEST_F(ForgeryTest, AWrongQuestionIsAStray) {
  reply_[13] ^= 1;  // A letter of the name.
  upstream_.Send(query_, reply_);
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(ForgeryTest, AWrongTypeIsAStray) {
  reply_[12 + query_.name().size() + 1] = 28;
  upstream_.Send(query_, reply_);
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(ForgeryTest, TheQueryItselfIsAStray) {
  upstream_.Send(query_, query_.octets);
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(ForgeryTest, AReplyToAnotherOperationIsAStray) {
  reply_[2] |= 0x20;  // NOTIFY.
  upstream_.Send(query_, reply_);
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(ForgeryTest, GarbageIsAStray) {
  Octets garbage(300, 0xc0);
  garbage[0] = query_.octets[0];
  garbage[1] = query_.octets[1];
  upstream_.Send(query_, garbage);
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(ForgeryTest, LessThanAHeaderIsAStray) {
  upstream_.Send(query_, {query_.octets[0], query_.octets[1], 0x81, 0});
  ExpectOnlyTheGenuineReplyCounts();
}

TEST_F(ForgeryTest, AnAnswerWithoutAQuestionIsAStray) {
  upstream_.Send(query_, {query_.octets[0], query_.octets[1], 0x81, 0x80, 0, 0,
                          0, 0, 0, 0, 0, 0});
  ExpectOnlyTheGenuineReplyCounts(/*wrong=*/1);
}

TEST_F(EngineTest, AReplyFromAnotherAddressIsAStray) {
  FakeUpstream forger("127.0.0.2", upstream_.endpoint().port);
  Open();
  const Query query = Ask();
  forger.Send(query, ReplyTo(query));
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_.size(), 1u);
  EXPECT_EQ(stats().strays, 1);
}

TEST_F(EngineTest, AReplyToAnotherOfOurPortsIsAStray) {
  Open();
  const Query query = Ask();
  Query other = Ask();
  while (other.source_port() == query.source_port()) other = Ask();
  Octets crossed = ReplyTo(query);
  Query to_other = query;
  to_other.from = other.from;
  upstream_.Send(to_other, crossed);
  upstream_.Send(query, crossed);
  RunUntilReports(1);
  EXPECT_EQ(reports_.size(), 1u);
  EXPECT_EQ(stats().strays, 1);
}

TEST_F(EngineTest, ADuplicateAfterReleaseIsAStray) {
  Open();
  on_report_ = [&](const Report& report) { engine_->Release(report.id); };
  const Query query = Ask();
  upstream_.Send(query, ReplyTo(query));
  upstream_.Send(query, ReplyTo(query));
  RunUntil([&] { return stats().received == 2; });
  EXPECT_EQ(reports_.size(), 1u);
  EXPECT_EQ(stats().strays, 1);
}

TEST_F(EngineTest, ALateReplyStillCountsAndIsSaidToBeLate) {
  Open();
  AttemptRequest request = Request();
  request.timeout = milliseconds(1);
  const AttemptId id = Start(request);
  RunUntilReports(1);
  EXPECT_TRUE(reports_[0].silence);
  EXPECT_EQ(reports_[0].id, id);
  const Query query = upstream_.Receive();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(2);
  EXPECT_EQ(reports_[1].outcome, Outcome::kAnswer);
  EXPECT_TRUE(reports_[1].late);
}

TEST_F(EngineTest, SilenceIsReportedOnceAndNotBeforeItsTime) {
  Open();
  AttemptRequest request = Request();
  request.timeout = milliseconds(5);
  const Nanos started = loop_.ReadClock();
  Start(request);
  RunUntilReports(1);
  EXPECT_GE(loop_.ReadClock() - started, milliseconds(5));
  request.timeout = milliseconds(20);
  Start(request);
  RunUntilReports(2);
  EXPECT_NE(reports_[0].id, reports_[1].id);
}

TEST_F(EngineTest, AGarbledReplyDoesNotEndTheAttempt) {
  Open();
  const Query query = Ask();
  Octets garbled = ReplyTo(query);
  garbled.pop_back();
  upstream_.Send(query, garbled);
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(2);
  EXPECT_EQ(reports_[0].outcome, Outcome::kMalformed);
  EXPECT_FALSE(reports_[0].has_message);
  EXPECT_EQ(reports_[1].outcome, Outcome::kAnswer);
  EXPECT_EQ(stats().strays, 0);
}

TEST_F(EngineTest, ADatagramTooLongToReadCountsAsTruncated) {
  Open();
  const Query query = Ask();
  Octets huge = ReplyTo(query);
  huge.resize(6000);
  upstream_.Send(query, huge);
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kTruncated);
}

TEST_F(EngineTest, MixesTheCaseOfLettersAndTellsWhetherItCameBack) {
  Open();
  const Query query = Ask();
  EXPECT_NE(query.name(), std::string("\7example\3com\0", 13));
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_TRUE(reports_[0].case_preserved);

  Octets lower = ReplyTo(query);
  for (size_t i = 12; i < 25; ++i) {
    if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] |= 0x20;
  }
  upstream_.Send(query, lower);
  RunUntilReports(2);
  EXPECT_EQ(reports_[1].outcome, Outcome::kAnswer);
  EXPECT_FALSE(reports_[1].case_preserved);
}

TEST_F(EngineTest, LeavesTheCaseAloneWhenTold) {
  Open();
  AttemptRequest request = Request();
  request.mixed_case = false;
  for (int i = 0; i < 10; ++i) {
    Start(request);
    Send();
    EXPECT_EQ(upstream_.Receive().name(), std::string("\7example\3com\0", 13));
  }
}

TEST_F(EngineTest, DrawsIdsAndPortsThatAreNeverInUseTwice) {
  EngineOptions options;
  options.udp_ports = 4;
  Open(options);
  std::set<std::pair<uint16_t, uint16_t>> seen;
  std::set<uint16_t> ports;
  for (int i = 0; i < 500; ++i) {
    const Query query = Ask();
    EXPECT_TRUE(seen.insert({query.source_port(), query.id()}).second);
    ports.insert(query.source_port());
  }
  EXPECT_EQ(ports.size(), 4u);
}

TEST_F(EngineTest, WhatIsReleasedBeforeItLeftNeverLeaves) {
  Open();
  const AttemptId id = Start();
  engine_->Release(id);
  Start();
  RunUntil([&] { return stats().sent_udp == 1; });
  upstream_.Receive();
  EXPECT_TRUE(upstream_.IsQuiet());
}

TEST_F(EngineTest, TakesNoMoreThanItHasSlotsFor) {
  EngineOptions options;
  options.max_attempts = 2;
  Open(options);
  const AttemptId first = Start();
  Start();
  AttemptId none;
  EXPECT_FALSE(engine_->Start(Request(), &none));
  engine_->Release(first);
  EXPECT_TRUE(engine_->Start(Request(), &none));
}

TEST_F(EngineTest, ReleasingAnIdOfThePastTouchesNothing) {
  EngineOptions options;
  options.max_attempts = 1;
  Open(options);
  const AttemptId past = Start();
  engine_->Release(past);
  Start();
  engine_->Release(past);
  RunUntil([&] { return stats().sent_udp == 1; });
  const Query query = upstream_.Receive();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
}

TEST_F(EngineTest, AttemptsStartedInsideAReportLeaveInTheSameTurn) {
  Open();
  on_report_ = [&](const Report& report) {
    engine_->Release(report.id);
    Start();
  };
  const Query query = Ask();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(stats().sent_udp, 2);
}

TEST_F(EngineTest, SendsABatchWithOneCall) {
  Open();
  constexpr int kBatch = DatagramBatch::kCapacity;
  for (int i = 0; i < kBatch; ++i) Start();
  // Without waiting for the turn's end, as many as the port can hear back of.
  EXPECT_GE(stats().sent_udp, 16);
  EXPECT_EQ(stats().send_calls, 1);
}

TEST_F(EngineTest, SaysWhatReceiveBufferWasGranted) {
  EngineOptions options;
  options.receive_buffer = 64 << 10;
  Open(options);
  EXPECT_GE(engine_->receive_buffer(), 64 << 10);
}

TEST_F(EngineTest, NamesTheRemedyWhenItCannotOpen) {
  EngineOptions options;
  EXPECT_THAT(
      std::string(Engine::Open(options, loop_, *this).status().ToString()),
      HasSubstr("--resolvers"));
  options.upstreams.push_back(upstream_.endpoint());
  options.udp_ports = 1;
  options.max_attempts = 1 << 17;
  EXPECT_THAT(
      std::string(Engine::Open(options, loop_, *this).status().ToString()),
      HasSubstr("take more ports"));
}

}  // namespace
}  // namespace mxscan
