// HostDirectory knows the addresses of hosts: A and AAAA are asked at once,
// each once per run, whichever shard wants them and however often. The host's
// hash names the shard that owns it; a foreign host's question and answer
// travel between shards in batches. What was learnt stays in a cache bounded
// by bytes (cache/host_cache.h): definitive answers for the run, failures for
// half a minute.
//
// One directory per shard, on that shard's thread; they know each other
// through a HostExchange, which is the only thing they share. A shard answers
// for the hosts it owns, so its loop must run until no shard has calls
// outstanding any more, and its directory lives until every loop has stopped.

#pragma once

#include <cstdint>
#include <memory>

#include "resolver/host.h"
#include "resolver/net/loop.h"
#include "resolver/resolver.h"
#include "resolver/wire/name.h"

namespace mxscan {

class HostReceiver {
 public:
  // `host` lives until the call returns. Never from inside Find.
  virtual void OnHost(uint64_t token, const Host& host) noexcept = 0;

 protected:
  ~HostReceiver() = default;
};

struct HostStats {
  int64_t wanted = 0;  // Calls of Find on this shard.
  int64_t asked = 0;   // Hosts that this shard asked the network for.
  int64_t cache_hits = 0;
  int64_t cache_entries = 0;
  int64_t messages = 0;  // To other shards.
};

// Where the shards' directories meet. Made once, before the shards; must
// outlive them. Any thread.
class HostExchange {
 public:
  // `seed` makes crafted collisions hard. REQUIRES: shards >= 1.
  explicit HostExchange(int shards, uint64_t seed = 0);
  ~HostExchange();

 private:
  friend class HostDirectory;
  struct State;
  std::unique_ptr<State> state_;
};

class HostDirectory {
 public:
  // Shard number `shard` of the exchange's. Everything must outlive it.
  HostDirectory(HostExchange& exchange, int shard, int64_t cache_bytes,
                Resolver& resolver, Loop& loop);
  ~HostDirectory();

  // `receiver` must outlive the answer, which comes exactly once.
  void Find(NameView name, HostReceiver& receiver, uint64_t token);

  // Calls of Find that are not yet answered, this shard's own.
  int outstanding() const;

  HostStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
