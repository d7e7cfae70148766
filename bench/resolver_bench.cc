// What the resolver itself costs, over an engine that answers at once and
// costs next to nothing: one item is one question, asked and answered.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "resolver/resolver_core.h"
#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

constexpr int kBatch = 64;

// Keeps what was started, and replies to it when told.
class InstantEngine final : public Engine, public Clock {
 public:
  bool Start(const AttemptRequest& request, AttemptId* id) override {
    *id = static_cast<AttemptId>(tokens_.size());
    tokens_.push_back(request.token);
    QueryOptions options;
    options.edns = false;
    packet_.resize(kMaxQueryOctets);
    packet_.resize(WriteQuery(*request.question, options, packet_.data()));
    packet_[2] |= 0x80;
    packet_[3] |= 0x83;  // RA, NXDOMAIN.
    return true;
  }
  void Release(AttemptId) override {}
  const EngineStats& stats() const override { return stats_; }
  int receive_buffer() const override { return 1 << 20; }
  int64_t replies_that_fit() const override { return 1 << 20; }
  int64_t wrong_replies(int) const override { return 0; }
  Nanos now() const override { return now_; }
  int64_t UnixMicros() const override { return 0; }

  void ReplyToAll(ResolverCore& core) {
    now_ += std::chrono::microseconds(200);
    const std::optional<Message> message = Message::Read(packet_);
    const Reply reply{Outcome::kAnswer, &*message,
                      std::chrono::microseconds(150), false, true};
    for (size_t i = 0; i < tokens_.size(); ++i) {
      core.OnReply(static_cast<AttemptId>(i), tokens_[i], reply);
    }
    tokens_.clear();
  }

 private:
  std::vector<uint32_t> tokens_;
  std::vector<uint8_t> packet_;
  Nanos now_ = std::chrono::seconds(1);
  EngineStats stats_;
};

class Counter final : public AnswerReceiver {
 public:
  void OnAnswer(uint64_t, const Answer&) noexcept override { ++answers; }
  int64_t answers = 0;
};

void BM_AskAndAnswer(benchmark::State& state) {
  ResolverOptions options;
  options.upstreams.resize(8);
  InstantEngine engine;
  ResolverCore core(options, engine);
  core.Connect(engine);
  Counter counter;
  std::vector<Question> questions(100000);  // More than memory holds.
  for (size_t i = 0; i < questions.size(); ++i) {
    questions[i].name = *Name::FromText(
        std::string("d").append(std::to_string(i)).append(".example"));
    questions[i].cacheable = state.range(0) != 0;
  }
  size_t next = 0;
  const auto turn = [&] {
    for (int i = 0; i < kBatch; ++i) {
      core.Ask(questions[next++ % questions.size()], counter, 0);
    }
    core.OnTurn(engine.now());
    engine.ReplyToAll(core);
  };
  for (int i = 0; i < 3000; ++i) turn();
  const AllocationsPerItem allocations(state);
  for (auto _ : state) turn();
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_AskAndAnswer)->ArgName("cacheable")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mxscan
