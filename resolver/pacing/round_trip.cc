#include "resolver/pacing/round_trip.h"

#include <algorithm>

namespace mxscan {

RoundTrip::RoundTrip(Nanos first) : first_(first), wait_(first) {}

void RoundTrip::Sample(Nanos rtt) {
  if (rtt < Nanos(0)) return;
  rtt = std::max(rtt, Nanos(1));  // Zero stands for "no sample".
  times_.Add(rtt);
  if (unknown_for_ > 0) --unknown_for_;
  if (smoothed_ == Nanos(0)) {
    smoothed_ = rtt;
    variation_ = rtt / 2;
    return SetWait();
  }
  const Nanos error = rtt > smoothed_ ? rtt - smoothed_ : smoothed_ - rtt;
  variation_ += (error - variation_) / 4;
  smoothed_ = std::max(smoothed_ + (rtt - smoothed_) / 8, Nanos(1));
  if (!times_.knows() || ++samples_ >= kSamplesPerLook) SetWait();
}

void RoundTrip::SetWait() {
  samples_ = 0;
  const Nanos tail = times_.tail();
  Nanos wait = tail + tail / 4;
  if (!times_.knows()) wait = std::max(wait, nearly_all());
  wait_ =
      std::clamp(wait, std::min(first_, kShortest), std::max(first_, kLongest));
}

RoundTrip::Nanos RoundTrip::TimeoutAfter(int silences) const {
  Nanos wait = wait_;
  const Nanos limit = std::max(wait, first_);
  for (int i = 0; i < silences && wait < limit; ++i) wait += wait / 2;
  return std::min(wait, limit);
}

}  // namespace mxscan
