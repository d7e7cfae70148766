// What the engine does when the kernel does not take what it is given. The
// kernel's part is played by a sendmmsg of this program's own, which the
// linker prefers to the library's.

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "tests/resolver/engine/engine_fixture.h"

namespace {

// What one call does: fails with `error`, or passes on `most` messages (each a
// datagram, or several of a size).
struct Turn {
  int error = 0;
  unsigned most = 1024;
};

// The kernel's next turns; after them it behaves. Of one thread, so that a
// server in another is left in peace.
thread_local std::deque<Turn>* kernel = nullptr;

}  // namespace

extern "C" int sendmmsg(int socket, mmsghdr* messages, unsigned count,
                        int flags) {
  if (kernel != nullptr && !kernel->empty()) {
    const Turn turn = kernel->front();
    kernel->pop_front();
    if (turn.error != 0) {
      errno = turn.error;
      return -1;
    }
    count = count < turn.most ? count : turn.most;
  }
  return static_cast<int>(
      syscall(SYS_sendmmsg, socket, messages, count, flags));
}

namespace mxscan {
namespace {

class SendingTest : public EngineTest {
 protected:
  SendingTest() { kernel = &turns_; }
  ~SendingTest() override { kernel = nullptr; }

  std::deque<Turn> turns_;
};

TEST_F(SendingTest, WhatTheKernelDidNotTakeGoesLater) {
  Open();
  turns_ = {{.error = EAGAIN}, {.error = ENOBUFS}};
  const Query query = Ask();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
  EXPECT_EQ(stats().refused_by_kernel, 2);
  EXPECT_EQ(stats().send_calls, 3);
}

TEST_F(SendingTest, TakesUpABatchWhereTheKernelLeftIt) {
  Open();
  turns_ = {{.error = EIO}, {.most = 3}, {.most = 1}, {.error = EAGAIN}};
  for (int i = 0; i < 10; ++i) Start();
  Send();
  for (int i = 0; i < 10; ++i) {
    const Query query = upstream_.Receive();
    upstream_.Send(query, ReplyTo(query));
  }
  RunUntilReports(10);
  EXPECT_EQ(stats().sent_udp, 10);
  EXPECT_EQ(stats().refused_by_kernel, 6);
  EXPECT_EQ(stats().strays, 0);
  EXPECT_TRUE(upstream_.IsQuiet());
}

TEST_F(SendingTest, QueriesOfOneSizeToOneServerAreOneMessage) {
  Open();
  turns_ = {{.most = 1}, {.error = EAGAIN}};
  for (int i = 0; i < 10; ++i) Start();
  Send();
  EXPECT_EQ(stats().sent_udp, 10);
  for (int i = 0; i < 10; ++i) upstream_.Receive();
  EXPECT_TRUE(upstream_.IsQuiet());
}

TEST_F(SendingTest, WhatTheKernelCannotSegmentGoesOneByOneFromThenOn) {
  Open();
  turns_ = {{.error = EINVAL}, {.most = 1}, {.most = 1}, {.error = EAGAIN}};
  for (int i = 0; i < 3; ++i) Start();
  Send();
  EXPECT_EQ(stats().sent_udp, 3);
  EXPECT_EQ(stats().refused_by_kernel, 1);
  for (int i = 0; i < 3; ++i) upstream_.Receive();
}

TEST_F(SendingTest, QueriesOfManySizesAllArriveWhole) {
  Open();
  std::vector<std::string> asked;
  for (int i = 0; i < 60; ++i) {
    const Name name = *Name::FromText(std::string(i * 7 % 13 + 1, 'a') +
                                      std::to_string(i) + ".example");
    const auto octets = name.view().bytes();
    asked.emplace_back(octets.begin(), octets.end());
    AttemptRequest request = Request();
    request.name = name;
    request.edns = i % 3 != 0;
    Start(request);
  }
  Send();
  std::vector<std::string> received;
  for (int i = 0; i < 60; ++i) {
    received.push_back(upstream_.Receive().name());
    for (char& c : received.back()) c = static_cast<char>(LowerOctet(c));
  }
  std::ranges::sort(asked);
  std::ranges::sort(received);
  EXPECT_EQ(received, asked);
  EXPECT_EQ(stats().send_calls, 1);
}

TEST_F(SendingTest, TimeDoesNotRunForWhatHasNotLeft) {
  Open();
  turns_ = std::deque<Turn>(20, {.error = EAGAIN});  // A millisecond each.
  AttemptRequest request = Request();
  request.timeout = std::chrono::milliseconds(5);
  Start(request);
  Send();
  EXPECT_TRUE(reports_.empty());
  RunUntilReports(1);
  EXPECT_TRUE(reports_[0].silence);
}

TEST_F(SendingTest, WhatWaitsForTheKernelCanBeReleased) {
  Open();
  turns_ = {{.error = EAGAIN}};
  const AttemptId id = Start();
  RunUntil([&] { return stats().refused_by_kernel == 1; });
  engine_->Release(id);
  Start();
  RunUntil([&] { return stats().sent_udp == 1; });
  upstream_.Receive();
  EXPECT_TRUE(upstream_.IsQuiet());
}

TEST_F(SendingTest, AnErrorOfAnEarlierDatagramHarmsNoLaterOne) {
  Open();
  turns_ = {{.error = ECONNREFUSED}, {.error = EINTR}};
  const Query query = Ask();
  upstream_.Send(query, ReplyTo(query));
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kAnswer);
  EXPECT_EQ(stats().refused_by_kernel, 0);
}

TEST_F(SendingTest, OnlyTheDatagramThatCannotGoIsUnreachable) {
  Open();
  turns_ = {{.error = EIO}, {.most = 2}, {.error = ENETUNREACH}};
  for (uint32_t i = 0; i < 5; ++i) {
    AttemptRequest request = Request();
    request.token = i;
    Start(request);
  }
  RunUntilReports(1);
  EXPECT_EQ(reports_[0].outcome, Outcome::kUnreachable);
  EXPECT_EQ(reports_[0].token, 2u);
  EXPECT_EQ(stats().sent_udp, 4);
}

TEST_F(SendingTest, UnreachableIsTheLastThatIsHeardOfAnAttempt) {
  Open();
  turns_ = {{.error = EHOSTUNREACH}};
  AttemptRequest request = Request();
  request.timeout = std::chrono::milliseconds(1);
  Start(request);
  RunUntilReports(1);
  Start(request);
  RunUntilReports(2);
  EXPECT_EQ(reports_[0].outcome, Outcome::kUnreachable);
  EXPECT_TRUE(reports_[1].silence);
  EXPECT_NE(reports_[0].id, reports_[1].id);
}

}  // namespace
}  // namespace mxscan
