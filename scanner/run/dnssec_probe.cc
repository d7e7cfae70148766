#include "scanner/run/dnssec_probe.h"

#include <algorithm>
#include <utility>

namespace mxscan {

DnssecProbe::DnssecProbe(const ProbeNames& names, size_t upstreams,
                         std::function<void()> when_over)
    : names_(names),
      when_over_(std::move(when_over)),
      passed_(2 * upstreams, false) {}

// A token is twice the upstream's number, plus one for the broken name.
void DnssecProbe::Begin(Resolver& resolver, Loop& loop) {
  loop.AddTurnHook(*this);
  due_ = loop.now() + kPatience;
  awaited_ = passed_.size();
  for (size_t token = 0; token < passed_.size(); ++token) {
    Question question;
    question.type = RrType::kSoa;
    question.cacheable = false;
    question.upstream = static_cast<int>(token / 2);
    question.name = token % 2 == 0 ? names_.sound : names_.broken;
    resolver.Ask(question, *this, token);
  }
}

void DnssecProbe::OnAnswer(uint64_t token, const Answer& answer) noexcept {
  if (over()) return;
  const bool is_sound = token % 2 == 0;
  passed_[token] = is_sound ? answer.outcome() == Outcome::kAnswer &&
                                  answer.header().authenticated
                            : answer.outcome() == Outcome::kServFail;
  if (--awaited_ == 0) End();
}

Nanos DnssecProbe::OnTurn(Nanos now) noexcept {
  if (over()) return Nanos::max();
  if (now < due_) return due_;
  End();
  return Nanos::max();
}

void DnssecProbe::End() {
  validates_ = first_failing() < 0;
  over_.store(true, std::memory_order_release);
  when_over_();
}

int DnssecProbe::first_failing() const {
  const auto failed = std::ranges::find(passed_, false);
  if (failed == passed_.end()) return -1;
  return static_cast<int>((failed - passed_.begin()) / 2);
}

}  // namespace mxscan
