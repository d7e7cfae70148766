#include <algorithm>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "tests/resolver/engine/engine_fixture.h"

namespace mxscan {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class EngineTcpTest : public EngineTest {
 protected:
  AttemptRequest TcpRequest(uint32_t token = 0) const {
    AttemptRequest request = Request();
    request.protocol = Protocol::kTcp;
    request.token = token;
    return request;
  }

  // Starts attempts with tokens 0 … count-1 and sends them.
  void StartTcp(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) Start(TcpRequest(i));
    Send();
  }

  // The queries as they come: the n-th is that of token n.
  std::vector<Query> Receive(FakeConnection& connection, size_t count) {
    std::vector<Query> queries;
    // The engine writes only in its own turns.
    for (size_t i = 0; i < count; ++i) queries.push_back(connection.Receive());
    return queries;
  }

  // Turns until what was sent is with the kernel: the connection stands.
  FakeConnection Accept() {
    FakeConnection connection = upstream_.Accept();
    TurnTimes(4);
    return connection;
  }

  std::vector<uint32_t> Tokens() const {
    std::vector<uint32_t> tokens;
    for (const Report& report : reports_) tokens.push_back(report.token);
    return tokens;
  }
};

TEST_F(EngineTcpTest, AsksOverTcpWhatWasTruncated) {
  Open();
  const Query query = Ask();
  Octets truncated = ReplyTo(query);
  truncated[2] |= 0x02;
  upstream_.Send(query, truncated);
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kTruncated);

  StartTcp(1);
  FakeConnection connection = Accept();
  connection.Send(ReplyTo(connection.Receive()));
  RunUntilReports(2);
  EXPECT_EQ(reports_[1].outcome, Outcome::kAnswer);
  EXPECT_TRUE(reports_[1].has_message);
  EXPECT_EQ(stats().sent_tcp, 1);
}

TEST_F(EngineTcpTest, RepliesInAnyOrderFindTheirAttempts) {
  Open();
  StartTcp(3);
  FakeConnection connection = Accept();
  const std::vector<Query> queries = Receive(connection, 3);
  connection.Send(ReplyTo(queries[2]));
  connection.Send(ReplyTo(queries[0]));
  connection.Send(ReplyTo(queries[1]));
  RunUntilReports(3);
  EXPECT_THAT(Tokens(), ElementsAre(2, 0, 1));
  EXPECT_EQ(stats().tcp_connections, 1);
}

TEST_F(EngineTcpTest, KeepsItsConnection) {
  Open();
  StartTcp(1);
  FakeConnection connection = Accept();
  connection.Send(ReplyTo(connection.Receive()));
  RunUntilReports(1);
  engine_->Release(reports_[0].id);
  StartTcp(1);
  connection.Send(ReplyTo(connection.Receive()));
  RunUntilReports(2);
  EXPECT_EQ(stats().tcp_connections, 1);
}

TEST_F(EngineTcpTest, ReadsRepliesThatComeOctetByOctet) {
  Open();
  StartTcp(2);
  FakeConnection connection = Accept();
  for (const Query& query : Receive(connection, 2)) {
    const Octets reply = ReplyTo(query);
    connection.SendRaw({0});
    connection.SendRaw({static_cast<uint8_t>(reply.size())});
    for (const uint8_t octet : reply) {
      connection.SendRaw({octet});
      TurnTimes(2);  // So that the octet is read by itself.
    }
  }
  RunUntilReports(2);
  EXPECT_THAT(Tokens(), ElementsAre(0, 1));
}

TEST_F(EngineTcpTest, ReadsTheLongestMessageThereIs) {
  Open();
  StartTcp(2);
  FakeConnection connection = Accept();
  const std::vector<Query> queries = Receive(connection, 2);
  Octets longest = ReplyTo(queries[0]);
  longest.resize(65535);  // Unsound, but it repeats the question.
  connection.Send(longest);
  connection.Send(ReplyTo(queries[1]));
  RunUntilReports(2);
  EXPECT_EQ(reports_[0].outcome, Outcome::kMalformed);
  EXPECT_EQ(reports_[1].outcome, Outcome::kAnswer);
}

TEST_F(EngineTcpTest, StraysOverTcpTouchNothing) {
  Open();
  StartTcp(1);
  FakeConnection connection = Accept();
  const Query query = connection.Receive();
  Octets wrong_id = ReplyTo(query);
  wrong_id[0] ^= 1;
  Octets wrong_question = ReplyTo(query);
  wrong_question[13] ^= 1;
  connection.Send(wrong_id);
  connection.Send(wrong_question);
  connection.Send({});
  connection.Send({1, 2, 3});
  connection.Send(ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
  EXPECT_EQ(stats().strays, 4);
}

TEST_F(EngineTcpTest, AReplyOverAnotherConnectionIsAStray) {
  FakeUpstream& other = AddUpstream("127.0.0.2");
  Open();
  StartTcp(1);
  AttemptRequest request = TcpRequest(7);
  request.upstream = 1;
  Start(request);
  Send();
  FakeConnection to_other = other.Accept();
  FakeConnection connection = Accept();
  const Query query = connection.Receive();
  to_other.Receive();
  to_other.Send(ReplyTo(query));
  RunUntil([&] { return stats().received == 1; });
  EXPECT_EQ(stats().strays, 1);
  EXPECT_TRUE(reports_.empty());
}

TEST_F(EngineTcpTest, ARefusedConnectionIsUnreachable) {
  Open();
  upstream_.StopListening();
  StartTcp(3);
  RunUntilReports(3);
  for (const Report& report : reports_) {
    EXPECT_EQ(report.outcome, Outcome::kUnreachable);
  }
}

TEST_F(EngineTcpTest, AConnectionClosedBeforeAnyAnswerIsUnreachable) {
  Open();
  StartTcp(2);
  FakeConnection connection = Accept();
  Receive(connection, 2);
  connection.Close();
  RunUntilReports(2);
  EXPECT_EQ(reports_[0].outcome, Outcome::kUnreachable);
  EXPECT_EQ(reports_[1].outcome, Outcome::kUnreachable);
}

TEST_F(EngineTcpTest, AConnectionResetIsUnreachableToo) {
  Open();
  StartTcp(1);
  FakeConnection connection = Accept();
  connection.Receive();
  connection.Reset();
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kUnreachable);
}

TEST_F(EngineTcpTest, WhatAServerLeftUnansweredWhenItClosedIsAskedAnew) {
  Open();
  on_report_ = [&](const Report& report) { engine_->Release(report.id); };
  StartTcp(4);
  // It answers one query for each connection, as some do.
  for (size_t answered = 0; answered < 4; ++answered) {
    FakeConnection connection = Accept();
    connection.Send(ReplyTo(connection.Receive()));
    RunUntilReports(answered + 1);
    connection.Close();
    RunUntil([&] { return stats().sent_tcp >= 5 || answered == 3; });
  }
  EXPECT_THAT(Tokens(), ElementsAre(0, 1, 2, 3));
  for (const Report& report : reports_) {
    EXPECT_EQ(report.outcome, Outcome::kAnswer);
  }
}

TEST_F(EngineTcpTest, LinesClosedUnheardNowAndThenDoNotFailWhatWaits) {
  Open();
  StartTcp(4);
  {
    FakeConnection first = Accept();
    first.Send(ReplyTo(first.Receive()));
    RunUntilReports(1);
    engine_->Release(reports_[0].id);
    first.Close();
  }
  // From now on one attempt a connection, over two of them: the last waits.
  RunUntil([&] { return stats().sent_tcp == 6; });
  for (size_t closed = 1; closed <= 2; ++closed) {
    FakeConnection unheard = Accept();
    unheard.Receive();
    unheard.Close();
    RunUntilReports(1 + closed);
    EXPECT_EQ(reports_[closed].outcome, Outcome::kUnreachable);
  }
  FakeConnection last = Accept();
  last.Send(ReplyTo(last.Receive()));
  RunUntilReports(4);
  EXPECT_EQ(reports_[3].outcome, Outcome::kAnswer);
  EXPECT_THAT(Tokens(), ElementsAre(0, 1, 2, 3));
}

TEST_F(EngineTcpTest, AsksMoreAtATimeAgainWhenAConnectionLasts) {
  Open();
  on_report_ = [&](const Report& report) { engine_->Release(report.id); };
  StartTcp(2);
  {
    FakeConnection first = Accept();
    first.Send(ReplyTo(first.Receive()));
    RunUntilReports(1);
    first.Close();
  }
  RunUntil([&] { return stats().sent_tcp == 3; });
  FakeConnection second = Accept();
  for (int answered = 2; answered <= 10; ++answered) {
    second.Send(ReplyTo(second.Receive()));
    RunUntilReports(answered);
    Start(TcpRequest());
    RunUntil([&] { return stats().sent_tcp == answered + 2; });
  }
  // One more goes beside the one before it, and needs no third connection.
  Start(TcpRequest());
  RunUntil([&] { return stats().sent_tcp == 13; });
  EXPECT_EQ(stats().tcp_connections, 2);
}

TEST_F(EngineTcpTest, AMessageCutShortByTheCloseIsNoReply) {
  Open();
  StartTcp(1);
  FakeConnection connection = Accept();
  Octets reply = ReplyTo(connection.Receive());
  reply.insert(reply.begin(), {0, static_cast<uint8_t>(reply.size())});
  reply.pop_back();
  connection.SendRaw(reply);
  connection.Close();
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kUnreachable);
}

TEST_F(EngineTcpTest, OpensASecondConnectionWhenTheFirstIsBusy) {
  Open();
  StartTcp(200);
  EXPECT_EQ(stats().tcp_connections, 2);
}

TEST_F(EngineTcpTest, AConnectionThatFellSilentIsReplaced) {
  Open();
  AttemptRequest request = TcpRequest(1);
  request.timeout = milliseconds(1);
  Start(request);
  RunUntilReports(1);
  EXPECT_TRUE(reports_[0].silence);
  FakeConnection silent = upstream_.Accept();

  Start(TcpRequest(2));
  Send();
  EXPECT_EQ(stats().tcp_connections, 2);
  FakeConnection fresh = Accept();
  fresh.Send(ReplyTo(fresh.Receive()));
  RunUntilReports(2);
  EXPECT_EQ(reports_[1].token, 2u);

  // The late answer over the old one still counts.
  silent.Send(ReplyTo(silent.Receive()));
  RunUntilReports(3);
  EXPECT_EQ(reports_[2].token, 1u);
  EXPECT_TRUE(reports_[2].late);
}

TEST_F(EngineTcpTest, WaitsForAServerThatIsSlowToRead) {
  Open();
  constexpr uint32_t kMany = 4000;
  for (uint32_t i = 0; i < kMany; ++i) Start(TcpRequest(i));
  on_report_ = [&](const Report& report) { engine_->Release(report.id); };
  RunUntil([&] { return stats().tcp_connections == 2; });
  FakeConnection first = upstream_.Accept();
  FakeConnection second = upstream_.Accept();
  Send();
  // Half of them went either way, more or less; each is read to its end.
  for (FakeConnection* connection : {&first, &second}) {
    for (uint32_t i = 0; i < kMany / 2; ++i) {
      connection->Send(ReplyTo(connection->Receive()));
    }
  }
  RunUntilReports(kMany);
  EXPECT_EQ(stats().strays, 0);
}

TEST_F(EngineTcpTest, ReleasingEverythingInsideAReportIsSafe) {
  Open();
  std::vector<AttemptId> ids;
  for (uint32_t i = 0; i < 3; ++i) ids.push_back(Start(TcpRequest(i)));
  Send();
  on_report_ = [&](const Report&) {
    for (AttemptId id : ids) engine_->Release(id);
  };
  FakeConnection connection = Accept();
  for (const Query& query : Receive(connection, 3)) {
    connection.Send(ReplyTo(query));
  }
  RunUntil([&] { return stats().received == 3; });
  EXPECT_EQ(reports_.size(), 1u);
  EXPECT_EQ(stats().strays, 2);
}

}  // namespace
}  // namespace mxscan
