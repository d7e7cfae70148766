// What the resolver itself costs, over an engine that answers at once and
// costs next to nothing: one item is one question, asked and answered.
// `allocations` are those per question once warm.

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "resolver/resolver_core.h"
#include "resolver/wire/query_writer.h"

namespace {
std::atomic<int64_t> allocations = 0;
}  // namespace

// Not inlined, for otherwise the compiler sees free() on what came from new.
[[gnu::noinline]] void* operator new(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

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
  const int64_t before = allocations;
  for (auto _ : state) turn();
  const auto items = static_cast<double>(state.iterations() * kBatch);
  state.counters["allocations"] =
      static_cast<double>(allocations - before) / items;
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BM_AskAndAnswer)->ArgName("cacheable")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mxscan
