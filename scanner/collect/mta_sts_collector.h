// Asks, of domains that take mail, for the record that announces an MTA-STS
// policy (RFC 8461 §3.1) and, where there is one, for the host of the policy.

#pragma once

#include <optional>
#include <string>

#include "scanner/collect/collector.h"
#include "scanner/collect/mta_sts_facts.h"

namespace mxscan {

class MtaStsCollector final : public Collector {
 public:
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void OnHost(int part, const Host& host, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  Name domain_;
  TxtSet txt_;
  std::string host_name_;
  std::optional<MtaStsFacts> facts_;  // Points into the two above.
};

}  // namespace mxscan
