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
  for (size_t i = 0; i < hosts_.size(); ++i) {
    const std::optional<Name> host = Name::FromText(hosts_[i].name);
    const std::optional<Name> name =
        host ? NameBelow("_25._tcp", *host) : std::nullopt;
    if (name) {
      lookups.AskShared(*name, RrType::kTlsa, static_cast<int>(i));
    } else {
      hosts_[i].tlsa = Tlsa::kNone;
    }
  }
}

// Each once, though it may stand there with several preferences.
void DaneCollector::FindHosts(const std::vector<ExchangeFacts>& exchanges) {
  complete_ = true;
  seen_.assign(exchanges.size(), false);
  names_.resize(std::max(names_.size(), exchanges.size()));
  for (const ExchangeFacts& exchange : exchanges) {
    const bool is_first = !seen_[exchange.host];
    seen_[exchange.host] = true;
    if (exchange.state == HostState::kFailed) complete_ = false;
    if (!is_first || exchange.state != HostState::kOk) continue;
    if (hosts_.size() > CheckLookups::kMaxPart) return;
    std::string& name = names_[hosts_.size()];
    name = exchange.exchange;
    hosts_.push_back(
        {.name = name, .secure_addresses = exchange.secure_addresses});
  }
}

void DaneCollector::OnAnswer(int part, const Answer& answer,
                             CheckLookups& /*lookups*/) {
  hosts_[part].tlsa = StateOf(answer);
  hosts_[part].secure_tlsa = answer.header().authenticated;
}

void DaneCollector::Fill(CheckFacts& facts) const {
  if (asked_) facts.dane = DaneFacts{secure_mx_, complete_, hosts_};
}

}  // namespace mxscan
