#include "resolver/pacing/send_window.h"

#include <algorithm>

namespace mxscan {
namespace {

// Before the first sample: 128 leave within five milliseconds.
constexpr std::chrono::nanoseconds kFirstInterval =
    std::chrono::microseconds(50);
constexpr int kSmallestBurst = 32;
// A loop that slept wakes this late; what is due by then leaves together.
constexpr std::chrono::nanoseconds kCoarseness = std::chrono::milliseconds(2);

constexpr int kShortestPeriod = 100;    // Attempts.
constexpr double kToleratedLoss = .05;  // Beyond twice the usual.
constexpr double kHeavyLoss = .5;
constexpr double kShrink = .7;
constexpr int kAnswersPerGrowth = 8;

}  // namespace

SendWindow::SendWindow(int largest)
    : largest_(largest),
      size_(std::min(kFirst, largest)),
      pacer_(kFirstInterval, kSmallestBurst) {}

void SendWindow::OnSent(Nanos now) {
  ++in_flight_;
  pacer_.Take(now);
}

void SendWindow::OnAnswer(bool first_try, Nanos smoothed_round_trip) {
  if (2 * in_flight_ >= size_) Grow();  // Otherwise it proves nothing.
  --in_flight_;
  if (first_try) Count(/*lost=*/false);
  SetPace(smoothed_round_trip);
}

void SendWindow::OnSilence(bool first_try) {
  --in_flight_;
  if (first_try) Count(/*lost=*/true);
}

void SendWindow::Grow() {
  if (!starting_ && ++answers_since_growth_ < kAnswersPerGrowth) return;
  answers_since_growth_ = 0;
  size_ = std::min(size_ + 1, largest_);
}

void SendWindow::Count(bool lost) {
  ++counted_;
  if (lost) ++lost_;
  if (counted_ < std::max(kShortestPeriod, size_)) return;
  Judge(static_cast<double>(lost_) / counted_);
  counted_ = 0;
  lost_ = 0;
}

void SendWindow::Judge(double lost_share) {
  const double bearable =
      std::min(2 * usual_loss_ + kToleratedLoss, kHeavyLoss);
  // What is usual is forgotten slowly upwards, at once downwards.
  usual_loss_ = std::min(lost_share, usual_loss_ * 1.02 + .001);
  if (lost_share <= bearable) return;
  starting_ = false;
  size_ = std::max(
      {static_cast<int>(size_ * kShrink), std::min(kSmallest, largest_), 1});
}

void SendWindow::SetPace(Nanos smoothed_round_trip) {
  const Nanos interval = std::max(smoothed_round_trip / (2 * size_), Nanos(1));
  const auto due = static_cast<int>(kCoarseness / interval);
  const int burst =
      std::clamp(due, kSmallestBurst, std::max(kSmallestBurst, size_ / 4));
  pacer_.SetPace(interval, burst);
}

}  // namespace mxscan
