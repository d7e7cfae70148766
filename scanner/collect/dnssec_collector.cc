#include "scanner/collect/dnssec_collector.h"

#include <algorithm>

namespace mxscan {
namespace {

// RFC 8914: bogus, expired, not yet valid, without keys, signatures or zone key
// bit, without NSEC.
bool SaysBogus(uint16_t extended_error) {
  return (extended_error >= 6 && extended_error <= 10) || extended_error == 12;
}

bool SaysBogus(const AnswerHeader& how) {
  const auto* const codes = how.extended_errors.data();
  return std::any_of(codes, codes + how.extended_error_count,
                     [](uint16_t code) { return SaysBogus(code); });
}

}  // namespace

void DnssecCollector::Begin(const CheckSubject& subject,
                            CheckLookups& lookups) {
  suspects_.clear();
  bogus_.clear();
  asked_ = subject.upstreams_validate;
  if (!asked_) return;
  CheckMx(subject, lookups);
  CheckHosts(subject, lookups);
}

void DnssecCollector::CheckMx(const CheckSubject& subject,
                              CheckLookups& lookups) {
  const std::optional<AnswerHeader>& how = subject.facts.how;
  if (!how || how->outcome != Outcome::kServFail) return;
  if (SaysBogus(*how)) return bogus_.push_back({});
  AskUnchecked(subject.domain, RrType::kMx, {}, lookups);
}

void DnssecCollector::CheckHosts(const CheckSubject& subject,
                                 CheckLookups& lookups) {
  for (const ExchangeFacts& exchange : subject.facts.exchanges) {
    if (!exchange.servfail) continue;
    const std::optional<Name> host = Name::FromText(exchange.exchange);
    if (!host) continue;
    const std::string_view text = exchange.exchange;
    if (exchange.a_unknown) AskUnchecked(*host, RrType::kA, text, lookups);
    if (exchange.aaaa_unknown) {
      AskUnchecked(*host, RrType::kAaaa, text, lookups);
    }
  }
}

void DnssecCollector::AskUnchecked(NameView name, RrType type,
                                   std::string_view text,
                                   CheckLookups& lookups) {
  if (suspects_.size() > CheckLookups::kMaxPart) return;
  lookups.AskUnchecked(name, type, static_cast<int>(suspects_.size()));
  suspects_.push_back({Name(name), type, std::string(text)});
}

// Asked as others want it too, that is anew: of what is this domain's alone a
// failure would be remembered.
void DnssecCollector::OnAnswer(int part, const Answer& answer,
                               CheckLookups& lookups) {
  Suspect& suspect = suspects_[static_cast<size_t>(part)];
  if (suspect.is_there) {
    const bool again = answer.outcome() == Outcome::kServFail;
    if (again) bogus_.push_back(suspect.text);
    return;
  }
  suspect.is_there =
      IsDefinitive(answer.outcome()) && answer.outcome() != Outcome::kLoop;
  if (suspect.is_there) lookups.AskShared(suspect.name, suspect.type, part);
}

void DnssecCollector::Fill(CheckFacts& facts) const {
  if (asked_) facts.dnssec = DnssecFacts{bogus_};
}

}  // namespace mxscan
