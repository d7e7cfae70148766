// Asks for the reverse names of the addresses of a domain's exchanges (PTR in
// in-addr.arpa and ip6.arpa, RFC 1035 §3.5 and RFC 3596 §2.5), and for the
// addresses of these names, which should lead back (RFC 1912 §2.1).
//
// Each address and each name is asked for once per run. A domain has at most
// kMaxAddresses of the one looked at, and an address kMaxNames of the other,
// as RFC 7208 §4.6.4 has it: whoever publishes more is not asked further.

#pragma once

#include <string>
#include <vector>

#include "scanner/collect/collector.h"
#include "scanner/collect/ptr_facts.h"

namespace mxscan {

// The name under which `address` has its PTR records, as text.
std::string ReverseName(const IpAddress& address);

class PtrCollector final : public Collector {
 public:
  static constexpr int kMaxAddresses = 32;
  static constexpr int kMaxNames = 10;

  void Begin(const CheckSubject& subject, CheckLookups& lookups) override;
  void OnAnswer(int part, const Answer& answer, CheckLookups& lookups) override;
  void OnHost(int part, const Host& host, CheckLookups& lookups) override;
  void Fill(CheckFacts& facts) const override;

 private:
  struct Reverse {
    IpAddress address;
    std::string exchange;
    bool known = false;
    int names = 0;
    bool is_confirmed = false;
    bool has_failed = false;  // A lookup that could have confirmed it.
    std::string name;
  };

  void TakeAddresses(const ExchangeFacts& exchange);

  std::vector<Reverse> reverses_;
  mutable std::vector<ReverseFacts> filled_;  // What Fill's views are of.
};

}  // namespace mxscan
