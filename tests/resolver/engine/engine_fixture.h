// What tests of the engine share: an engine with fake upstreams, all in one
// thread, so that a test is a story told in order.

#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "resolver/engine.h"
#include "tests/support/fake_upstream.h"

namespace mxscan {

// One call of the receiver.
struct Report {
  AttemptId id;
  uint32_t token;
  bool silence = false;
  Outcome outcome = Outcome::kSilence;
  bool has_message = false;
  uint16_t message_id = 0;
  bool late = false;
  bool case_preserved = false;
  Nanos rtt{};
};

class EngineTest : public ::testing::Test,
                   protected AttemptReceiver,
                   protected TurnHook {
 protected:
  EngineTest();
  ~EngineTest() override;

  // Opens the engine with `upstreams` as they were added.
  void Open(EngineOptions options = {});

  // An upstream beside the first one, which every test has.
  FakeUpstream& AddUpstream(const std::string& address);

  // The request for the A record of example.com from the first upstream, with
  // a time-out that no test waits for.
  AttemptRequest Request() const;
  AttemptId Start(const AttemptRequest& request);
  AttemptId Start() { return Start(Request()); }

  // Turns until `done`; fails the test after ten seconds.
  void RunUntil(const std::function<bool()>& done);
  void RunUntilReports(size_t count);
  // Turns so often, without a sleep.
  void TurnTimes(int times);
  // Turns until all that was started has left.
  void Send();

  // Starts an attempt, and returns the query that it became.
  Query Ask();

  const EngineStats& stats() const { return engine_->stats(); }

  Loop loop_;
  FakeUpstream upstream_;
  std::vector<std::unique_ptr<FakeUpstream>> more_upstreams_;
  std::unique_ptr<Engine> engine_;
  std::vector<Report> reports_;
  // Called after each report, from inside the call.
  std::function<void(const Report&)> on_report_;

 private:
  void OnReply(AttemptId id, uint32_t token,
               const Reply& reply) noexcept override;
  void OnSilence(AttemptId id, uint32_t token) noexcept override;
  Nanos OnTurn(Nanos now) noexcept override;

  void Take(const Report& report);

  Name name_;
  Question question_;
  int64_t started_ = 0;
  int turns_left_ = 0;
  const std::function<bool()>* done_ = nullptr;
  Nanos give_up_at_ = Nanos::max();
};

}  // namespace mxscan
