// Asks, of domains that take mail, for the record that announces an MTA-STS
// policy (RFC 8461 §3.1); where there is one, for the host of the policy; and,
// where files may be fetched, for the policy (§3.3).

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/mta_sts_facts.h"
#include "scanner/policy/mta_sts.h"

namespace mxscan {

class MtaStsCollector final : public Collector {
 public:
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void OnHost(int part, const Host& host, CheckLookups& lookups) override;
  void OnFile(int part, const FetchAnswer& answer,
              CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  void Fetch(const Host& host, CheckLookups& lookups);

  Name domain_;
  TxtSet txt_;
  std::string host_name_;
  bool fetches_ = false;
  bool all_addresses_ = false;  // Those of the host are all known.
  std::vector<IpAddress> addresses_;
  std::string body_;
  std::optional<MtaStsPolicy> policy_;  // Points into body_.
  std::optional<MtaStsFacts> facts_;    // Points into what is above.
};

}  // namespace mxscan
