// Inquiry is a question under way: who waits for its answer, whom it has been
// asked of, what was heard so far and what comes next. Plain state; what is
// done with it is resolver_core.h's.
//
// Inquiries, their waiters and their attempts live in Slots, which are handed
// out again and again: a warm resolver allocates nothing per question.

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "resolver/answer.h"
#include "resolver/engine.h"
#include "resolver/foresight.h"
#include "resolver/pacing/retry_policy.h"
#include "resolver/question.h"
#include "resolver/slots.h"
#include "resolver/upstreams.h"

namespace mxscan {

// Who asked.
struct Waiter {
  AnswerReceiver* receiver = nullptr;
  uint64_t token = 0;
  uint32_t next = kNoSlot;
};

// One sending, from Engine::Start to Engine::Release. It outlives its time-out,
// and replies of no use: a late or genuine one may still come.
struct LiveAttempt {
  AttemptId id{};
  uint32_t inquiry = kNoSlot;  // kNoSlot: a probe of the upstream's health.
  uint32_t next = kNoSlot;     // The inquiry's, newest first.
  int upstream = 0;
  AskedHow how;
  bool mixed_case = false;
  bool first_try = false;
  Upstream::Ticket ticket = Upstream::Ticket::kNone;
  Nanos sent_at{};         // Of a probe.
  bool waited_for = true;  // Neither replied to nor timed out yet.
  bool replied = false;
  bool absent_name = false;  // Asked to see who rewrites NXDOMAIN.
  bool takes_room = false;   // In a receive buffer, when the reply comes.
};

struct Inquiry {
  enum class Stage : uint8_t {
    kQueued,   // In one of the queues.
    kAsking,   // An attempt is waited for.
    kSettled,  // Answered while queued: the queue gives the slot back.
  };

  uint32_t tag = 0;
  Waiter first;  // Further ones in `first.next`.
  Stage stage = Stage::kQueued;
  bool begun = false;       // Counts in the window.
  bool on_chain = false;    // The builder stands at the end of a chain.
  uint32_t next = kNoSlot;  // In its queue.
  uint32_t live = kNoSlot;  // Its attempts.
  uint32_t builder = kNoSlot;

  // The name asked now, and the next attempt at it.
  struct Link {
    int same_server = Question::kAnyUpstream;  // The one to be asked again.
    Protocol protocol = Protocol::kUdp;
    bool without_edns = false;
    bool plain_case = false;
    Upstreams::Asked asked;
    Failures failures;
    int tries = 0;
  };
  Link link;

  int sendings = 0;
  int retries = 0;
  Nanos rest_until{};    // After a refusal, while it rests.
  Nanos set_aside_at{};  // When all upstreams were out, last,
  Nanos give_up_at{};    // Once all upstreams were out; 0: they never were.
  AnswerHeader heard;    // Outcome, server, protocol, time of the last reply.
  Question question;     // Last, for the same reason as its name is.

  // It is needed soon: all of it but the end of its name.
  void Fetch() const {
    constexpr size_t kMostNames = 32;
    FetchMemory(this, offsetof(Inquiry, question) + kMostNames);
  }
};

// First in, first out, by number; the links are in the inquiries.
class InquiryQueue {
 public:
  bool empty() const { return head_ == kNoSlot; }
  int size() const { return size_; }
  uint32_t front() const { return head_; }

  void Push(Slots<Inquiry>& all, uint32_t slot) {
    all[slot].next = kNoSlot;
    if (empty()) {
      head_ = slot;
    } else {
      all[tail_].next = slot;
    }
    tail_ = slot;
    ++size_;
  }

  uint32_t Pop(Slots<Inquiry>& all) {
    const uint32_t slot = head_;
    head_ = all[slot].next;
    --size_;
    return slot;
  }

  // Takes over all of `other`, behind what is here.
  void Append(Slots<Inquiry>& all, InquiryQueue& other) {
    if (other.empty()) return;
    if (empty()) {
      head_ = other.head_;
    } else {
      all[tail_].next = other.head_;
    }
    tail_ = other.tail_;
    other.head_ = kNoSlot;
  }

 private:
  uint32_t head_ = kNoSlot;
  uint32_t tail_ = kNoSlot;
  int size_ = 0;
};

}  // namespace mxscan
