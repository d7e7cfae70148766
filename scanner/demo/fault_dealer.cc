#include "scanner/demo/fault_dealer.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace mxscan {
namespace {

// A limit lets through this much at once after a rest.
constexpr double kBurstSeconds = 0.02;

absl::string_view Key(NameView name) {
  return {reinterpret_cast<const char*>(name.bytes().data()),
          name.bytes().size()};
}

double ToUnit(uint64_t hash) {
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

bool IsActive(const FaultRule& rule, Nanos now) {
  if (now < rule.from || now >= rule.until) return false;
  return rule.every == Nanos(0) || (now - rule.from) % rule.every < rule.active;
}

bool IsFor(const FaultRule& rule, const Query& query, const Endpoint& server,
           Protocol protocol) {
  if (rule.type && *rule.type != query.type) return false;
  if (rule.protocol && *rule.protocol != protocol) return false;
  if (rule.edns && *rule.edns != query.edns) return false;
  if (rule.checking_disabled &&
      *rule.checking_disabled != query.checking_disabled) {
    return false;
  }
  if (rule.address && *rule.address != server.address) return false;
  if (rule.port != 0 && rule.port != server.port) return false;
  return !rule.name || query.name() == rule.name->view() ||
         (rule.below && query.name().IsAtOrBelow(*rule.name));
}

}  // namespace

FaultDealer::FaultDealer(std::vector<FaultRule> rules, uint64_t share_seed,
                         uint64_t seed)
    : share_seed_(share_seed), random_(seed) {
  for (FaultRule& rule : rules) {
    const int index = static_cast<int>(states_.size());
    if (rule.name && !rule.below) {
      by_name_[std::string(Key(*rule.name))].push_back(index);
    } else {
      general_.push_back(index);
    }
    states_.push_back({std::move(rule), 0, {}});
  }
}

FaultPlan FaultDealer::Deal(const Query& query, int server_index,
                            const Endpoint& server, Protocol protocol,
                            Nanos now) {
  FaultPlan plan;
  const auto consider = [&](const std::vector<int>& indices) {
    for (const int index : indices) {
      State& state = states_[index];
      if (!Holds(state, query, server, protocol, now)) continue;
      Apply(state, server_index, now, plan);
    }
  };
  if (!by_name_.empty()) {
    const auto found = by_name_.find(Key(query.name()));
    if (found != by_name_.end()) consider(found->second);
  }
  consider(general_);
  return plan;
}

bool FaultDealer::Holds(State& state, const Query& query,
                        const Endpoint& server, Protocol protocol, Nanos now) {
  const FaultRule& rule = state.rule;
  if (!IsActive(rule, now) || !IsFor(rule, query, server, protocol)) {
    return false;
  }
  if (rule.share < 1) {
    // The root is asked to see whether a server lives; it is no one's share.
    const uint64_t line = static_cast<uint64_t>(&state - states_.data());
    const uint64_t hash = query.name().Hash(share_seed_ + line);
    if (query.name().IsRoot() || ToUnit(hash) >= rule.share) return false;
  }
  if (rule.chance < 1 && !Chance(rule.chance)) return false;
  const int64_t match = state.matches++;
  return match >= rule.after &&
         (rule.times < 0 || match < rule.after + rule.times);
}

void FaultDealer::Apply(State& state, int server_index, Nanos now,
                        FaultPlan& plan) {
  const FaultRule& rule = state.rule;
  switch (rule.kind) {
    case FaultKind::kLimit:
      if (state.buckets.size() <= static_cast<size_t>(server_index)) {
        state.buckets.resize(server_index + 1);
      }
      if (Take(state.buckets[server_index], rule.qps, now)) return;
      if (rule.refuse) {
        plan.rcode = 5;
      } else {
        plan.Set(FaultKind::kDrop);
      }
      break;
    case FaultKind::kDelay: {
      Nanos delay = rule.delay;
      if (rule.jitter > Nanos(0)) {
        const double swing = 2 * ToUnit(random_()) - 1;
        delay += Nanos(static_cast<int64_t>(
            swing * static_cast<double>(rule.jitter.count())));
      }
      plan.delay += std::max(delay, Nanos(0));
      break;
    }
    case FaultKind::kForgeBlind: plan.forgeries = rule.count; break;
    case FaultKind::kRcode:
      if (plan.rcode >= 0) return;
      plan.rcode = rule.rcode;
      plan.extended_error = rule.extended_error;
      break;
    default: break;
  }
  plan.Set(rule.kind);
}

bool FaultDealer::Take(Bucket& bucket, double qps, Nanos now) {
  const double most = std::max(1.0, qps * kBurstSeconds);
  if (bucket.filled_at < Nanos(0)) {
    bucket.tokens = most;
  } else {
    const double seconds =
        std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens = std::min(most, bucket.tokens + seconds * qps);
  }
  bucket.filled_at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool FaultDealer::Chance(double chance) { return ToUnit(random_()) < chance; }

}  // namespace mxscan
