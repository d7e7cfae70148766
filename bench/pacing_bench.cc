// What deciding costs: one item is one query that asks to leave, or one that
// left and was answered.

#include <benchmark/benchmark.h>

#include <chrono>

#include "bench/support/allocations_per_item.h"
#include "resolver/pacing/pacer.h"
#include "resolver/pacing/rate_governor.h"
#include "resolver/pacing/retry_policy.h"
#include "resolver/pacing/round_trip.h"

namespace mxscan {
namespace {

void BM_PacerTake(benchmark::State& state) {
  Pacer pacer(std::chrono::microseconds(1), /*burst=*/1000);
  std::chrono::nanoseconds now(0);
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    now += std::chrono::nanoseconds(900);
    benchmark::DoNotOptimize(pacer.Take(now));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_PacerTake);

void BM_SendAndAnswer(benchmark::State& state) {
  RateGovernor governor(20000);
  RoundTrip round_trip(std::chrono::seconds(1));
  std::chrono::nanoseconds now(0);
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    now += std::chrono::microseconds(2);
    if (governor.MaySend(now)) {
      const auto ticket = governor.OnSent(now, RateGovernor::Try::kFirst);
      governor.OnAnswer(ticket, std::chrono::microseconds(300));
    }
    round_trip.Sample(std::chrono::microseconds(300));
    governor.Tick(now, round_trip);
    benchmark::DoNotOptimize(round_trip.TimeoutAfter(0));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SendAndAnswer);

void BM_Decide(benchmark::State& state) {
  int i = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    AttemptEnd end;
    end.outcome = static_cast<Outcome>(i++ % 11);
    Failures failures = {.spoken = i % 6};
    benchmark::DoNotOptimize(Decide(end, {}, failures));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Decide);

}  // namespace
}  // namespace mxscan
