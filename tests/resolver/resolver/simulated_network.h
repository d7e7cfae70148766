// SimulatedNetwork is an Engine and a Clock for tests: servers are functions,
// time stands still until everything due has been handed out, and then jumps
// to what comes next.

#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string_view>
#include <vector>

#include "resolver/engine.h"
#include "resolver/resolver_core.h"

namespace mxscan {

// What a server sees.
struct SeenQuery {
  Question question;  // With the name asked.
  int upstream = 0;
  Protocol protocol = Protocol::kUdp;
  bool edns = true;
  bool mixed_case = true;
  Nanos at{};
};

// What it does: nothing at all, or one of these, after a while.
struct Reaction {
  Nanos delay = std::chrono::milliseconds(1);
  std::vector<uint8_t> packet;  // Empty: word that nobody listens there.
  bool case_preserved = true;
  bool garbage = false;  // What came does not parse.
};
using Reactions = std::vector<Reaction>;
using Server = std::function<Reactions(const SeenQuery&)>;

// A record in the answer section, unless it is a SOA.
struct Rr {
  std::string_view owner;
  RrType type;
  std::vector<uint8_t> rdata;
};

Rr A(std::string_view owner, uint8_t last_octet);
Rr Mx(std::string_view owner, std::string_view exchange);
Rr Cname(std::string_view owner, std::string_view target);
Rr Soa(std::string_view owner);

// A reply to `query`.
Reaction Say(const SeenQuery& query, std::initializer_list<Rr> records);
Reaction SayRcode(const SeenQuery& query, int rcode);
Reaction SayTruncated(const SeenQuery& query);
Reaction SayNobodyListens();
Reaction SayGarbage();

class SimulatedNetwork final : public Engine, public Clock {
 public:
  explicit SimulatedNetwork(std::vector<Server> servers)
      : servers_(std::move(servers)) {}

  // Turns until `core` has answered everything, or `limit` is reached.
  void Run(ResolverCore& core, Nanos limit = std::chrono::hours(1));

  // Lets time pass in which nothing happens.
  void Advance(Nanos time) { now_ += time; }

  std::vector<SeenQuery> queries;  // All that left, in order.
  size_t most_alive = 1 << 20;
  int64_t fitting = 1 << 20;
  // Replies that the kernel dropped, for the resolver to notice.
  void Drop(int64_t replies) { stats_.kernel_drops += replies; }
  size_t alive() const { return attempts_.size(); }
  int largest_burst = 0;  // Queries at one moment.

  bool Start(const AttemptRequest& request, AttemptId* id) override;
  void Release(AttemptId id) override;
  const EngineStats& stats() const override { return stats_; }
  int receive_buffer() const override { return 1 << 20; }
  int64_t replies_that_fit() const override { return fitting; }
  int64_t wrong_replies(int upstream) const override { return 10 + upstream; }

  Nanos now() const override { return now_; }
  int64_t UnixMicros() const override {
    return 1'000'000'000'000'000 + now_ / std::chrono::microseconds(1);
  }

 private:
  struct Attempt {
    uint32_t token;
    Nanos sent;
    bool silent = false;
  };
  struct Event {
    AttemptId id;
    bool silence;
    Reaction reaction;
  };

  void HandOut(ResolverCore& core);
  void HandOut(ResolverCore& core, const Event& event);

  std::vector<Server> servers_;
  Nanos now_ = std::chrono::seconds(1);
  uint32_t last_id_ = 0;
  int burst_ = 0;
  std::map<AttemptId, Attempt> attempts_;
  std::multimap<Nanos, Event> events_;
  EngineStats stats_;
};

}  // namespace mxscan
