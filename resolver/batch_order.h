// BatchOrder puts queries that leave together in order: by upstream, and of
// one upstream by size, the largest first, for queries of one size to one
// server leave as one message (DatagramBatch, net/udp_port.h). First come,
// first served among equals.
//
// A batch knows few sizes and few upstreams that lie close together: they are
// counted, which takes no comparison that a processor would have to guess.
// One thread.

#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <numeric>

#include "absl/types/span.h"

namespace mxscan {

class BatchOrder {
 public:
  static constexpr int kCapacity = 256;

  // The next query of the batch. REQUIRES: size() < kCapacity.
  void Add(int upstream, int octets) {
    assert(size_ < kCapacity);
    upstreams_[size_] = upstream;
    sizes_[size_++] = -octets;
  }
  int size() const { return size_; }

  // The places of all in the batch, in order. Holds until this goes.
  // REQUIRES: size() > 0.
  absl::Span<const uint8_t> Sorted() {
    assert(size_ > 0);
    std::iota(order_.begin(), order_.begin() + size_, uint8_t{0});
    SortBy(sizes_);
    SortBy(upstreams_);
    return {order_.data(), static_cast<size_t>(size_)};
  }

 private:
  using Keys = std::array<int, kCapacity>;

  // Values that lie further apart are compared.
  static constexpr int kWidest = 512;

  // Keeps the order of those that have the same key.
  void SortBy(const Keys& keys) {
    int least = keys[0];
    int most = keys[0];
    for (int i = 1; i < size_; ++i) {
      least = std::min(least, keys[i]);
      most = std::max(most, keys[i]);
    }
    if (least == most) return;
    if (most - least < kWidest) return CountBy(keys, least, most);
    std::stable_sort(order_.begin(), order_.begin() + size_,
                     [&](uint8_t a, uint8_t b) { return keys[a] < keys[b]; });
  }

  void CountBy(const Keys& keys, int least, int most) {
    std::array<uint16_t, kWidest + 1> starts;
    std::fill_n(starts.begin(), most - least + 2, uint16_t{0});
    for (int i = 0; i < size_; ++i) ++starts[keys[i] - least + 1];
    for (int i = 1; i <= most - least; ++i) starts[i] += starts[i - 1];
    std::array<uint8_t, kCapacity> sorted;
    for (int i = 0; i < size_; ++i) {
      const uint8_t place = order_[i];
      sorted[starts[keys[place] - least]++] = place;
    }
    std::copy_n(sorted.begin(), size_, order_.begin());
  }

  Keys upstreams_;
  Keys sizes_;  // Below zero: the largest is the least.
  std::array<uint8_t, kCapacity> order_;
  int size_ = 0;
};

}  // namespace mxscan
