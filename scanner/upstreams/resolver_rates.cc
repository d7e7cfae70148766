#include "scanner/upstreams/resolver_rates.h"

#include <optional>

namespace mxscan {

std::vector<ResolverRate> RatesFor(absl::Span<const Endpoint> resolvers,
                                   double typed, const PublicResolvers& table) {
  if (typed > 0) {
    return std::vector<ResolverRate>(resolvers.size(), {typed, false});
  }
  std::vector<ResolverRate> rates;
  rates.reserve(resolvers.size());
  for (const std::optional<double>& polite : table.PoliteRates(resolvers)) {
    rates.push_back({polite.value_or(0), polite.has_value()});
  }
  return rates;
}

std::vector<double> QpsOf(const std::vector<ResolverRate>& rates) {
  std::vector<double> each;
  each.reserve(rates.size());
  for (const ResolverRate& rate : rates) each.push_back(rate.qps);
  return each;
}

}  // namespace mxscan
