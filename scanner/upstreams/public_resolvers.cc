#include "scanner/upstreams/public_resolvers.h"

#include <array>
#include <charconv>
#include <utility>

#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 5> kColumns = {"address", "operator",
                                                      "rate", "source", "date"};

// Far above what any public resolver allows one client.
constexpr int kMaxRate = 1'000'000;

std::optional<double> ReadRate(std::string_view text) {
  int rate = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, rate);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  if (rate < 1 || rate > kMaxRate) return std::nullopt;
  return rate;
}

std::string Quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

absl::StatusOr<PublicResolvers> PublicResolvers::Parse(std::string_view name,
                                                       std::string_view text) {
  const absl::StatusOr<TsvFile> file = TsvFile::Parse(name, text, kColumns);
  if (!file.ok()) return file.status();
  PublicResolvers table;
  std::map<std::string_view, double> rates;  // Of operators.
  for (const TsvRow& row : file->rows) {
    const std::string_view operator_name = row.fields[1];
    const auto address = IpAddress::FromText(row.fields[0]);
    if (!address.has_value()) {
      return TsvError(name, row.line,
                      Quoted(row.fields[0]) +
                          " is no address; write an IPv4 "
                          "or IPv6 address without a port");
    }
    const std::optional<double> rate = ReadRate(row.fields[2]);
    if (operator_name.empty() || !rate.has_value()) {
      return TsvError(name, row.line,
                      "an operator, and a rate from 1 to 1000000 queries per "
                      "second, are needed");
    }
    if (rates.try_emplace(operator_name, *rate).first->second != *rate) {
      return TsvError(name, row.line,
                      "another rate than above for " + Quoted(operator_name) +
                          "; an operator has one for all its addresses");
    }
    const bool is_new =
        table.resolvers_
            .try_emplace(*address,
                         PublicResolver{std::string(operator_name), *rate})
            .second;
    if (!is_new) {
      return TsvError(name, row.line,
                      Quoted(row.fields[0]) + " stands in the table already");
    }
  }
  return table;
}

const PublicResolver* PublicResolvers::Find(const IpAddress& address) const {
  const auto found = resolvers_.find(address);
  return found == resolvers_.end() ? nullptr : &found->second;
}

std::optional<double> PublicResolvers::PoliteRateOf(
    const IpAddress& address) const {
  const PublicResolver* resolver = Find(address);
  if (resolver == nullptr) return std::nullopt;
  return resolver->polite_rate;
}

std::vector<std::optional<double>> PublicResolvers::PoliteRates(
    absl::Span<const Endpoint> upstreams) const {
  std::map<std::string_view, int> sharers;  // By operator.
  for (const Endpoint& upstream : upstreams) {
    const PublicResolver* resolver = Find(upstream.address);
    if (resolver != nullptr) ++sharers[resolver->operator_name];
  }
  std::vector<std::optional<double>> rates;
  for (const Endpoint& upstream : upstreams) {
    const PublicResolver* resolver = Find(upstream.address);
    if (resolver == nullptr) {
      rates.push_back(std::nullopt);
    } else {
      rates.push_back(resolver->polite_rate / sharers[resolver->operator_name]);
    }
  }
  return rates;
}

}  // namespace mxscan
