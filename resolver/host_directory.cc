#include "resolver/host_directory.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "resolver/cache/host_cache.h"
#include "resolver/cache/packed_host.h"
#include "resolver/foresight.h"
#include "resolver/wanted_things.h"

namespace mxscan {
namespace {

// Hosts of other shards are kept too, but few: the hot ones.
constexpr int64_t kMostBorrowed = 8 << 20;

using HostWaiter = ThingWaiter<HostReceiver>;

// A host on its way.
struct Wanted {
  uint32_t tag = 0;  // As the caches have it: they share the office's seed.
  int owner = 0;     // The shard that asks for it.
  int missing = 0;   // Answers that are still to come.
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

// So much of it is read when an answer comes: all but the ends of long names.
constexpr size_t kWantedOctets = offsetof(Wanted, name) + 48;

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

struct HostDirectory::State final : AnswerReceiver {
  State(PostOffice& the_office, int shard_number, int64_t bytes,
        Resolver& the_resolver, Loop& the_loop);

  HostCache& CacheFor(const Wanted& host) {
    return host.owner == shard ? own : borrowed;
  }
  void Find(NameView name, HostWaiter waiter);
  void LookUp();
  void LookUpOne(uint32_t slot);
  bool Load(Wanted& host);
  void Ask(uint32_t slot);
  void Complete(uint32_t slot);
  void Deliver(const HostWaiter& waiter, const Host& host);
  void Read(Mail& mail);
  void OnAnswer(uint64_t token, const Answer& answer) noexcept override;
  void Foresee(uint64_t token, int step) const noexcept override;
  void Work();
  bool HasMore() const { return wanted.any_new() || wanted.any_known(); }

  const PostOffice& office;
  const int shard;
  ShardPost post;
  Resolver& resolver;
  Loop& loop;
  HostCache own;
  HostCache borrowed;
  WantedThings<Wanted, HostReceiver> wanted;
  int outstanding = 0;
  HostStats stats;
  DirectoryTurns<State> turns;
};

HostDirectory::State::State(PostOffice& the_office, int shard_number,
                            int64_t bytes, Resolver& the_resolver,
                            Loop& the_loop)
    : office(the_office),
      shard(shard_number),
      post(the_office, shard_number, the_loop),
      resolver(the_resolver),
      loop(the_loop),
      own(bytes, office.seed()),
      borrowed(std::min(bytes / 8, kMostBorrowed), office.seed()),
      turns(*this, loop) {}

void HostDirectory::State::Find(NameView name, HostWaiter waiter) {
  const uint64_t hash = name.Hash(office.seed());
  const auto tag = static_cast<uint32_t>(hash);
  const uint32_t slot = wanted.Want(tag, waiter);
  Wanted& host = wanted[slot];
  host.name = host.end = Name(name);
  host.owner = office.OwnerOf(hash);
  CacheFor(host).Fetch(tag);
}

void HostDirectory::State::LookUp() {
  wanted.LookUp([](const Wanted& a,
                   const Wanted& b) { return a.name.view() == b.name.view(); },
                [this](uint32_t slot) { LookUpOne(slot); });
}

void HostDirectory::State::LookUpOne(uint32_t slot) {
  Wanted& host = wanted[slot];
  if (Load(host)) {
    if (host.first.receiver != nullptr) ++stats.cache_hits;
    return wanted.Known(slot);
  }
  if (host.owner == shard) return Ask(slot);
  const Host asked{host.name, host.name, {}, {}};
  uint8_t* const body = post.Ask(host.owner, slot, PackedHost::SizeOf(asked));
  reinterpret_cast<PackedHost*>(body)->Pack(asked);
}

// Fills it from what is known already; false when nothing is.
bool HostDirectory::State::Load(Wanted& host) {
  Host found;
  if (!CacheFor(host).Find(host.tag, host.name, loop.now(), found))
    return false;
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
  own.Insert(host.tag, host.view(), loop.now());
  Complete(slot);
}

void HostDirectory::State::Foresee(uint64_t token, int step) const noexcept {
  const Wanted& host = wanted[static_cast<uint32_t>(token / 2)];
  if (step == 0) return FetchMemory(&host, kWantedOctets);
  __builtin_prefetch(host.addresses.a.data());
  __builtin_prefetch(host.addresses.aaaa.data());
  if (step == 1) own.Fetch(host.tag);  // Where it goes once all is in.
  if (host.first.receiver != nullptr) {
    host.first.receiver->Foresee(host.first.token, step - 1);
  }
}

void HostDirectory::State::Complete(uint32_t slot) {
  const Host host = wanted[slot].view();
  wanted.Settle(slot, [&](const HostWaiter& waiter) { Deliver(waiter, host); });
}

void HostDirectory::State::Deliver(const HostWaiter& waiter, const Host& host) {
  if (waiter.receiver != nullptr) {
    --outstanding;
    return waiter.receiver->OnHost(waiter.token, host);
  }
  uint8_t* const body =
      post.Reply(waiter.shard, waiter.ticket, PackedHost::SizeOf(host));
  reinterpret_cast<PackedHost*>(body)->Pack(host);
}

void HostDirectory::State::Read(Mail& mail) {
  auto& packed = *reinterpret_cast<PackedHost*>(mail.body());
  if (mail.is_reply == 0) {
    HostWaiter waiter;
    waiter.shard = static_cast<int>(mail.from);
    waiter.ticket = mail.ticket;
    return Find(packed.name(), waiter);
  }
  Wanted& host = wanted[mail.ticket];
  Host found;
  packed.Unpack(host.addresses, found);
  host.end = Name(found.end);
  host.a = found.a;
  host.aaaa = found.aaaa;
  borrowed.Insert(host.tag, host.view(), loop.now());
  Complete(mail.ticket);
}

void HostDirectory::State::Work() {
  post.ReadAll([this](Mail& mail) { Read(mail); });
  LookUp();
  wanted.SettleKnown(
      [this](uint32_t slot, int step) { Foresee(uint64_t{slot} * 2, step); },
      [this](uint32_t slot) { Complete(slot); });
  LookUp();
}

HostDirectory::HostDirectory(PostOffice& office, int shard, int64_t cache_bytes,
                             Resolver& resolver, Loop& loop)
    : state_(std::make_unique<State>(office, shard, cache_bytes, resolver,
                                     loop)) {}

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
  stats.messages = state_->post.sent();
  stats.cache_entries = static_cast<int64_t>(state_->own.size());
  return stats;
}

}  // namespace mxscan
