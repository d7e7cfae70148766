// AnswerDirectory knows the answers that several domains want: the record that
// an SPF policy includes, a TLSA record, the SOA of a domain. Each question is
// asked once per run, whichever shard wants it and however often: the shard
// that owns it, by the hash of its name and type, asks (shard_post.h). Answers
// stay in a cache bounded by bytes: definitive ones for the run, failures for
// half a minute.
//
// (Addresses of hosts have a directory of their own, host_directory.h, whose
// entries are smaller; names that only one domain wants are the resolver's.)
//
// One directory per shard, on that shard's thread; they share a PostOffice and
// nothing else.

#pragma once

#include <cstdint>
#include <memory>

#include "resolver/answer.h"
#include "resolver/net/loop.h"
#include "resolver/question.h"
#include "resolver/resolver.h"
#include "resolver/shard_post.h"

namespace mxscan {

struct AnswerStats {
  int64_t wanted = 0;  // Calls of Ask on this shard.
  int64_t asked = 0;   // Questions that this shard asked the network.
  int64_t cache_hits = 0;
  int64_t messages = 0;  // To other shards.
};

class AnswerDirectory {
 public:
  // Shard number `shard` of those of `office`, which is for answers alone.
  // Everything must outlive it.
  AnswerDirectory(PostOffice& office, int shard, int64_t cache_bytes,
                  Resolver& resolver, Loop& loop);
  ~AnswerDirectory();

  // `receiver` must outlive the answer, which comes exactly once and never from
  // inside Ask. Of the question, name, type and the flags DO and CD count.
  void Ask(const Question& question, AnswerReceiver& receiver, uint64_t token);

  // Calls of Ask that are not yet answered, this shard's own.
  int outstanding() const;

  AnswerStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mxscan
