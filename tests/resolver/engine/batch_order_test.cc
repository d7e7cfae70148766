#include "resolver/batch_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace mxscan {
namespace {

using Query = std::pair<int, int>;  // Its upstream and its octets.

std::vector<int> Sorted(const std::vector<Query>& queries) {
  BatchOrder order;
  for (const auto& [upstream, octets] : queries) order.Add(upstream, octets);
  const absl::Span<const uint8_t> sorted = order.Sorted();
  return {sorted.begin(), sorted.end()};
}

// What Sorted promises, said as plainly as can be.
std::vector<int> SortedByComparing(const std::vector<Query>& queries) {
  std::vector<int> order(queries.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return std::pair(queries[a].first, -queries[a].second) <
           std::pair(queries[b].first, -queries[b].second);
  });
  return order;
}

TEST(BatchOrder, PutsTheLargestOfAnUpstreamFirstAndEqualsAsTheyCame) {
  EXPECT_THAT(Sorted({{1, 40}, {0, 40}, {1, 60}, {0, 40}, {1, 40}}),
              testing::ElementsAre(1, 3, 2, 0, 4));
  EXPECT_THAT(Sorted({{7, 40}}), testing::ElementsAre(0));
}

TEST(BatchOrder, OrdersAnyBatchHoweverFarItsUpstreamsLieApart) {
  std::minstd_rand random(3);
  for (const int upstreams : {1, 2, 8, 300, 511, 512, 513, 60'000}) {
    for (int round = 0; round < 50; ++round) {
      std::vector<Query> queries(1 + random() % BatchOrder::kCapacity);
      for (auto& [upstream, octets] : queries) {
        upstream = static_cast<int>(random() % upstreams);
        octets = 28 + static_cast<int>(random() % 255);
      }
      ASSERT_EQ(Sorted(queries), SortedByComparing(queries)) << upstreams;
    }
  }
}

}  // namespace
}  // namespace mxscan
