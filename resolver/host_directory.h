// HostDirectory knows the addresses of hosts: A and AAAA are asked at once,
// each once per run, whichever shard wants them and however often: the shard
// that owns a host, by its name's hash, looks it up (shard_post.h). What was
// learnt stays in a cache bounded by bytes (cache/host_cache.h): definitive
// answers for the run, failures for half a minute.
//
// One directory per shard, on that shard's thread; they share a PostOffice and
// nothing else.

#pragma once

#include <cstdint>
#include <memory>

#include "resolver/host.h"
#include "resolver/net/loop.h"
#include "resolver/resolver.h"
#include "resolver/shard_post.h"
#include "resolver/wire/name.h"

namespace mxscan {

class HostReceiver {
 public:
  // `host` lives until the call returns. Never from inside Find.
  virtual void OnHost(uint64_t token, const Host& host) noexcept = 0;

  // As AnswerReceiver::Foresee, with a step less.
  virtual void Foresee(uint64_t, int) const noexcept {}

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

class HostDirectory {
 public:
  // Shard number `shard` of those of `office`, which is for hosts alone.
  // Everything must outlive it.
  HostDirectory(PostOffice& office, int shard, int64_t cache_bytes,
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
