#include "tests/resolver/engine/engine_fixture.h"

#include <utility>

namespace mxscan {

EngineTest::EngineTest() : name_(*Name::FromText("example.com")) {
  question_.type = RrType::kA;
}

EngineTest::~EngineTest() = default;

void EngineTest::Open(EngineOptions options) {
  options.upstreams.push_back(upstream_.endpoint());
  for (const auto& more : more_upstreams_) {
    options.upstreams.push_back(more->endpoint());
  }
  options.seed = 42;
  auto engine = Engine::Open(options, loop_, *this);
  ASSERT_TRUE(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
  // After the engine's own, so that it sees what has left in this turn.
  loop_.AddTurnHook(*this, TurnPhase::kSend);
}

FakeUpstream& EngineTest::AddUpstream(const std::string& address) {
  more_upstreams_.push_back(std::make_unique<FakeUpstream>(address));
  return *more_upstreams_.back();
}

AttemptRequest EngineTest::Request() const {
  AttemptRequest request{.name = name_};
  request.question = &question_;
  request.timeout = std::chrono::minutes(10);
  return request;
}

AttemptId EngineTest::Start(const AttemptRequest& request) {
  AttemptId id{};
  EXPECT_TRUE(engine_->Start(request, &id));
  ++started_;
  return id;
}

void EngineTest::RunUntil(const std::function<bool()>& done) {
  if (done()) return;
  done_ = &done;
  give_up_at_ = loop_.ReadClock() + std::chrono::seconds(10);
  loop_.Run();
  done_ = nullptr;
  ASSERT_TRUE(done()) << "waited in vain";
}

void EngineTest::RunUntilReports(size_t count) {
  RunUntil([&] { return reports_.size() >= count; });
}

void EngineTest::TurnTimes(int times) {
  turns_left_ = times;
  RunUntil([&] { return turns_left_ == 0; });
}

void EngineTest::Send() {
  RunUntil([&] { return stats().sent_udp + stats().sent_tcp >= started_; });
}

Query EngineTest::Ask() {
  Start();
  Send();
  return upstream_.Receive();
}

void EngineTest::OnReply(AttemptId id, uint32_t token,
                         const Reply& reply) noexcept {
  Take({.id = id,
        .token = token,
        .outcome = reply.outcome,
        .has_message = reply.message != nullptr,
        .message_id =
            reply.message != nullptr ? reply.message->id() : uint16_t{0},
        .late = reply.late,
        .case_preserved = reply.case_preserved,
        .rtt = reply.rtt});
}

void EngineTest::OnSilence(AttemptId id, uint32_t token) noexcept {
  Take({.id = id, .token = token, .silence = true});
}

void EngineTest::Take(const Report& report) {
  reports_.push_back(report);
  if (on_report_) on_report_(report);
}

Nanos EngineTest::OnTurn(Nanos now) noexcept {
  const bool is_counted = turns_left_ > 0;
  if (is_counted) --turns_left_;
  if (done_ != nullptr && ((*done_)() || now >= give_up_at_)) loop_.Stop();
  return is_counted ? now : give_up_at_;
}

}  // namespace mxscan
