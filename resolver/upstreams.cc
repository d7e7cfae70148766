#include "resolver/upstreams.h"

#include <algorithm>

namespace mxscan {
namespace {

// With hundreds of upstreams a good one is enough; the best is not sought.
constexpr int kEnoughCandidates = 8;
constexpr int kBestRank = 2;

}  // namespace

Upstream::Upstream(const Endpoint& endpoint, Nanos first_timeout, int window,
                   int shards)
    : endpoint_(endpoint),
      round_trip_(first_timeout),
      governor_(window, shards) {}

Upstream::Ticket Upstream::OnSent(Nanos now, Protocol protocol,
                                  bool first_try) {
  ++sent_;
  using Try = RateGovernor::Try;
  if (protocol == Protocol::kTcp) return governor_.OnSent(now, Try::kOverTcp);
  return governor_.OnSent(now, first_try ? Try::kFirst : Try::kLater);
}

void Upstream::OnProbeSent() {
  ++sent_;
  health_.OnProbeSent();
}

void Upstream::OnReply(Nanos now, Nanos rtt, Said said, Ticket ticket) {
  if (rtt >= Nanos(0)) {
    round_trip_.Sample(rtt);
    round_trips_us_.Add(rtt / std::chrono::microseconds(1));
  }
  health_.OnAnswer();
  switch (said) {
    case Said::kAnswer: governor_.OnAnswer(ticket, rtt); break;
    case Said::kRefused: governor_.OnRefused(ticket); break;
    case Said::kRefusedAgain: governor_.OnWithdrawn(ticket); break;
  }
  CountAnswer(now);
}

void Upstream::CountAnswer(Nanos now) {
  ++answered_;
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second != this_second_) {
    this_second_ = second;
    answers_this_second_ = 0;
  }
  ++answers_this_second_;
  answers_best_second_ = std::max(answers_best_second_, answers_this_second_);
}

void Upstream::OnSilence(Nanos now, Protocol protocol) {
  // TCP's silence says nothing of the path that health watches.
  if (protocol == Protocol::kTcp) return;
  ++silent_;
  health_.OnSilence(now);
}

void Upstream::OnEdns(bool asked_with_edns) {
  if (asked_with_edns) {
    edns_ = Edns::kGood;
  } else if (edns_ == Edns::kUnknown) {
    edns_ = Edns::kBad;
  }
}

void Upstream::FillStats(ResolverStats::Upstream& stats) const {
  stats.endpoint = endpoint_;
  stats.sent = sent_;
  stats.answered = answered_;
  stats.silent = silent_;
  stats.rtt_p50_us = round_trips_us_.Quantile(.50);
  stats.rtt_p95_us = round_trips_us_.Quantile(.95);
  stats.rtt_p99_us = round_trips_us_.Quantile(.99);
  stats.peak_rate = static_cast<double>(answers_best_second_);
  stats.refused = refused_;
  stats.failed = failed_;
  stats.outs = health_.outs();
  stats.changes_case = !mixed_case();
  stats.without_edns = !edns();
  stats.rewrites = rewrites_;
  stats.out = !health_.usable();
  stats.rate = governor_.rate();
  stats.wait = round_trip_.TimeoutAfter(0);
}

Upstreams::Upstreams(absl::Span<const Endpoint> endpoints, Nanos first_timeout,
                     int window, int shards) {
  all_.reserve(endpoints.size());
  for (const Endpoint& endpoint : endpoints) {
    all_.emplace_back(endpoint, first_timeout, window, shards);
  }
}

// 2: not asked yet; 1: asked, but not last; 0: asked last.
int Upstreams::Rank(int i, const Asked& asked) const {
  if (!asked.Has(i)) return kBestRank;
  return i == asked.last ? 0 : 1;
}

int Upstreams::ChooseAmong(bool rewriters, Nanos now, const Asked& asked,
                           bool refused) {
  int best = kAllOut, best_rank = -1, candidates = 0;
  bool another_is_busy = false;
  int i = next_;
  for (int n = 0; n < size() && candidates < kEnoughCandidates; ++n) {
    i = i + 1 < size() ? i + 1 : 0;
    if (!all_[i].health().usable() || all_[i].rewrites() != rewriters) continue;
    if (best == kAllOut) best = kNoRoom;
    if (!all_[i].governor().MaySend(now) || !all_[i].share().Ready(now)) {
      another_is_busy |= !asked.Has(i);
      continue;
    }
    const int rank = Rank(i, asked);
    if (rank == kBestRank) ++candidates;
    const bool better = rank == best_rank && all_[i].governor().free() >
                                                 all_[best].governor().free();
    if (rank > best_rank || better) {
      best = i;
      best_rank = rank;
    }
  }
  if (refused && another_is_busy && best_rank < kBestRank) return kNoRoom;
  if (best >= 0) next_ = best;
  return best;
}

void Upstreams::SetCeilings(const RateCeilings& ceilings, Nanos epoch) {
  capped_ = true;
  for (int i = 0; i < size(); ++i) {
    all_[i].SetCeiling(ceilings.of(static_cast<size_t>(i)), epoch);
  }
}

void Upstreams::EndTurn() {
  if (!capped_) return;
  for (Upstream& upstream : all_) upstream.share().EndTurn();
}

void Upstreams::OnLocalDrop(Nanos now) {
  for (Upstream& upstream : all_) upstream.OnLocalDrop(now);
}

void Upstreams::Tick(Nanos now) {
  for (Upstream& upstream : all_) upstream.Tick(now);
}

Upstreams::Nanos Upstreams::RoomAt() const {
  Nanos at = Nanos::max();
  for (const Upstream& upstream : all_) {
    if (!upstream.health().usable()) continue;
    const RateGovernor& governor = upstream.governor();
    at = std::min(at, std::max(governor.free() > 0 ? governor.ready_at()
                                                   : governor.tick_at(),
                               upstream.share().ready_at()));
  }
  return at;
}

bool Upstreams::AnyUsable() const {
  return std::any_of(all_.begin(), all_.end(), [](const Upstream& upstream) {
    return upstream.health().usable();
  });
}

bool Upstreams::EverAnswered() const {
  return std::any_of(all_.begin(), all_.end(), [](const Upstream& upstream) {
    return upstream.health().ever_answered();
  });
}

Upstreams::Nanos Upstreams::NextProbeAt() const {
  Nanos at = Nanos::max();
  for (const Upstream& upstream : all_) {
    at = std::min(at, upstream.health().probe_at());
  }
  return at;
}

}  // namespace mxscan
