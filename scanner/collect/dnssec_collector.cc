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
  names_.clear();
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
  lookups.AskUnchecked(subject.domain, RrType::kMx, 0);
  names_.emplace_back();
}

void DnssecCollector::CheckHosts(const CheckSubject& subject,
                                 CheckLookups& lookups) {
  for (const ExchangeFacts& exchange : subject.facts.exchanges) {
    if (!exchange.servfail) continue;
    const std::string name(exchange.exchange);
    if (exchange.a_unknown) Ask(name, RrType::kA, lookups);
    if (exchange.aaaa_unknown) Ask(name, RrType::kAaaa, lookups);
  }
}

void DnssecCollector::Ask(const std::string& name, RrType type,
                          CheckLookups& lookups) {
  const std::optional<Name> host = Name::FromText(name);
  if (!host || names_.size() > CheckLookups::kMaxPart) return;
  lookups.AskUnchecked(*host, type, static_cast<int>(names_.size()));
  names_.push_back(name);
}

void DnssecCollector::OnAnswer(int part, const Answer& answer,
                               CheckLookups& /*lookups*/) {
  const bool is_there =
      IsDefinitive(answer.outcome()) && answer.outcome() != Outcome::kLoop;
  if (is_there) bogus_.push_back(names_[part]);
}

void DnssecCollector::Fill(CheckFacts& facts) const {
  if (asked_) facts.dnssec = DnssecFacts{bogus_};
}

}  // namespace mxscan
