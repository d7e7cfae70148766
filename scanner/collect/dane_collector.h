// Asks for the TLSA records of each exchange that has an address (RFC 7672
// §2.2.3), once per run, at _25._tcp of its name; provided that the upstreams
// validate, for only then an answer without AD says something.
//
// Where the exchange is an alias, and its whole chain is validated, the records
// stand at the chain's end, and only without validated ones there at the
// exchange's own name (RFC 7672 §2.2.2). A lookup that fails at the end is what
// is said of the exchange, for senders must not go on to the other name. A
// chain of which any part is not validated is not looked behind: AD is one for
// all of it, and does not say which.

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
  // Where the records of a host may stand, the first place first.
  struct Places {
    std::string target;  // The end of its chain; empty once that is settled.
    std::string own;
  };

  void FindHosts(const std::vector<ExchangeFacts>& exchanges);
  void AskNext(size_t i, CheckLookups& lookups);

  bool asked_ = false;
  bool secure_mx_ = false;
  bool complete_ = true;
  std::vector<DaneHost> hosts_;
  std::vector<Places> places_;  // Of hosts_, whose names point here.
  std::vector<bool> seen_;      // By ExchangeFacts::host.
};

}  // namespace mxscan
