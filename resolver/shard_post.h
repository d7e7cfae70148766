// ShardPost carries questions and answers between the shards of a run, each of
// which owns a part of what there is to know: the hash of a name says whose it
// is. What others own is asked of them, in batches, as flat memory; so a thing
// is looked up once per run, whichever shard wants it.
//
// A PostOffice is where the posts of all shards meet, one for each kind of
// thing that is asked about. A shard answers for what it owns, so its loop must
// run until no shard waits for anything any more, and its post lives until
// every loop has stopped.
//
// A post belongs to the thread of its loop; an office to any.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "resolver/net/loop.h"
#include "resolver/net/mailbox.h"

namespace mxscan {

// Made once, before the shards; must outlive them.
class PostOffice {
 public:
  // `seed` makes crafted collisions hard. REQUIRES: shards >= 1.
  explicit PostOffice(int shards, uint64_t seed = 0)
      : seed_(seed), mailboxes_(shards), published_(shards) {}

  uint64_t seed() const { return seed_; }
  int shards() const { return static_cast<int>(mailboxes_.size()); }

  // Which shard owns what has this hash.
  int OwnerOf(uint64_t hash) const {
    return static_cast<int>((hash >> 32) % mailboxes_.size());
  }

 private:
  friend class ShardPost;
  using Box = Mailbox<uint8_t>;

  const uint64_t seed_;
  std::vector<std::unique_ptr<Box>> mailboxes_;
  std::vector<std::atomic<Box*>> published_;
};

// A message: this, and what its sender wrote behind it. Aligned to eight.
struct Mail {
  uint32_t size;    // Of the whole, a multiple of eight.
  uint32_t ticket;  // The asking shard's own number for its question.
  uint32_t from;    // A shard.
  uint32_t is_reply;

  uint8_t* body() { return reinterpret_cast<uint8_t*>(this + 1); }
};
static_assert(sizeof(Mail) % 8 == 0);

class ShardPost final : TurnHook {
 public:
  // That of shard number `shard`. Both must outlive it. What a turn writes
  // leaves at its end, when nobody adds to it any more.
  ShardPost(PostOffice& office, int shard, Loop& loop);

  // Room for a question's, or an answer's, `octets` to `shard`: to be filled at
  // once.
  uint8_t* Ask(int shard, uint32_t ticket, size_t octets) {
    return Append(shard, {0, ticket, shard_, 0}, octets);
  }
  uint8_t* Reply(int shard, uint32_t ticket, size_t octets) {
    return Append(shard, {0, ticket, shard_, 1}, octets);
  }

  // Calls `read(Mail&)` for everything that has come. The mail stays where it
  // is until the next call, whatever `read` writes to others.
  template <typename Read>
  void ReadAll(Read read) {
    if (!office_.mailboxes_[shard_]->Take(inbox_)) return;
    for (size_t at = 0; at < inbox_.size();) {
      auto& mail = *reinterpret_cast<Mail*>(&inbox_[at]);
      at += mail.size;
      read(mail);
    }
  }

  int64_t sent() const { return sent_; }  // Messages.

 private:
  uint8_t* Append(int shard, Mail mail, size_t octets);
  Nanos OnTurn(Nanos now) noexcept override;

  PostOffice& office_;
  const uint32_t shard_;
  std::vector<uint8_t> inbox_;
  std::vector<std::vector<uint8_t>> outboxes_;  // By shard.
  bool unsent_ = false;                         // Something is in one.
  int64_t sent_ = 0;
};

}  // namespace mxscan
