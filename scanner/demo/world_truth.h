// What a scan of the generated world must say: the one true row of each of its
// domains, as plain data and as NDJSON in the scan's own column names. Only
// columns that the world decides are here; no provider, no timing.
//
// Any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolver/address.h"
#include "scanner/demo/world.h"
#include "scanner/facts.h"

namespace mxscan {

struct TrueExchange {
  int32_t preference = 0;
  std::string exchange;  // "." for the null exchange.
  int64_t ttl = 0;
  HostState state = HostState::kNotQueried;
  std::optional<std::string> alias;
  std::vector<IpAddress> addresses;  // In order.
  bool a_unknown = false;
  bool aaaa_unknown = false;
};

struct TrueRow {
  std::string domain;
  DomainStatus status = DomainStatus::kOk;
  std::optional<std::string> alias;
  std::vector<TrueExchange> mx;  // By (preference, exchange).
  // The domain's own, in order; only where they are asked for.
  std::optional<std::vector<IpAddress>> addresses;
};

// REQUIRES: i < world.size().
TrueRow TruthOf(const World& world, uint64_t i);

// Appends one line: line, domain, status, mx_count, alias, mx, addresses. A
// domain without exchanges has an empty `mx`, also where nothing was learnt.
void AppendNdjson(int64_t line, const TrueRow& row, std::string& out);

}  // namespace mxscan
