// The main of every benchmark, and what all of them are measured by.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

namespace mxscan {
namespace {

// One item is what the figures of bench/compare are multiples of: a step of
// arithmetic and a look into memory that fits the second cache, each waiting
// for the one before. Machines differ less in the ratio of two programs than
// in either.
void BM_Yardstick(benchmark::State& state) {
  constexpr uint32_t kWords = 1 << 16;
  std::vector<uint32_t> words(kWords);
  for (uint32_t i = 0; i < kWords; ++i) words[i] = i * 2654435761u;
  uint32_t at = 1;
  for (auto _ : state) {
    for (int i = 0; i < 1000; ++i) {
      at = words[at % kWords] * 2246822519u + (at >> 15);
    }
    benchmark::DoNotOptimize(at);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(BM_Yardstick);

}  // namespace
}  // namespace mxscan

BENCHMARK_MAIN();
