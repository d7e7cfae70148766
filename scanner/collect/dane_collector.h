// Asks for the TLSA records of each exchange that has an address (RFC 7672
// §2.2.3), once per run, at _25._tcp of the exchange's own name; provided that
// the upstreams validate, for only then an answer without AD says something.

#pragma once

#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/dane_facts.h"

namespace mxscan {

class DaneCollector final : public Collector {
 public:
  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  // Nobody asks for the TLSA records of a host whose addresses could be forged.
  bool Matters(int part) const override {
    return hosts_[part].secure_addresses;
  }
  void Fill(CheckFacts& facts) const override;

 private:
  void FindHosts(const std::vector<ExchangeFacts>& exchanges);

  bool asked_ = false;
  bool secure_mx_ = false;
  bool complete_ = true;
  std::vector<DaneHost> hosts_;
  std::vector<std::string> names_;  // What the hosts' names point to.
  std::vector<bool> seen_;          // By ExchangeFacts::host.
};

}  // namespace mxscan
