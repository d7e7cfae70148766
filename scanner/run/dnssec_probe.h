// DnssecProbe finds out, before the first domain is begun, whether the
// upstreams validate: each is asked for the SOA of a name that is soundly
// signed, whose answer must carry AD, and for that of a name whose signatures
// are broken, which must be SERVFAIL. Only if every upstream passes both, an
// answer without AD is one that is not signed.
//
// One shard carries it out, with its own resolver. It is over when all are
// answered, or after kPatience, who has said nothing by then being taken for
// one that does not validate.
//
// Begin, OnAnswer and OnTurn belong to that shard's thread; over() to any. The
// rest may be read by whoever has seen over() say true.

#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "resolver/answer.h"
#include "resolver/net/loop.h"
#include "resolver/resolver.h"
#include "scanner/plan.h"

namespace mxscan {

class DnssecProbe final : TurnHook, AnswerReceiver {
 public:
  static constexpr Nanos kPatience = std::chrono::seconds(5);

  // Of that many upstreams. `when_over` is called once, on the shard's thread.
  // All must outlive this, and this the loop it is begun with.
  DnssecProbe(const ProbeNames& names, size_t upstreams,
              std::function<void()> when_over);

  // Nobody is asked: nobody validates.
  void Skip() { over_.store(true, std::memory_order_release); }

  void Begin(Resolver& resolver, Loop& loop);

  bool over() const { return over_.load(std::memory_order_acquire); }

  // Every upstream does.
  bool validates() const { return validates_; }
  // The first upstream that does not, by its number; -1 when all do.
  int first_failing() const;

 private:
  void OnAnswer(uint64_t token, const Answer& answer) noexcept override;
  Nanos OnTurn(Nanos now) noexcept override;
  void End();

  const ProbeNames& names_;
  const std::function<void()> when_over_;
  std::vector<bool> passed_;  // By probe, two for each upstream.
  size_t awaited_ = 0;
  Nanos due_{};
  bool validates_ = false;
  std::atomic<bool> over_{false};
};

}  // namespace mxscan
