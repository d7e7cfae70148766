#include "resolver/shard_post.h"

#include <algorithm>
#include <cassert>

namespace mxscan {
namespace {

// A shard that has not come up yet is tried again this soon.
constexpr Nanos kSoon = std::chrono::milliseconds(1);

}  // namespace

ShardPost::ShardPost(PostOffice& office, int shard, Loop& loop)
    : office_(office),
      shard_(static_cast<uint32_t>(shard)),
      outboxes_(office.mailboxes_.size()) {
  assert(office_.mailboxes_[shard] == nullptr);
  office_.mailboxes_[shard] = std::make_unique<PostOffice::Box>(loop);
  office_.published_[shard].store(office_.mailboxes_[shard].get(),
                                  std::memory_order_release);
  loop.AddTurnHook(*this, TurnPhase::kSend);
}

uint8_t* ShardPost::Append(int shard, Mail mail, size_t octets) {
  ++sent_;
  unsent_ = true;
  std::vector<uint8_t>& batch = outboxes_[shard];
  mail.size = static_cast<uint32_t>((sizeof(Mail) + octets + 7) / 8 * 8);
  const size_t at = batch.size();
  batch.resize(at + mail.size);
  auto& placed = *reinterpret_cast<Mail*>(&batch[at]);
  placed = mail;
  return placed.body();
}

Nanos ShardPost::OnTurn(Nanos now) noexcept {
  Nanos wake = Nanos::max();
  if (!unsent_) return wake;
  unsent_ = false;
  for (size_t i = 0; i < outboxes_.size(); ++i) {
    if (outboxes_[i].empty()) continue;
    auto* const mailbox = office_.published_[i].load(std::memory_order_acquire);
    if (mailbox != nullptr) {
      mailbox->Post(outboxes_[i]);
    } else {
      unsent_ = true;
      wake = now + kSoon;
    }
  }
  return wake;
}

}  // namespace mxscan
