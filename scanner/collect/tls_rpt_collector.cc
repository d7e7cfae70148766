#include "scanner/collect/tls_rpt_collector.h"

#include "scanner/collect/name_below.h"
#include "scanner/policy/tls_rpt.h"

namespace mxscan {

void TlsRptCollector::Begin(const CheckSubject& subject,
                            CheckLookups& lookups) {
  facts_.reset();
  if (!subject.TakesMail()) return;
  facts_.emplace();
  const std::optional<Name> name = NameBelow("_smtp._tls", subject.domain);
  if (name) return lookups.Ask(*name, RrType::kTxt, 0);
  facts_->known = true;
}

void TlsRptCollector::OnAnswer(int /*part*/, const Answer& answer,
                               CheckLookups& /*lookups*/) {
  txt_.Read(answer);
  facts_->known = txt_.known();
  for (const std::string_view text : txt_.records()) {
    if (!IsTlsRptRecord(text)) continue;
    if (facts_->records++ == 0 || text < facts_->text) facts_->text = text;
  }
  facts_->valid = facts_->records == 1 && IsValidTlsRpt(facts_->text);
}

void TlsRptCollector::Fill(CheckFacts& facts) const { facts.tls_rpt = facts_; }

}  // namespace mxscan
