#include "resolver/answer_directory.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "resolver/cache/recent_answers.h"
#include "resolver/foresight.h"
#include "resolver/wanted_things.h"

namespace mxscan {
namespace {

constexpr Nanos kFailureLife = std::chrono::seconds(30);
constexpr int64_t kSmallestCache = 64 << 10;
// Answers of other shards' are kept too, but few: the hot ones.
constexpr int64_t kMostBorrowed = 8 << 20;
// Room for a longer answer is given back when that has been delivered.
constexpr size_t kUsualWords = 512;

using Block = absl::Span<const uint8_t>;

// A question as it travels between shards; its name stands behind it.
struct AskedFor {
  RrType type;
  bool dnssec_ok;
  bool checking_disabled;
  uint8_t name_size;

  uint8_t* name() { return reinterpret_cast<uint8_t*>(this + 1); }
};

bool SameQuestion(const Question& a, const Question& b) {
  return a.type == b.type && a.dnssec_ok == b.dnssec_ok &&
         a.checking_disabled == b.checking_disabled &&
         a.name.view() == b.name.view();
}

using AnswerWaiter = ThingWaiter<AnswerReceiver>;

// A question on its way.
struct WantedAnswer {
  uint32_t tag = 0;
  int owner = 0;  // The shard that asks for it.
  AnswerWaiter first;
  std::vector<uint64_t> known;  // The block, where that was found in memory.
  size_t known_size = 0;
  Question question;

  void Keep(Block block) {
    known.resize((block.size() + 7) / 8);
    std::memcpy(known.data(), block.data(), block.size());
    known_size = block.size();
  }
  Answer answer() const {
    return Answer(
        Block(reinterpret_cast<const uint8_t*>(known.data()), known_size));
  }
};

// So much of it is read when an answer comes: all but the end of a long name.
constexpr size_t kWantedOctets = offsetof(WantedAnswer, question) + 64;

}  // namespace

struct AnswerDirectory::State final : AnswerReceiver {
  State(PostOffice& the_office, int shard_number, int64_t bytes,
        Resolver& the_resolver, Loop& the_loop);

  uint64_t HashOf(const Question& question) const;
  RecentAnswers& CacheFor(const WantedAnswer& answer) {
    return answer.owner == shard ? own : borrowed;
  }
  void Find(const Question& question, AnswerWaiter waiter);
  void LookUp();
  void LookUpOne(uint32_t slot);
  bool Load(WantedAnswer& answer);
  void SendQuestion(const WantedAnswer& answer, uint32_t slot);
  void Insert(const WantedAnswer& wanted_answer, const Answer& answer);
  void Complete(uint32_t slot, const Answer& answer);
  void Deliver(const AnswerWaiter& waiter, const Answer& answer);
  void Read(Mail& mail);
  void ReadQuestion(Mail& mail);
  void OnAnswer(uint64_t token, const Answer& answer) noexcept override;
  void Foresee(uint64_t token, int step) const noexcept override;
  void Work();
  bool HasMore() const { return wanted.any_new() || wanted.any_known(); }

  const PostOffice& office;
  const int shard;
  ShardPost post;
  Resolver& resolver;
  Loop& loop;
  RecentAnswers own;
  RecentAnswers borrowed;
  WantedThings<WantedAnswer, AnswerReceiver> wanted;
  int outstanding = 0;
  AnswerStats stats;
  DirectoryTurns<State> turns;
};

AnswerDirectory::State::State(PostOffice& the_office, int shard_number,
                              int64_t bytes, Resolver& the_resolver,
                              Loop& the_loop)
    : office(the_office),
      shard(shard_number),
      post(the_office, shard_number, the_loop),
      resolver(the_resolver),
      loop(the_loop),
      own(std::max(bytes, kSmallestCache)),
      borrowed(std::clamp(bytes / 8, kSmallestCache, kMostBorrowed)),
      turns(*this, loop) {}

// Of the flags nothing: a name asked for with and without is one shard's.
uint64_t AnswerDirectory::State::HashOf(const Question& question) const {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;  // Spreads small numbers.
  return question.name.view().Hash(office.seed()) ^
         static_cast<uint64_t>(question.type) * kOdd;
}

void AnswerDirectory::State::Find(const Question& question,
                                  AnswerWaiter waiter) {
  const uint64_t hash = HashOf(question);
  const uint32_t slot = wanted.Want(static_cast<uint32_t>(hash), waiter);
  WantedAnswer& answer = wanted[slot];
  answer.question = question;
  // Shared and remembered here, not by the resolver as well.
  answer.question.cacheable = false;
  answer.owner = office.OwnerOf(hash);
  CacheFor(answer).Fetch(answer.tag);
}

void AnswerDirectory::State::LookUp() {
  wanted.LookUp(
      [](const WantedAnswer& a, const WantedAnswer& b) {
        return SameQuestion(a.question, b.question);
      },
      [this](uint32_t slot) { LookUpOne(slot); });
}

void AnswerDirectory::State::LookUpOne(uint32_t slot) {
  WantedAnswer& answer = wanted[slot];
  if (Load(answer)) {
    if (answer.first.receiver != nullptr) ++stats.cache_hits;
    return wanted.Known(slot);
  }
  if (answer.owner != shard) return SendQuestion(answer, slot);
  ++stats.asked;
  resolver.Ask(answer.question, *this, slot);
}

// Takes the answer from what is known already; false when nothing is.
bool AnswerDirectory::State::Load(WantedAnswer& answer) {
  const Block block =
      CacheFor(answer).Find(answer.tag, answer.question, loop.now());
  if (block.empty()) return false;
  answer.Keep(block);
  return true;
}

void AnswerDirectory::State::SendQuestion(const WantedAnswer& answer,
                                          uint32_t slot) {
  const Question& question = answer.question;
  const Block name = question.name.view().bytes();
  uint8_t* const body =
      post.Ask(answer.owner, slot, sizeof(AskedFor) + name.size());
  auto& asked = *reinterpret_cast<AskedFor*>(body);
  asked = {question.type, question.dnssec_ok, question.checking_disabled,
           static_cast<uint8_t>(name.size())};
  std::memcpy(asked.name(), name.data(), name.size());
}

void AnswerDirectory::State::Insert(const WantedAnswer& wanted_answer,
                                    const Answer& answer) {
  const Nanos until =
      IsDefinitive(answer.outcome()) ? Nanos::max() : loop.now() + kFailureLife;
  CacheFor(wanted_answer)
      .Insert(wanted_answer.tag, wanted_answer.question, answer.block(), until);
}

void AnswerDirectory::State::OnAnswer(uint64_t token,
                                      const Answer& answer) noexcept {
  const auto slot = static_cast<uint32_t>(token);
  Insert(wanted[slot], answer);
  Complete(slot, answer);
}

void AnswerDirectory::State::Foresee(uint64_t token, int step) const noexcept {
  const WantedAnswer& answer = wanted[static_cast<uint32_t>(token)];
  if (step == 0) return FetchMemory(&answer, kWantedOctets);
  __builtin_prefetch(answer.known.data());
  if (answer.first.receiver != nullptr) {
    answer.first.receiver->Foresee(answer.first.token, step - 1);
  }
}

void AnswerDirectory::State::Complete(uint32_t slot, const Answer& answer) {
  wanted.Settle(slot,
                [&](const AnswerWaiter& waiter) { Deliver(waiter, answer); });
  // Nobody has the slot yet.
  std::vector<uint64_t>& block = wanted[slot].known;
  if (block.capacity() > kUsualWords) block = std::vector<uint64_t>();
}

void AnswerDirectory::State::Deliver(const AnswerWaiter& waiter,
                                     const Answer& answer) {
  if (waiter.receiver != nullptr) {
    --outstanding;
    return waiter.receiver->OnAnswer(waiter.token, answer);
  }
  const Block block = answer.block();
  std::memcpy(post.Reply(waiter.shard, waiter.ticket, block.size()),
              block.data(), block.size());
}

void AnswerDirectory::State::Read(Mail& mail) {
  if (mail.is_reply == 0) return ReadQuestion(mail);
  const Answer answer(Block(mail.body(), mail.size - sizeof(Mail)));
  Insert(wanted[mail.ticket], answer);
  Complete(mail.ticket, answer);
}

void AnswerDirectory::State::ReadQuestion(Mail& mail) {
  auto& asked = *reinterpret_cast<AskedFor*>(mail.body());
  Question question;
  question.type = asked.type;
  question.dnssec_ok = asked.dnssec_ok;
  question.checking_disabled = asked.checking_disabled;
  question.name = Name(NameView::Trusted({asked.name(), asked.name_size}));
  AnswerWaiter waiter;
  waiter.shard = static_cast<int>(mail.from);
  waiter.ticket = mail.ticket;
  Find(question, waiter);
}

void AnswerDirectory::State::Work() {
  post.ReadAll([this](Mail& mail) { Read(mail); });
  LookUp();
  wanted.SettleKnown(
      [this](uint32_t slot, int step) { Foresee(slot, step); },
      [this](uint32_t slot) { Complete(slot, wanted[slot].answer()); });
  LookUp();
}

AnswerDirectory::AnswerDirectory(PostOffice& office, int shard,
                                 int64_t cache_bytes, Resolver& resolver,
                                 Loop& loop)
    : state_(std::make_unique<State>(office, shard, cache_bytes, resolver,
                                     loop)) {}

AnswerDirectory::~AnswerDirectory() = default;

void AnswerDirectory::Ask(const Question& question, AnswerReceiver& receiver,
                          uint64_t token) {
  ++state_->stats.wanted;
  ++state_->outstanding;
  AnswerWaiter waiter;
  waiter.receiver = &receiver;
  waiter.token = token;
  state_->Find(question, waiter);
}

int AnswerDirectory::outstanding() const { return state_->outstanding; }

AnswerStats AnswerDirectory::stats() const {
  AnswerStats stats = state_->stats;
  stats.messages = state_->post.sent();
  return stats;
}

}  // namespace mxscan
