// Asks for the record that says where reports on TLS are to go (RFC 8460 §3),
// of domains that take mail.

#pragma once

#include <optional>

#include "scanner/collect/collector.h"
#include "scanner/collect/tls_rpt_facts.h"

namespace mxscan {

class TlsRptCollector final : public Collector {
 public:
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  TxtSet txt_;
  std::optional<TlsRptFacts> facts_;  // Points into txt_.
};

}  // namespace mxscan
