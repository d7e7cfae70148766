#include "resolver/pacing/health.h"

#include <algorithm>

namespace mxscan {

Health::Nanos Health::probe_at() const {
  if (state_ == State::kWell || probing_) return Nanos::max();
  return probe_at_;
}

void Health::OnAnswer() {
  ever_answered_ = true;
  state_ = State::kWell;
  probing_ = false;
  silences_ = 0;
  failed_probes_ = 0;
  rest_ = kFirstRest;
}

void Health::OnSilence(Nanos now) {
  if (state_ != State::kWell || ++silences_ < kSilencesToSuspect) return;
  state_ = State::kSuspected;
  probe_at_ = now;
}

void Health::OnUnreachable(Nanos now) {
  if (state_ == State::kOut) return;
  probing_ = false;
  Rest(now);
}

void Health::OnProbeFailed(Nanos now) {
  if (!probing_) return;  // It has been heard of since.
  probing_ = false;
  ++failed_probes_;
  if (state_ == State::kOut || failed_probes_ >= kProbesToCondemn) {
    return Rest(now);
  }
  probe_at_ = now;
}

void Health::Rest(Nanos now) {
  if (state_ != State::kOut && ever_answered_) ++outs_;
  state_ = State::kOut;
  probe_at_ = now + rest_;
  rest_ = std::min(2 * rest_, kLongestRest);
}

}  // namespace mxscan
