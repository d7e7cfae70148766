#include "gtest/gtest.h"
#include "resolver/engine.h"
#include "tests/support/allocation_count.h"
#include "tests/support/echo_server.h"

namespace mxscan {
namespace {

// Keeps a window of attempts open; where nothing came, it asks again.
class Asker final : public AttemptReceiver {
 public:
  Asker(Loop& loop, const Endpoint& upstream) : loop_(loop) {
    EngineOptions options;
    options.upstreams.push_back(upstream);
    options.seed = 1;
    engine_ = *Engine::Open(options, loop, *this);
  }

  void AskUntil(int64_t answered) {
    until_ = answered;
    for (int i = 0; i < kWindow; ++i) Ask();
    loop_.Run();
  }

  int64_t answered() const { return answered_; }

 private:
  static constexpr int kWindow = 200;

  void Ask() {
    AttemptRequest request{.name = name_};
    request.question = &question_;
    request.timeout = std::chrono::seconds(1);
    AttemptId id;
    ASSERT_TRUE(engine_->Start(request, &id));
  }

  void OnReply(AttemptId id, uint32_t, const Reply&) noexcept override {
    engine_->Release(id);
    if (++answered_ < until_) return Ask();
    loop_.Stop();
  }
  void OnSilence(AttemptId id, uint32_t) noexcept override {
    engine_->Release(id);
    Ask();
  }

  Loop& loop_;
  Name name_ = *Name::FromText("a.rather.usual.example.com");
  Question question_;
  std::unique_ptr<Engine> engine_;
  int64_t answered_ = 0;
  int64_t until_ = 0;
};

TEST(EngineAllocation, IsNoneOnceWarmOverAHundredThousandAttempts) {
  EchoServer server;
  Loop loop;
  Asker asker(loop, server.endpoint());
  asker.AskUntil(2000);
  const int64_t before = AllocationCount();
  ASSERT_GT(before, 0) << "nothing is counted";
  asker.AskUntil(102000);
  EXPECT_GE(asker.answered(), 102000);
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace mxscan
