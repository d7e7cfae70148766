// PublicResolvers holds data/public_resolvers.tsv: well-known public recursive
// resolvers, one address a row,
//   address  operator  rate  source  date
// and how many queries per second one client may send them. Operators count
// clients, so that a rate is for all addresses of an operator together; every
// row of an operator has the same. Read once, then only read: any thread.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/address.h"

namespace mxscan {

struct PublicResolver {
  std::string operator_name;
  double polite_rate = 0;  // Queries per second, above 0.
};

class PublicResolvers {
 public:
  // `name` is what errors call the file. Fails with `name:line: reason`.
  static absl::StatusOr<PublicResolvers> Parse(std::string_view name,
                                               std::string_view text);

  // nullptr for an address that is not in the table.
  const PublicResolver* Find(const IpAddress& address) const;

  // For an upstream that is asked alone.
  std::optional<double> PoliteRateOf(const IpAddress& address) const;

  // The rate for each of `upstreams` when all of them are asked: addresses of
  // one operator share its rate alike, whatever their ports and families.
  // nullopt for those that are not in the table.
  std::vector<std::optional<double>> PoliteRates(
      absl::Span<const Endpoint> upstreams) const;

  int size() const { return static_cast<int>(resolvers_.size()); }

 private:
  std::map<IpAddress, PublicResolver> resolvers_;
};

}  // namespace mxscan
