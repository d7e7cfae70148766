// AllocationsPerItem adds to a benchmark's counters how often operator new was
// called for each item of its loop:
//
//   const AllocationsPerItem allocations(state);
//   for (auto _ : state) ...
//   state.SetItemsProcessed(state.iterations());

#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>

#include "tests/support/allocation_count.h"

namespace mxscan {

class AllocationsPerItem {
 public:
  // `state` must outlive this.
  explicit AllocationsPerItem(benchmark::State& state)
      : state_(state), before_(AllocationCount()) {}

  ~AllocationsPerItem() {
    const auto count = static_cast<double>(AllocationCount() - before_);
    const int64_t items =
        std::max<int64_t>(state_.items_processed(), state_.iterations());
    state_.counters["allocs"] = count / static_cast<double>(items);
  }

  AllocationsPerItem(const AllocationsPerItem&) = delete;
  AllocationsPerItem& operator=(const AllocationsPerItem&) = delete;

 private:
  benchmark::State& state_;
  const int64_t before_;
};

}  // namespace mxscan
