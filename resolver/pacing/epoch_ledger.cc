#include "resolver/pacing/epoch_ledger.h"

#include <algorithm>

namespace mxscan {
namespace {

using std::chrono::milliseconds;

constexpr EpochLedger::Nanos kShortestEpoch = milliseconds(10);
constexpr int kEpochsOfPatience = 16;
constexpr std::chrono::milliseconds kMemory(150);
// Replies overtake each other by so much even where the way is short.
constexpr EpochLedger::Nanos kDisorder = milliseconds(5);

}  // namespace

void EpochSum::Add(const Epoch& epoch) {
  if (sent == 0) began = epoch.began;
  ended = epoch.ended;
  rtt_sum += epoch.rtt_sum;
  sent += epoch.sent;
  counted += epoch.counted();
  lost += epoch.lost();
  good += epoch.good;
  timed += epoch.timed;
}

double EpochSum::rate() const {
  const double seconds = std::chrono::duration<double>(length()).count();
  return static_cast<double>(sent) / std::max(seconds, 1e-3);
}

double EpochSum::share() const {
  if (counted == 0) return 0;
  return static_cast<double>(lost) / static_cast<double>(counted);
}

EpochSum::Nanos EpochSum::mean_rtt() const {
  return rtt_sum / std::max<int64_t>(timed, 1);
}

EpochLedger::EpochLedger() : length_(kShortestEpoch) {}

// The epoch of what is sent now.
Epoch& EpochLedger::Newest(Nanos now) {
  Epoch& epoch = At(newest_);
  if (epoch.empty()) {
    epoch.began = now;
  } else if (now >= epoch.began + length_) {
    Roll(now);
  }
  return At(newest_);
}

EpochLedger::Ticket EpochLedger::OnSent(Nanos now, Try which) {
  Epoch& epoch = Newest(now);
  const bool counted = which != Try::kLater;
  ++open_;
  ++epoch.open;
  ++epoch.sent;
  epoch.over_tcp |= which == Try::kOverTcp;
  if (counted) ++epoch.first;
  return static_cast<Ticket>(newest_ << 1 | (counted ? 1 : 0));
}

// The attempt is open no more. Its epoch, or nullptr if that was judged.
Epoch* EpochLedger::Land(Ticket ticket) {
  const uint32_t number = NumberOf(ticket);
  if (number < oldest_ || number > newest_) return nullptr;
  Epoch& epoch = At(number);
  --open_;
  --epoch.open;
  return &epoch;
}

void EpochLedger::OnAnswer(Ticket ticket, Nanos rtt) {
  heard_ = true;
  Epoch* const epoch = Land(ticket);
  if (epoch == nullptr) return;
  heard_newest_ = std::max(heard_newest_, NumberOf(ticket));
  if (!IsCounted(ticket)) {
    ++epoch->later_good;
    return;
  }
  ++epoch->good;
  if (rtt < Nanos(0)) return;
  ++epoch->timed;
  epoch->rtt_sum += rtt;
}

void EpochLedger::OnRefused(Ticket ticket) {
  heard_ = true;
  Epoch* const epoch = Land(ticket);
  if (epoch == nullptr) return;
  heard_newest_ = std::max(heard_newest_, NumberOf(ticket));
  if (!IsCounted(ticket)) ++epoch->later_refused;
}

void EpochLedger::OnWithdrawn(Ticket ticket) {
  Epoch* const epoch = Land(ticket);
  if (epoch != nullptr && IsCounted(ticket)) ++epoch->gone;
}

uint32_t EpochLedger::BeginRound(Nanos now, uint32_t round) {
  round_ = round;
  if (!At(newest_).empty()) Roll(now);
  At(newest_).round = round;
  return newest_ - 1;
}

void EpochLedger::Roll(Nanos now) {
  At(newest_).ended = now;
  ++newest_;
  if (newest_ - oldest_ == kEpochs) open_ -= At(oldest_++).open;
  At(newest_) = Epoch();
  At(newest_).began = now;
  At(newest_).round = round_;
}

void EpochLedger::BeginTurn(Nanos now, const RoundTrip& round_trip) {
  timeout_ = round_trip.TimeoutAfter(0);
  SetPatience(now, round_trip);
  length_ = std::max(patience_ / kEpochsOfPatience, kShortestEpoch);
  if (heard_) {
    heard_ = false;
    heard_at_ = now;
    silent_ = 0;
  }
  const Epoch& newest = At(newest_);
  if (!newest.empty() && now >= newest.began + length_) Roll(now);
}

// A server that answers some from memory and some from afar has quick replies
// in runs, after which the slow ones look lost: what nearly all took is
// forgotten with time, not with a dozen quick replies.
void EpochLedger::SetPatience(Nanos now, const RoundTrip& round_trip) {
  const bool known = round_trip.nearly_all_known();
  const Nanos wanted = known ? round_trip.nearly_all() + kDisorder : timeout_;
  const double passed = std::min(
      1.0, std::chrono::duration<double>(now - patience_set_at_) / kMemory);
  const auto kept = std::chrono::duration_cast<Nanos>(patience_ * (1 - passed));
  patience_ = known && measured_ ? std::max(wanted, kept) : wanted;
  measured_ = known;
  patience_set_at_ = now;
}

const Epoch* EpochLedger::NextJudged(Nanos now) {
  while (oldest_ != newest_) {
    const Epoch& epoch = At(oldest_);
    const bool told =
        epoch.open == 0 || (evidence_ > oldest_ && now >= TellableAt(epoch));
    if (!told && now < GivenUpAt(epoch)) return nullptr;
    open_ -= epoch.open;
    ++oldest_;
    if (told && !epoch.empty()) return &epoch;
    if (!told && heard_at_ < epoch.began) silent_ += epoch.sent;
  }
  return nullptr;
}

void EpochLedger::ForgetSilence() {
  silent_ = 0;
  heard_at_ = Nanos(-1);
}

EpochLedger::Nanos EpochLedger::due_at() const {
  const Epoch& oldest = epochs_[oldest_ % kEpochs];
  if (oldest_ == newest_) {
    return !oldest.empty() ? oldest.began + length_ : Nanos::max();
  }
  return heard_newest_ > oldest_ ? TellableAt(oldest) : GivenUpAt(oldest);
}

}  // namespace mxscan
