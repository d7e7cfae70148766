// The engine and what it is made of. One item is one query, unless said.

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "bench/support/allocations_per_item.h"
#include "benchmark/benchmark.h"
#include "resolver/engine.h"
#include "resolver/in_flight.h"
#include "resolver/net/deadline_wheel.h"
#include "resolver/net/mailbox.h"
#include "resolver/random_bits.h"
#include "resolver/reply_rules.h"
#include "resolver/wire/query_writer.h"
#include "tests/support/echo_server.h"

namespace mxscan {
namespace {

double Micros(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 +
         static_cast<double>(time.tv_usec);
}

rusage UsageOfThisThread() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage;
}

// Keeps so many attempts open, and counts turns, each of which is one more
// system call: that which sleeps.
class Asker final : public AttemptReceiver, public TurnHook {
 public:
  Asker(Loop& loop, const Endpoint& upstream, int window)
      : loop_(loop), window_(window) {
    EngineOptions options;
    options.upstreams.push_back(upstream);
    options.seed = 1;
    engine_ = *Engine::Open(options, loop, *this);
    loop.AddTurnHook(*this);
  }

  void Answer(int64_t count) {
    left_ = count;
    while (open_ < window_) Ask();
    loop_.Run();
  }

  const EngineStats& stats() const { return engine_->stats(); }
  int64_t turns() const { return turns_; }
  int64_t silent() const { return silent_; }

 private:
  Nanos OnTurn(Nanos) noexcept override {
    ++turns_;
    return Nanos::max();
  }

  void Ask() {
    AttemptRequest request{.name = name_};
    request.question = &question_;
    request.timeout = std::chrono::milliseconds(200);
    AttemptId id;
    open_ += engine_->Start(request, &id);
  }

  void OnReply(AttemptId id, uint32_t, const Reply&) noexcept override {
    End(id);
    if (--left_ == 0) loop_.Stop();
  }
  void OnSilence(AttemptId id, uint32_t) noexcept override {
    ++silent_;
    End(id);
  }
  void End(AttemptId id) {
    engine_->Release(id);
    --open_;
    if (left_ > 0) Ask();
  }

  Loop& loop_;
  const int window_;
  Name name_ = *Name::FromText("a.rather.usual.example.com");
  Question question_;
  std::unique_ptr<Engine> engine_;
  int64_t left_ = 0;
  int64_t turns_ = 0;
  int64_t silent_ = 0;
  int open_ = 0;
};

// Arguments: attempts open at once, shortest turn in microseconds. Against a
// server in a thread of its own.
void BM_EngineOverLoopback(benchmark::State& state) {
  constexpr int64_t kQueries = 200000;
  EchoServer server;
  Loop loop;
  loop.SetShortestTurn(std::chrono::microseconds(state.range(1)));
  Asker asker(loop, server.endpoint(), static_cast<int>(state.range(0)));
  asker.Answer(20000);
  const EngineStats before = asker.stats();
  const int64_t turns = asker.turns();
  const rusage cpu_before = UsageOfThisThread();
  const AllocationsPerItem allocations(state);
  for (auto _ : state) asker.Answer(kQueries);
  const rusage cpu = UsageOfThisThread();
  const EngineStats& after = asker.stats();
  const auto sent = static_cast<double>(after.sent_udp - before.sent_udp);
  state.counters["user_us"] =
      (Micros(cpu.ru_utime) - Micros(cpu_before.ru_utime)) / sent;
  state.counters["sys_us"] =
      (Micros(cpu.ru_stime) - Micros(cpu_before.ru_stime)) / sent;
  state.counters["calls"] =
      static_cast<double>(after.send_calls - before.send_calls +
                          after.receive_calls - before.receive_calls +
                          asker.turns() - turns) /
      sent;
  state.counters["silent"] = static_cast<double>(asker.silent()) / sent;
  state.SetItemsProcessed(state.iterations() * kQueries);
}
BENCHMARK(BM_EngineOverLoopback)
    ->Args({100, 0})
    ->Args({2000, 0})
    ->Args({2000, 500})
    ->Args({8000, 0})
    ->Args({8000, 1000})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_RandomIdAndCase(benchmark::State& state) {
  RandomBits random(1);
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(random.Draw16());
    benchmark::DoNotOptimize(random.Draw64());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RandomIdAndCase);

// With 20,000 others open: take a slot, an id and a deadline; match; release.
void BM_InFlightOneAttempt(benchmark::State& state) {
  constexpr int kOpen = 20000;
  RandomBits random(1);
  InFlight in_flight(1 << 17, 8, random);
  std::vector<std::pair<int, uint16_t>> open(kOpen);
  Nanos now(0);
  const auto start = [&](int table) {
    Attempt& attempt = *in_flight.Add();
    attempt.timeout = std::chrono::seconds(1);
    in_flight.Bind(attempt, table);
    in_flight.MarkSent(attempt, now += Nanos(1000));
    return std::make_pair(table, attempt.id);
  };
  for (int i = 0; i < kOpen; ++i) open[i] = start(i % 8);
  int at = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    in_flight.Remove(*in_flight.Match(open[at].first, open[at].second));
    open[at] = start(at % 8);
    at = at + 1 == kOpen ? 0 : at + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_InFlightOneAttempt);

void BM_JudgeReply(benchmark::State& state) {
  Question question;
  question.name = *Name::FromText("a.rather.usual.example.com");
  std::vector<uint8_t> reply(kMaxQueryOctets);
  const QueryOptions options = {.id = 1, .case_mask = 0x123456789abcdef0};
  reply.resize(
      static_cast<size_t>(WriteQuery(question, options, reply.data())));
  reply[2] |= 0x80;
  const std::vector<uint8_t> sent(reply.begin() + 12, reply.end() - 11);
  const Asked asked = {sent, Protocol::kUdp};
  std::optional<Message> message;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(JudgeReply(asked, reply, false, message));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_JudgeReply);

// One item is one deadline: set, and cancelled before its time.
void BM_DeadlineWheel(benchmark::State& state) {
  constexpr uint32_t kEntries = 1 << 15;
  DeadlineWheel wheel(kEntries);
  Nanos now(0);
  uint32_t entry = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    wheel.Cancel(entry);
    wheel.Schedule(entry, now + std::chrono::seconds(1));
    entry = (entry + 1) % kEntries;
    now += Nanos(5000);
    uint32_t due;
    while (wheel.PopDue(now, &due)) {
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DeadlineWheel);

// One item is one message, in batches of 64 that nobody else wants.
void BM_Mailbox(benchmark::State& state) {
  Loop loop;
  Mailbox<uint64_t> mailbox(loop);
  std::vector<uint64_t> batch, taken;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    batch.resize(64, 1);
    mailbox.Post(batch);
    benchmark::DoNotOptimize(mailbox.Take(taken));
  }
  state.SetItemsProcessed(state.iterations() * 64);
}
BENCHMARK(BM_Mailbox);

}  // namespace
}  // namespace mxscan
