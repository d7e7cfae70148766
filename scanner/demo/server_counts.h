// What a name server was asked, and what it dealt out.
//
// Plain data.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "scanner/demo/fault_rules.h"

namespace mxscan {

struct ServerCounts {
  static constexpr int kOtherTypes = 256;

  int64_t queries = 0;  // Readable ones; by protocol:
  int64_t udp = 0;
  int64_t tcp = 0;
  int64_t edns = 0;
  int64_t malformed = 0;  // Queries that could not be read.
  int64_t replies = 0;    // Messages sent, forged and doubled ones too.
  int64_t tcp_connections = 0;
  int64_t overdue = 0;  // Delayed replies given up, for there were too many.
  // By type; the last is all those above 255.
  std::array<int64_t, kOtherTypes + 1> by_type{};
  std::array<int64_t, kFaultKindCount> faults{};
  // By name and type, `example.com MX`; only when asked for.
  std::map<std::string, int64_t> by_question;
  // Queries by endpoint and tenth of a second, by the kernel's clock as they
  // came, however late they were read; only when asked for.
  std::map<std::pair<int, int64_t>, int64_t> arrivals;

  // `at` is since 1970.
  void AddArrival(int endpoint, std::chrono::nanoseconds at);

  void Add(const ServerCounts& other);
};

// `MX`; by RFC 3597 (`TYPE99`) for types that are rare here.
std::string TypeWord(RrType type);

// The most that came within one tenth of a second, and within any ten of them
// running; at `endpoint`, or at all of them (-1).
struct Peaks {
  int64_t tenth = 0;
  int64_t second = 0;
};
Peaks PeaksOf(const ServerCounts& counts, int endpoint);

// One line of JSON, without what is zero among types and faults.
std::string ToJson(const ServerCounts& counts);

}  // namespace mxscan
