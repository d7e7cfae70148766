// FaultDealer says which faults befall one query: the rules that apply, by
// name, time, rate and chance. Its randomness is seeded, its time passed in.
//
// One thread; with several servers threads each has a dealer of its own, and
// the `after`, `times` and `qps` of rules count in each for itself.

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "scanner/demo/fault_rules.h"
#include "scanner/demo/query_reader.h"

namespace mxscan {

// What to do to the reply.
struct FaultPlan {
  uint32_t kinds = 0;  // A bit for each.
  Nanos delay{0};
  int forgeries = 0;
  int rcode = -1;
  int extended_error = -1;

  bool Has(FaultKind kind) const {
    return (kinds >> static_cast<int>(kind) & 1) != 0;
  }
  void Set(FaultKind kind) { kinds |= 1u << static_cast<int>(kind); }
};

class FaultDealer {
 public:
  // `share_seed` chooses the names that a `share` befalls; `seed` the rest.
  FaultDealer(std::vector<FaultRule> rules, uint64_t share_seed, uint64_t seed);

  // `server` is the index and address of the endpoint that was asked, `now`
  // the time since the server was first asked anything.
  FaultPlan Deal(const Query& query, int server_index, const Endpoint& server,
                 Protocol protocol, Nanos now);

  uint64_t Random() { return random_(); }

 private:
  // Tokens for one rule at one endpoint.
  struct Bucket {
    double tokens = 0;
    Nanos filled_at{-1};
  };
  struct State {
    FaultRule rule;
    int64_t matches = 0;
    std::vector<Bucket> buckets;  // By endpoint.
  };

  void Apply(State& state, int server_index, Nanos now, FaultPlan& plan);
  bool Holds(State& state, const Query& query, const Endpoint& server,
             Protocol protocol, Nanos now);
  bool Take(Bucket& bucket, double qps, Nanos now);
  bool Chance(double chance);

  std::vector<State> states_;
  std::vector<int> general_;  // Rules for many names, or for all.
  absl::flat_hash_map<std::string, std::vector<int>> by_name_;
  uint64_t share_seed_;
  std::mt19937_64 random_;
};

}  // namespace mxscan
