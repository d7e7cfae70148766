// Memory that is needed soon, fetched while other work goes on: with tens of
// thousands of questions under way, what an answer touches has long left the
// processor's caches.

#pragma once

#include <cstddef>
#include <cstdint>

namespace mxscan {

// Of one thing after another, the address of each being found in the one
// before it, so many are fetched ahead.
inline constexpr int kForeseeSteps = 3;

// Has the processor fetch `octets` from `at` on, and does not wait for them.
inline void FetchMemory(const void* at, size_t octets) {
  constexpr size_t kCacheLine = 64;
  const auto* const begin = static_cast<const uint8_t*>(at);
  for (size_t i = 0; i < octets; i += kCacheLine) {
    __builtin_prefetch(begin + i);
  }
}

}  // namespace mxscan
