#include "resolver/host_directory.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstring>
#include <utility>
#include <vector>

#include "resolver/cache/hash_index.h"
#include "resolver/cache/host_cache.h"
#include "resolver/cache/packed_host.h"
#include "resolver/net/mailbox.h"
#include "resolver/slots.h"

namespace mxscan {
namespace {

// Hosts of other shards are kept too, but few: the hot ones.
constexpr int64_t kMostBorrowed = 8 << 20;
// A shard that has not come up yet is tried again this soon.
constexpr Nanos kSoon = std::chrono::milliseconds(1);

// Mail between shards is a run of octets, so that mailboxes hand on nothing
// but flat memory: this, then a PackedHost (of a request only the name), up
// to a multiple of eight.
struct Mail {
  uint32_t size;    // Of the whole.
  uint32_t ticket;  // The asking shard's.
  uint32_t from;
  uint32_t is_reply;

  PackedHost& host() { return *reinterpret_cast<PackedHost*>(this + 1); }
};
static_assert(sizeof(Mail) % 8 == 0);

using MailBatch = std::vector<uint8_t>;
using MailBox = Mailbox<uint8_t>;

void Append(MailBatch& batch, Mail mail, const Host& host) {
  const size_t size = sizeof(Mail) + PackedHost::SizeOf(host);
  mail.size = static_cast<uint32_t>((size + 7) / 8 * 8);
  const size_t at = batch.size();
  batch.resize(at + mail.size);
  auto& placed = *reinterpret_cast<Mail*>(&batch[at]);
  placed = mail;
  placed.host().Pack(host);
}

// Who wants a host: a receiver here, or another shard.
struct HostWaiter {
  HostReceiver* receiver = nullptr;
  uint64_t token = 0;
  int shard = 0;        // Where there is no receiver.
  uint32_t ticket = 0;  // That shard's.
  uint32_t next = kNoSlot;
};

// A host on its way.
struct Wanted {
  uint32_t tag = 0;
  int missing = 0;  // Answers that are still to come.
  HostFamily a, aaaa;
  HostAddresses addresses;
  HostWaiter first;
  Name name;  // Names last, so that short ones lie with the rest.
  Name end;

  Host view() const {
    Host host{name, end, a, aaaa};
    host.a.addresses = addresses.a;
    host.aaaa.addresses = addresses.aaaa;
    return host;
  }
};

void TakeAddresses(const Answer& answer, IpAddress::Family family,
                   std::vector<IpAddress>& out) {
  const size_t octets = family == IpAddress::Family::kV4 ? 4 : 16;
  out.clear();
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record) || record.rdata.size() != octets) continue;
    IpAddress& address = out.emplace_back();
    address.family = family;
    std::memcpy(address.octets.data(), record.rdata.data(), octets);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace

struct HostExchange::State {
  explicit State(int shards, uint64_t hash_seed)
      : seed(hash_seed), mailboxes(shards), published(shards) {}

  uint64_t seed;
  std::vector<std::unique_ptr<MailBox>> mailboxes;
  std::vector<std::atomic<MailBox*>> published;
};

HostExchange::HostExchange(int shards, uint64_t seed)
    : state_(std::make_unique<State>(shards, seed)) {}

HostExchange::~HostExchange() = default;

struct HostDirectory::State final : AnswerReceiver {
  // Comes after the resolver's hook, so that what its answers settle is
  // delivered in the same turn ...
  struct Work final : TurnHook {
    explicit Work(State& directory) : state(directory) {}
    Nanos OnTurn(Nanos) noexcept override { return state.OnWork(); }
    State& state;
  };
  // ... and mail leaves when nobody adds to it any more.
  struct Send final : TurnHook {
    explicit Send(State& directory) : state(directory) {}
    Nanos OnTurn(Nanos now) noexcept override { return state.OnSend(now); }
    State& state;
  };

  State(HostExchange::State& exchange_state, int shard_number, int64_t bytes,
        Resolver& the_resolver, Loop& the_loop);

  void Find(NameView name, HostWaiter waiter);
  bool Load(uint32_t slot);
  void Ask(uint32_t slot);
  void Complete(uint32_t slot);
  void Deliver(const HostWaiter& waiter, const Host& host);
  void Read(Mail& mail);
  void OnAnswer(uint64_t token, const Answer& answer) noexcept override;
  Nanos OnWork();
  Nanos OnSend(Nanos now);

  int OwnerOf(uint64_t hash) const {
    return static_cast<int>((hash >> 32) % exchange.mailboxes.size());
  }
  int OwnerOf(NameView name) const { return OwnerOf(name.Hash(exchange.seed)); }

  HostExchange::State& exchange;
  const int shard;
  Resolver& resolver;
  Loop& loop;
  HostCache own;
  HostCache borrowed;
  Slots<Wanted> wanted;
  Slots<HostWaiter> waiters;
  HashIndex index;  // Of wanted hosts.
  std::vector<uint32_t> known;
  std::vector<uint32_t> delivering;
  MailBatch inbox;
  std::vector<MailBatch> outboxes;  // By shard.
  Work work;
  Send send;
  int outstanding = 0;
  HostStats stats;
};

HostDirectory::State::State(HostExchange::State& exchange_state,
                            int shard_number, int64_t bytes,
                            Resolver& the_resolver, Loop& the_loop)
    : exchange(exchange_state),
      shard(shard_number),
      resolver(the_resolver),
      loop(the_loop),
      own(bytes, exchange_state.seed),
      borrowed(std::min(bytes / 8, kMostBorrowed), exchange_state.seed),
      outboxes(exchange_state.mailboxes.size()),
      work(*this),
      send(*this) {
  assert(exchange.mailboxes[shard] == nullptr);
  exchange.mailboxes[shard] = std::make_unique<MailBox>(loop);
  exchange.published[shard].store(exchange.mailboxes[shard].get(),
                                  std::memory_order_release);
  loop.AddTurnHook(work, TurnPhase::kWork);
  loop.AddTurnHook(send, TurnPhase::kSend);
}

void HostDirectory::State::Find(NameView name, HostWaiter waiter) {
  const uint64_t hash = name.Hash(exchange.seed);
  const auto tag = static_cast<uint32_t>(hash);
  uint32_t slot = index.Find(
      tag, [&](uint32_t i) { return wanted[i].name.view() == name; });
  if (slot != HashIndex::kNone) {
    HostWaiter& first = wanted[slot].first;
    waiter.next = first.next;
    first.next = waiters.Take();
    waiters[first.next] = waiter;
    return;
  }
  slot = wanted.Take();
  Wanted& host = wanted[slot];
  host.name = host.end = Name(name);
  host.tag = tag;
  host.first = waiter;
  index.Insert(tag, slot);
  if (Load(slot)) {
    if (waiter.receiver != nullptr) ++stats.cache_hits;
    known.push_back(slot);
    return;
  }
  if (OwnerOf(hash) == shard) return Ask(slot);
  Append(outboxes[OwnerOf(hash)],
         {.size = 0,
          .ticket = slot,
          .from = static_cast<uint32_t>(shard),
          .is_reply = 0},
         Host{name, name, {}, {}});
  ++stats.messages;
}

// Fills the slot from what is known already; false when nothing is.
bool HostDirectory::State::Load(uint32_t slot) {
  Wanted& host = wanted[slot];
  HostCache& cache = OwnerOf(host.name) == shard ? own : borrowed;
  Host found;
  if (!cache.Find(host.name, loop.now(), found)) return false;
  host.end = Name(found.end);
  host.a = found.a;
  host.aaaa = found.aaaa;
  host.addresses.a.assign(found.a.addresses.begin(), found.a.addresses.end());
  host.addresses.aaaa.assign(found.aaaa.addresses.begin(),
                             found.aaaa.addresses.end());
  return true;
}

void HostDirectory::State::Ask(uint32_t slot) {
  ++stats.asked;
  Wanted& host = wanted[slot];
  host.missing = 2;
  Question question;
  question.name = host.name;
  // Shared and remembered here, not by the resolver as well.
  question.cacheable = false;
  question.type = RrType::kA;
  resolver.Ask(question, *this, uint64_t{slot} * 2);
  question.type = RrType::kAaaa;
  resolver.Ask(question, *this, uint64_t{slot} * 2 + 1);
}

void HostDirectory::State::OnAnswer(uint64_t token,
                                    const Answer& answer) noexcept {
  const auto slot = static_cast<uint32_t>(token / 2);
  const bool is_a = token % 2 == 0;
  Wanted& host = wanted[slot];
  HostFamily& family = is_a ? host.a : host.aaaa;
  const HostFamily& other = is_a ? host.aaaa : host.a;
  family.outcome = answer.outcome();
  family.authenticated = answer.header().authenticated;
  TakeAddresses(answer, is_a ? IpAddress::Family::kV4 : IpAddress::Family::kV6,
                is_a ? host.addresses.a : host.addresses.aaaa);
  // Both families have the same chain, but a lookup may have failed half-way
  // down: the one that was settled knows its end.
  const bool first = host.missing == 2;
  if (first || (IsDefinitive(family.outcome) && !IsDefinitive(other.outcome)) ||
      host.end.view() == host.name.view()) {
    host.end = Name(answer.end());
  }
  if (--host.missing > 0) return;
  own.Insert(host.view(), loop.now());
  Complete(slot);
}

void HostDirectory::State::Complete(uint32_t slot) {
  index.Erase(wanted[slot].tag, slot);
  const Host host = wanted[slot].view();
  HostWaiter waiter = wanted[slot].first;
  for (;;) {
    Deliver(waiter, host);
    const uint32_t next = waiter.next;
    if (next == kNoSlot) break;
    waiter = waiters[next];
    waiters.GiveBack(next);
  }
  wanted.GiveBack(slot);
}

void HostDirectory::State::Deliver(const HostWaiter& waiter, const Host& host) {
  if (waiter.receiver != nullptr) {
    --outstanding;
    return waiter.receiver->OnHost(waiter.token, host);
  }
  ++stats.messages;
  Append(outboxes[waiter.shard],
         {.size = 0,
          .ticket = waiter.ticket,
          .from = static_cast<uint32_t>(shard),
          .is_reply = 1},
         host);
}

void HostDirectory::State::Read(Mail& mail) {
  if (mail.is_reply == 0) {
    HostWaiter waiter;
    waiter.shard = static_cast<int>(mail.from);
    waiter.ticket = mail.ticket;
    return Find(mail.host().name(), waiter);
  }
  Wanted& host = wanted[mail.ticket];
  Host found;
  mail.host().Unpack(host.addresses, found);
  host.end = Name(found.end);
  host.a = found.a;
  host.aaaa = found.aaaa;
  borrowed.Insert(host.view(), loop.now());
  Complete(mail.ticket);
}

Nanos HostDirectory::State::OnWork() {
  if (exchange.mailboxes[shard]->Take(inbox)) {
    for (size_t at = 0; at < inbox.size();) {
      auto& mail = *reinterpret_cast<Mail*>(&inbox[at]);
      at += mail.size;
      Read(mail);
    }
  }
  // What a receiver asks for from inside waits for the next turn.
  delivering.swap(known);
  for (uint32_t slot : delivering) Complete(slot);
  delivering.clear();
  return Nanos::max();
}

Nanos HostDirectory::State::OnSend(Nanos now) {
  Nanos wake = known.empty() ? Nanos::max() : now;
  for (size_t i = 0; i < outboxes.size(); ++i) {
    if (outboxes[i].empty()) continue;
    auto* const mailbox = exchange.published[i].load(std::memory_order_acquire);
    if (mailbox != nullptr) {
      mailbox->Post(outboxes[i]);
    } else {
      wake = std::min(wake, now + kSoon);
    }
  }
  return wake;
}

HostDirectory::HostDirectory(HostExchange& exchange, int shard,
                             int64_t cache_bytes, Resolver& resolver,
                             Loop& loop)
    : state_(std::make_unique<State>(*exchange.state_, shard, cache_bytes,
                                     resolver, loop)) {}

HostDirectory::~HostDirectory() = default;

void HostDirectory::Find(NameView name, HostReceiver& receiver,
                         uint64_t token) {
  ++state_->stats.wanted;
  ++state_->outstanding;
  HostWaiter waiter;
  waiter.receiver = &receiver;
  waiter.token = token;
  state_->Find(name, waiter);
}

int HostDirectory::outstanding() const { return state_->outstanding; }

HostStats HostDirectory::stats() const {
  HostStats stats = state_->stats;
  stats.cache_entries = static_cast<int64_t>(state_->own.size());
  return stats;
}

}  // namespace mxscan
