#include "scanner/collect/dane_collector.h"

#include <algorithm>

#include "scanner/collect/name_below.h"
#include "scanner/policy/tlsa.h"

namespace mxscan {
namespace {

Tlsa StateOf(const Answer& answer) {
  if (!IsDefinitive(answer.outcome()) || answer.outcome() == Outcome::kLoop) {
    return Tlsa::kUnknown;
  }
  Tlsa state = Tlsa::kNone;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    if (IsUsableTlsa(record.rdata)) return Tlsa::kUsable;
    state = Tlsa::kUnusable;
  }
  return state;
}

}  // namespace

void DaneCollector::Begin(const CheckSubject& subject, CheckLookups& lookups) {
  hosts_.clear();
  asked_ =
      subject.upstreams_validate && subject.facts.status == DomainStatus::kOk;
  if (!asked_) return;
  secure_mx_ = subject.facts.how && subject.facts.how->authenticated;
  FindHosts(subject.facts.exchanges);
  for (size_t i = 0; i < hosts_.size(); ++i) AskNext(i, lookups);
}

void DaneCollector::AskNext(size_t i, CheckLookups& lookups) {
  Places& places = places_[i];
  for (const std::string* place : {&places.target, &places.own}) {
    if (place->empty()) continue;
    const std::optional<Name> host = Name::FromText(*place);
    const std::optional<Name> name =
        host ? NameBelow("_25._tcp", *host) : std::nullopt;
    if (name)
      return lookups.AskShared(*name, RrType::kTlsa, static_cast<int>(i));
    if (place == &places.target) places.target.clear();
  }
  hosts_[i].tlsa = Tlsa::kNone;  // Every name is too long to have one.
}

// Each once, though it may stand there with several preferences.
void DaneCollector::FindHosts(const std::vector<ExchangeFacts>& exchanges) {
  complete_ = true;
  seen_.assign(exchanges.size(), false);
  places_.resize(std::max(places_.size(), exchanges.size()));
  for (const ExchangeFacts& exchange : exchanges) {
    const bool is_first = !seen_[exchange.host];
    seen_[exchange.host] = true;
    if (exchange.state == HostState::kFailed) complete_ = false;
    if (!is_first || exchange.state != HostState::kOk) continue;
    if (hosts_.size() > CheckLookups::kMaxPart) return;
    Places& places = places_[hosts_.size()];
    places.own = exchange.exchange;
    places.target.clear();
    if (exchange.secure_addresses) places.target = exchange.alias;
    hosts_.push_back(
        {.name = places.own, .secure_addresses = exchange.secure_addresses});
  }
}

void DaneCollector::OnAnswer(int part, const Answer& answer,
                             CheckLookups& lookups) {
  const auto i = static_cast<size_t>(part);
  DaneHost& host = hosts_[i];
  host.tlsa = StateOf(answer);
  host.secure_tlsa = answer.header().authenticated;
  const bool has_target = !places_[i].target.empty();
  places_[i].target.clear();
  if (!has_target || host.tlsa == Tlsa::kUnknown) return;
  if (host.tlsa == Tlsa::kNone || !host.secure_tlsa) AskNext(i, lookups);
}

void DaneCollector::Fill(CheckFacts& facts) const {
  if (asked_) facts.dane = DaneFacts{secure_mx_, complete_, hosts_};
}

}  // namespace mxscan
